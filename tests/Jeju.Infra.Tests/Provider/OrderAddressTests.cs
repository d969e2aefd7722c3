using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Provider.Handlers;

namespace Jeju.Infra.Tests.Provider;

public sealed class OrderAddressTests
{
    private const string Order = "0x00000000000000000000000000000000000000000000000000000000000000aa";
    private const string Deployer = "0x00000000000000000000000000000000000000bb";

    [Fact]
    public void An_address_reads_what_it_writes() =>
        Assert.Equal($"{Order}@http://127.0.0.1:8545@{Deployer}", OrderAddress.Parse($"{Order}@http://127.0.0.1:8545@{Deployer}").ToString());

    /// <summary>Pulumi imports to where it is told: an order beside its component is one that the program does not have, and the next `up` ends it.</summary>
    [Theory]
    [InlineData(
        "jeju:marketplace:OrderedService$jeju:index:ProvisionedNode", " --parent 'parent=urn:pulumi:localnet::jeju-infra::jeju:marketplace:OrderedService::cache'")]
    [InlineData(
        "a:b:Outer$jeju:marketplace:OrderedService$jeju:index:ProvisionedNode",
        " --parent 'parent=urn:pulumi:localnet::jeju-infra::a:b:Outer$jeju:marketplace:OrderedService::cache'")]
    [InlineData("jeju:index:ProvisionedNode", "")]
    public void The_import_that_is_named_puts_the_order_where_the_program_has_it(string type, string parent)
    {
        ResourceContext context = new($"urn:pulumi:localnet::jeju-infra::{type}::cache", null, new SilentLog());

        string command = OrderAddress.Parse($"{Order}@http://127.0.0.1:8545@{Deployer}").ImportCommand("jeju:index:ProvisionedNode", context);

        Assert.Equal($"pulumi import jeju:index:ProvisionedNode cache {Order}@http://127.0.0.1:8545@{Deployer}{parent}", command);
    }

    /// <summary>What an import brings is checked, and pulumi calls inputs that fail a bug of the plugin.</summary>
    [Fact]
    public void An_order_of_a_development_account_comes_with_a_signer_that_passes_its_check()
    {
        ChainIdentity localnet = new(ChainId.Anvil, Bytes32.Zero);

        ProvisionedNodeInputs inputs = OrderAddress.Parse($"{Order}@http://127.0.0.1:8545@{Deployer}").ToInputs(OrderOf(AnvilAccounts.Consumer.Address), localnet);
        ProvisionedNodeInputs others = OrderAddress.Parse($"{Order}@http://127.0.0.1:8545@{Deployer}").ToInputs(OrderOf(Address.Parse(Deployer)), localnet);

        Assert.Empty(inputs.Signer.FindProblems(ChainId.Anvil));
        Assert.Equal("consumer", inputs.Signer.Key);
        Assert.Equal(Address.Parse(Deployer), others.Signer.Address);
    }

    private static ExternalChainProviderTypes.Order OrderOf(Address consumer)
    {
        Bytes32 zero = Bytes32.Zero;
        return new ExternalChainProviderTypes.Order(
            Bytes32.Parse(Order), ExternalChainProviderTypes.OrderState.Ready, consumer, zero, 1, Bytes32.FromName("redis"), zero, zero, false, false, false, default, zero, zero,
            22000, 1, zero, zero, 20000, 0, 0, 0, 0, 0, default, 20000, 0, 0, 0, []);
    }

    [Theory]
    [InlineData(Order)]
    [InlineData($"{Order}@http://127.0.0.1:8545")]
    [InlineData($"0x12@http://127.0.0.1:8545@{Deployer}")]
    [InlineData($"{Order}@nowhere@{Deployer}")]
    public void Anything_else_is_refused_with_the_form(string text)
    {
        var error = Assert.Throws<InfraException>(() => OrderAddress.Parse(text));

        Assert.Equal(FailureKind.Usage, error.Kind);
        Assert.Contains("<order>@<endpoint>@<deployer>", error.Remedy, StringComparison.Ordinal);
    }
}
