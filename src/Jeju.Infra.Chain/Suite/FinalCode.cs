using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>
/// Contracts whose administrator has disabled upgrades. A plan that gives one of them other code is refused before it sends anything: half of it
/// would be done when the contract refuses.
/// </summary>
public static class FinalCode
{
    /// <summary>Which of some contracts have their upgrades disabled. One that is older than that switch, or not there, is none of them.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="contracts">The contracts' proxies.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public static async Task<IReadOnlySet<Address>> FindAsync(ChainClient chain, IReadOnlyList<Address> contracts, CancellationToken cancellationToken)
    {
        IReadOnlyList<Answer?> answers = await chain.TryQueryAsync(
            [.. contracts.Select(contract => Answer.Query(new GovernedContract(contract).UpgradesDisabled()))], cancellationToken).ConfigureAwait(false);
        return contracts.Where((_, index) => answers[index] is { IsYes: true }).ToHashSet();
    }

    /// <summary>The refusal of a plan that gives such a contract other code.</summary>
    /// <param name="what">Which contracts, and what they run.</param>
    /// <param name="remedy">The way out.</param>
    /// <returns>JEJU0410.</returns>
    public static InfraException Refusal(string what, string remedy) =>
        new(new ErrorCode(410), $"The plan gives other code to what has its upgrades disabled for ever: {what}.", remedy, FailureKind.Refused);

    private sealed record Answer(bool IsYes)
    {
        internal static ContractQuery<Answer> Query(ContractQuery<bool> query) =>
            new(query.To, query.Data, query.Description, data => new Answer(query.Decode(data)));
    }
}
