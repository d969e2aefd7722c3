using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>
/// Signs of life of the chain, one in every minute in which a node may be failing: without them nobody can tell later whether it was silent or the
/// chain stood still, unless another node was in time. They cannot be given afterwards. One watcher's is enough for all.
/// </summary>
/// <param name="pipeline">Sends them; its account pays the gas.</param>
/// <param name="marketFacts">The contract.</param>
internal sealed class LifeSigns(TransactionPipeline pipeline, Address marketFacts)
{
    /// <summary>How many seconds before its end a failure is judged by.</summary>
    public const ulong JudgedSeconds = 3600;

    private const ulong SecondsPerMinute = 60;

    // An estimate is made without a gas price, which the contract takes for a transaction that was forced in, and refuses.
    private const ulong Gas = 100_000;

    private readonly MarketFactsContract _facts = new(marketFacts);

    /// <summary>Gives this minute's, where nobody has.</summary>
    /// <param name="now">The chain's seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether one was sent.</returns>
    public async Task<bool> GiveAsync(ulong now, CancellationToken cancellationToken)
    {
        if (await pipeline.Chain.QueryAsync(_facts.HasSignOfLife(now / SecondsPerMinute), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await pipeline.SendAsync(_facts.GiveSignOfLife() with { GasLimit = Gas }, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
