using Jeju.Infra.Core;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

/// <summary>Tags, and what only a development machine may do.</summary>
public sealed class NetworkRuleTests
{
    private const string AllTags = """{"tags":{"project":"p","stack":"s","owner":"o","cost":"c"}}""";

    [Fact]
    public void A_provider_without_all_four_tags_is_refused() => Assert.Equal(
        ["aws: defaultTags lack owner, cost."],
        new PlanOfResources().With("pulumi:providers:aws", "aws", Of(("defaultTags", """{"tags":{"project":"p","stack":"s"}}"""))).Refusals("JEJU0908"));

    [Fact]
    public void A_resource_of_the_default_provider_is_refused() => Assert.Equal(
        ["vpc: It uses the default provider, which gives no tags."],
        new PlanOfResources().With("aws:ec2/vpc:Vpc", "vpc", Empty).Refusals("JEJU0908"));

    [Fact]
    public void Machines_that_a_template_makes_carry_the_tags_themselves() => Assert.Equal(
        ["machines: tagSpecifications.tags lack project, stack, owner, cost."],
        new PlanOfResources()
            .With("pulumi:providers:aws", "aws", Of(("defaultTags", AllTags)))
            .With("aws:ec2/launchTemplate:LaunchTemplate", "machines", Empty, provider: "aws")
            .Refusals("JEJU0908"));

    [Fact]
    public void Resources_of_a_tagging_provider_pass() => Assert.Empty(
        new PlanOfResources()
            .With("pulumi:providers:aws", "aws", Of(("defaultTags", AllTags)))
            .With("aws:ec2/vpc:Vpc", "vpc", Empty, provider: "aws")
            .With("pulumi:providers:gcp", "gcp", Of(("defaultLabels", """{"project":"p","stack":"s","owner":"o","cost":"c"}""")))
            .With("gcp:sql/databaseInstance:DatabaseInstance", "data",
                Of(("settings", Of(("userLabels", Of(("project", "p"), ("stack", "s"), ("owner", "o"), ("cost", "c")))))), provider: "gcp")
            .Refusals("JEJU0908"));

    [Theory]
    [InlineData("0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "Anvil's account 0")]
    [InlineData("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80", "the key of Anvil's account 0")]
    [InlineData("test test test test test test test test test test test junk", "Anvil's mnemonic")]
    public void A_key_that_everybody_knows_is_refused_be_it_secret_or_not(string value, string meaning) => Assert.Equal(
        [$"thing: owner holds {meaning}, which everybody knows.", $"thing: hidden holds {meaning}, which everybody knows."],
        new PlanOfResources().With("jeju:index:Thing", "thing", Of(("owner", value), ("hidden", new PropertySecret(value)))).Refusals("JEJU0910").Order().Reverse());

    [Fact]
    public void An_attestation_that_proves_nothing_is_refused() => Assert.Equal(
        ["agent: attestation simulates the attestation.", "agent: simulated simulates the attestation."],
        new PlanOfResources().With("jeju:index:ProviderAgent", "agent", Of(("attestation", "simulated"), ("simulated", true))).Refusals("JEJU0910"));

    [Fact]
    public void A_development_machine_may_do_both() => Assert.Empty(
        new PlanOfResources { Network = NetworkProfile.Localnet }
            .With("jeju:index:LocalChain", "chain", Of(("owner", "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266"), ("attestation", "simulated")))
            .Refusals("JEJU0910"));

    [Fact]
    public void A_key_of_ones_own_passes() => Assert.Empty(
        new PlanOfResources()
            .With("jeju:index:Thing", "thing", Of(("owner", "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"), ("attestation", "sev-snp"), ("signer", Of(("type", "environment"), ("key", "JEJU_KEY")))))
            .Refusals("JEJU0910"));
}
