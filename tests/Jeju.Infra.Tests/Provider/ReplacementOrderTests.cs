using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Provider;

/// <summary>What holds something that only one can hold must be gone before its replacement can exist.</summary>
public sealed class ReplacementOrderTests
{
    private static readonly PropertyMap Suite = PropertyMap.Of(
        ("endpoint", "http://127.0.0.1:8545"), ("chainId", "31337"), ("deployer", "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"));

    private static readonly PropertyMap Signer = PropertyMap.Of(("type", "environment"), ("key", "OPERATOR_KEY"));

    /// <summary>The stake of a staking node backs one provider node: with two at once, the second registration is refused for want of stake.</summary>
    [Fact]
    public async Task A_provider_node_leaves_before_the_one_that_replaces_it_takes_its_stake()
    {
        IResourceHandler handler = ResourceHandlers.All(Checkout.Layout, TimeProvider.System, _ => null).Single(handler => handler.Token == "jeju:index:ProviderNode");
        ResourceContext context = new("urn:pulumi:localnet::jeju-infra::jeju:index:ProviderNode::node", null, new SilentLog());
        PropertyMap olds = PropertyMap.Of(
            ("suite", Suite),
            ("signer", Signer),
            ("stakingNodeId", "0x" + new string('1', 64)),
            ("endpoint", "http://127.0.0.1:4030"),
            ("region", "local"),
            ("agent", "0x15d34aaf54267db7d7c367839aaf71a00a2c6a65"),
            ("offers", PropertyList.From([])));

        DiffOutcome outcome = await handler.DiffAsync(context, "0x" + new string('2', 64), olds, olds, olds.With("region", "eu"), CancellationToken.None);

        Assert.True(Assert.Single(outcome.Differences).Replaces);
        Assert.True(outcome.DeleteBeforeReplace);
    }
}
