using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Operators;

/// <summary>The contracts that an operator works with.</summary>
/// <param name="addressOf">Where a contract of the suite is.</param>
public sealed class MarketContracts(Func<string, Address> addressOf)
{
    /// <summary>The token that is staked.</summary>
    public JejuTokenContract Jeju => new(addressOf("JejuToken"));

    /// <summary>Operators, their nodes and the stake on them.</summary>
    public DelegatedNodeStakingContract Staking => new(addressOf("DelegatedNodeStaking"));

    /// <summary>Which stake backs which service.</summary>
    public MultiServiceStakeManagerContract StakeManager => new(addressOf("MultiServiceStakeManager"));

    /// <summary>The provider nodes.</summary>
    public DWSProviderRegistryContract ProviderRegistry => new(addressOf("DWSProviderRegistry"));

    /// <summary>Offers and orders.</summary>
    public ExternalChainProviderContract Orders => new(addressOf("ExternalChainProvider"));
}

/// <summary>The chain, the contracts and one account that acts on them.</summary>
/// <param name="Chain">The settlement chain.</param>
/// <param name="Contracts">The contracts.</param>
/// <param name="Account">The account.</param>
/// <param name="SendAsync">Sends calls of the account in one go; none, when there are none.</param>
public sealed record MarketAccess(
    ChainClient Chain, MarketContracts Contracts, Address Account, Func<IReadOnlyList<ContractCall>, CancellationToken, Task> SendAsync);
