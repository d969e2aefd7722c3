using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Stacks.Settings;

namespace Jeju.Infra.Stacks;

/// <summary>The whole network on one machine: a chain, the contracts, a provider node with its agent, and the services ordered from it.</summary>
internal static class LocalnetStack
{
    public static IDictionary<string, object?> Define(LocalnetSettings settings)
    {
        var chain = new LocalSettlement("chain", new LocalSettlementArgs { Port = settings.ChainPort, BlockTime = settings.BlockTime });

        return new Dictionary<string, object?>
        {
            ["chain"] = new Dictionary<string, object?> { ["endpoint"] = chain.Endpoint, ["chainId"] = chain.ChainId, ["genesisHash"] = chain.GenesisHash },
        };
    }
}
