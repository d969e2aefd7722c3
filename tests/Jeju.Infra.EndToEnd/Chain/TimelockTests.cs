using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Administration with a delay: what <c>up</c> schedules, what it waits for, and what it asks of a Safe.</summary>
public sealed class TimelockTests : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromHours(1);
    private static readonly AnvilAccount Safe = AnvilAccounts.All[7];
    private static readonly AnvilAccount Guardian = AnvilAccounts.All[6];
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-timelock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [FoundryFact]
    public async Task Upgrade_IsScheduled_WaitedFor_AndExecutedByALaterRun_WithItsDataKept()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuiteSettings settings = Settings(AnvilAccounts.Deployer.Address);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        SuiteDeploymentResult deployed = await ApplyAsync(settings, pipeline, FoundryFactAttribute.Layout);
        Assert.True(deployed.Inspection.IsAsPlanned, string.Join('\n', deployed.Inspection.Deviations));
        RepositoryLayout changed = await ChangeCodeAsync("Treasury");

        SuiteDeploymentResult scheduled = await ApplyAsync(settings, pipeline, changed);
        SuiteDeploymentResult waiting = await ApplyAsync(settings, pipeline, changed);

        // Placing the code and scheduling the switch to it.
        Assert.Equal(2, scheduled.Transactions);
        PendingAdministration pending = Assert.Single(scheduled.Pending);
        ulong now = (await anvil.Client.GetLatestBlockAsync(CancellationToken.None)).Timestamp;
        Assert.InRange(pending.ExecutableAt!.Value, now + (ulong)Delay.TotalSeconds - 60, now + (ulong)Delay.TotalSeconds);
        Assert.Equal(0, waiting.Transactions);
        Assert.Equal(pending.ExecutableAt, Assert.Single(waiting.Pending).ExecutableAt);
        Assert.Equal("implementation", Assert.Single(waiting.Inspection.Deviations).Subject);

        await PassAsync(anvil, Delay);
        SuiteDeploymentResult executed = await ApplyAsync(settings, pipeline, changed);
        SuiteDeploymentResult again = await ApplyAsync(settings, pipeline, changed);

        Assert.Equal(1, executed.Transactions);
        Assert.True(executed.Inspection.IsAsPlanned, string.Join('\n', executed.Inspection.Deviations));
        Assert.Equal(0, again.Transactions);
        TreasuryTypes.Split split = await anvil.Client.QueryAsync(
            new TreasuryContract(executed.Inspection.Addresses["Treasury"]).CurrentSplit(), CancellationToken.None);
        Assert.Equal(new TreasuryTypes.Split(10_000, 0, 0, 0), split);
    }

    [FoundryFact]
    public async Task ChangeThatComesLater_DoesNotMakeTheFirstOneWaitAgain()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuiteSettings settings = Settings(AnvilAccounts.Deployer.Address);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        await ApplyAsync(settings, pipeline, FoundryFactAttribute.Layout);
        SuiteSettings first = settings with { Regions = ["local", "moon"] };
        await ApplyAsync(first, pipeline, FoundryFactAttribute.Layout);
        await PassAsync(anvil, Delay / 2);
        SuiteSettings second = first with { JejuPerDollar = 20 };
        await ApplyAsync(second, pipeline, FoundryFactAttribute.Layout);
        await PassAsync(anvil, Delay / 2);

        SuiteDeploymentResult half = await ApplyAsync(second, pipeline, FoundryFactAttribute.Layout);
        await PassAsync(anvil, Delay / 2);
        SuiteDeploymentResult whole = await ApplyAsync(second, pipeline, FoundryFactAttribute.Layout);

        // A region is a place of the CDN, one of the proxy network, and a region of the node rewards.
        Assert.Equal(3, half.Transactions);
        Assert.Equal("compensation rate", Assert.Single(half.Inspection.Deviations).Subject);
        Assert.True(whole.Inspection.IsAsPlanned, string.Join('\n', whole.Inspection.Deviations));
    }

    [FoundryFact]
    public async Task Safe_IsToldExactlyWhatToSend_AndTheRunGoesOnWhenItDid()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuiteSettings settings = Settings(Safe.Address);
        TransactionPipeline deployer = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        TransactionPipeline safe = await anvil.OpenPipelineAsync(Safe);
        await ApplyAsync(settings, deployer, FoundryFactAttribute.Layout);
        SuiteSettings changed = settings with { JejuPerDollar = 25 };

        SuiteDeploymentResult asked = await ApplyAsync(changed, deployer, FoundryFactAttribute.Layout);
        await SendAsync(safe, Assert.Single(asked.Pending));
        SuiteDeploymentResult waiting = await ApplyAsync(changed, deployer, FoundryFactAttribute.Layout);
        await PassAsync(anvil, Delay);
        SuiteDeploymentResult due = await ApplyAsync(changed, deployer, FoundryFactAttribute.Layout);
        await SendAsync(safe, Assert.Single(due.Pending));
        SuiteDeploymentResult done = await ApplyAsync(changed, deployer, FoundryFactAttribute.Layout);

        Assert.Equal(0, asked.Transactions + waiting.Transactions + due.Transactions + done.Transactions);
        Assert.Null(Assert.Single(waiting.Pending).Proposal);
        Assert.NotNull(Assert.Single(waiting.Pending).ExecutableAt);
        Assert.True(done.Inspection.IsAsPlanned, string.Join('\n', done.Inspection.Deviations));
        Assert.Empty(done.Pending);
    }

    [FoundryFact]
    public async Task Guardian_MayPauseAndNothingElse()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline deployer = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        SuiteDeploymentResult deployed = await ApplyAsync(Settings(Safe.Address), deployer, FoundryFactAttribute.Layout);
        TransactionPipeline guardian = await anvil.OpenPipelineAsync(Guardian);
        DWSBillingContract billing = new(deployed.Inspection.Addresses["DWSBilling"]);
        GovernedContract governed = new(billing.Address);
        Bytes32 action = (await anvil.Client.QueryAsync(governed.PausableActions(), CancellationToken.None))[0];

        await guardian.SendAsync(governed.PauseAction(action), CancellationToken.None);

        SuiteDeploymentResult found = await ApplyAsync(Settings(Safe.Address), deployer, FoundryFactAttribute.Layout);
        Assert.Equal($"action {action.ToName()}", Assert.Single(found.Inspection.Deviations).Subject);
        foreach (ContractCall forbidden in new[] { governed.ResumeAction(action), billing.SetProtocolFee(1), governed.GrantRole(Bytes32.Zero, Guardian.Address) })
        {
            InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => guardian.SendAsync(forbidden, CancellationToken.None));
            Assert.IsType<ContractErrors.AccessControlUnauthorizedAccount>(Assert.IsType<ContractRevertException>(refusal.InnerException).Revert.Error);
        }
    }

    private static SuiteSettings Settings(Address proposer) => SuiteSettings.Localnet with
    {
        Network = NetworkProfile.Localnet with { TimelockDelay = Delay },
        Proposer = proposer,
        Guardian = Guardian.Address,
    };

    private static async Task<SuiteDeploymentResult> ApplyAsync(SuiteSettings settings, TransactionPipeline pipeline, RepositoryLayout layout)
    {
        SuitePlan plan = await SuitePlan.CreateAsync(settings, new ContractArtifacts(layout), CancellationToken.None);
        return await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);
    }

    /// <summary>As the Safe does it: the address and the bytes that were printed, and nothing else.</summary>
    private static async Task SendAsync(TransactionPipeline safe, PendingAdministration pending)
    {
        ContractCall proposal = pending.Proposal!;
        Assert.True(proposal.Value.IsZero);
        await safe.SendAsync(new ContractCall(proposal.To, proposal.Data, "Safe"), CancellationToken.None);
    }

    private static async Task PassAsync(TestAnvil anvil, TimeSpan time)
    {
        await anvil.RpcAsync("evm_increaseTime", (ulong)time.TotalSeconds);
        await anvil.RpcAsync("evm_mine");
    }

    /// <summary>Compiled contracts of which one has another creation code, as after a change in its source.</summary>
    private async Task<RepositoryLayout> ChangeCodeAsync(string contract)
    {
        RepositoryLayout changed = new(_folder);
        IEnumerable<string> names = SuitePlan.ContractNames(NetworkProfile.Localnet).Concat(SuitePlan.StatelessContractNames(NetworkProfile.Localnet))
            .Append("SuiteFactory").Append("SuiteProxy");
        foreach (string name in names)
        {
            string target = Path.Combine(changed.ContractArtifactsFolder, $"{name}.sol", $"{name}.json");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(FoundryFactAttribute.Layout.ContractArtifactsFolder, $"{name}.sol", $"{name}.json"), target);
        }

        string file = Path.Combine(changed.ContractArtifactsFolder, $"{contract}.sol", $"{contract}.json");
        JsonNode artifact = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        artifact["bytecode"]!["object"] = artifact["bytecode"]!["object"]!.GetValue<string>() + "00";
        await File.WriteAllTextAsync(file, artifact.ToJsonString(new JsonSerializerOptions()));
        return changed;
    }
}
