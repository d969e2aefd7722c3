using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;

namespace Jeju.Infra.Cli.Chains;

/// <summary>Staking nodes as people name them.</summary>
internal static class StakingNodes
{
    /// <summary>The staking node of an id that is its own, or that of a provider node which it backs.</summary>
    /// <exception cref="InfraException">JEJU0837: the id is neither's.</exception>
    public static async Task<Bytes32> FindAsync(MarketAccess market, Bytes32 id, CancellationToken cancellationToken)
    {
        if (!(await market.Chain.QueryAsync(market.Contracts.Staking.OperatorOf(id), cancellationToken)).IsZero)
        {
            return id;
        }

        var node = await market.Chain.QueryAsync(market.Contracts.ProviderRegistry.Node(id), cancellationToken);
        return node.StakingNodeId.IsZero
            ? throw new InfraException(
                new ErrorCode(837), $"The chain knows no staking node and no provider node {id}.", "Name one as ./jeju outputs nodeId or ./jeju provider offers shows it.", FailureKind.Usage)
            : node.StakingNodeId;
    }
}
