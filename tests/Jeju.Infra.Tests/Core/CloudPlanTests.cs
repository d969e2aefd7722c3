using System.Text.Json;
using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Core;

public sealed class CloudPlanTests
{
    public static TheoryData<NetworkName, CloudName> Clouds { get; } = new()
    {
        { NetworkName.Testnet, CloudName.Aws },
        { NetworkName.Testnet, CloudName.Gcp },
        { NetworkName.Mainnet, CloudName.Aws },
        { NetworkName.Mainnet, CloudName.Gcp },
    };

    [Theory]
    [MemberData(nameof(Clouds))]
    public void EveryNodeGroupCanHoldItsMinimumAndIsLabelledInLowerCase(NetworkName network, CloudName cloud) =>
        Assert.All(NodeGroups.For(network, cloud), group =>
        {
            Assert.InRange(group.Minimum, 1, group.Maximum);
            Assert.Equal(group.Name.ToLowerInvariant(), group.Label.Value);
            Assert.Equal("workload", group.Label.Key);
            Assert.Equal(group.Name != "general", group.IsTainted);
        });

    [Theory]
    [MemberData(nameof(Clouds))]
    public void OnlyMainnetHasASequencerGroupAndItIsConfidential(NetworkName network, CloudName cloud)
    {
        NodeGroup[] sequencers = [.. NodeGroups.For(network, cloud).Where(group => group.Name == NodeGroups.Sequencer)];
        Assert.Equal(network == NetworkName.Mainnet ? 1 : 0, sequencers.Length);
        Assert.All(sequencers, group => Assert.True(group.Confidential));
    }

    [Theory]
    [MemberData(nameof(Clouds))]
    public void DatabaseParametersFitIntoItsMemory(NetworkName network, CloudName cloud)
    {
        DatabasePlan plan = DatabasePlan.For(network, cloud);
        int worstCase = plan.SharedBuffersMegabytes + (plan.MaximumConnections * plan.WorkMemoryMegabytes);
        Assert.True(worstCase <= plan.MemoryMegabytes, $"{worstCase} MB of {plan.MemoryMegabytes} MB");
        Assert.InRange(plan.BackupDays, 1, 35);
        Assert.Equal(network == NetworkName.Mainnet, plan is { Replica: true, DeletionProtection: true });
    }

    [Theory]
    [InlineData("*", "arn:aws:s3:::bucket")]
    [InlineData("s3:*", "*")]
    [InlineData("s3:GetObject", "*")]
    public void AStatementThatAllowsTooMuch_IsRefused(string action, string resource)
    {
        InfraException error = Assert.Throws<InfraException>(() => new IamPolicyDocument(new IamStatement("Read", [action], [resource])));
        Assert.Equal("JEJU0720", error.Code.ToString());
        Assert.Equal(FailureKind.Refused, error.Kind);
    }

    [Fact]
    public void ADenialMayBeAsWideAsItLikes() =>
        Assert.NotEmpty(new IamPolicyDocument(new IamStatement("DenyPlainHttp", ["*"], ["*"]) { Effect = "Deny" }).ToJson());

    [Fact]
    public void ConditionsWithOneKeyAreMerged()
    {
        IamPolicyDocument document = new(new IamStatement("Sign", ["kms:Sign"], ["arn:aws:kms:eu-west-1:1:key/a"])
        {
            Conditions = [("StringEquals", "kms:MessageType", "DIGEST"), ("StringEquals", "kms:SigningAlgorithm", "ECDSA_SHA_256")],
        });
        using JsonDocument json = JsonDocument.Parse(document.ToJson());
        JsonElement equals = json.RootElement.GetProperty("Statement")[0].GetProperty("Condition").GetProperty("StringEquals");
        Assert.Equal("DIGEST", equals.GetProperty("kms:MessageType").GetString());
        Assert.Equal("ECDSA_SHA_256", equals.GetProperty("kms:SigningAlgorithm").GetString());
    }
}
