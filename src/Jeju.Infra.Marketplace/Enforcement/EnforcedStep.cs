using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Enforcement;

/// <summary>What is done about a failure, in the order in which it is done.</summary>
public enum EnforcementAct
{
    /// <summary>An order that nobody serves is ended: its consumer has back what was not served, and a node that never became ready can be recorded.</summary>
    End,

    /// <summary>A failure that the marketplace's records prove becomes a fact.</summary>
    Record,

    /// <summary>A fact becomes a proposal to slash, which the operator may dispute.</summary>
    Propose,

    /// <summary>A proposal whose time for disputes is over is executed.</summary>
    Execute,

    /// <summary>The stake of a proposal that came to nothing is held back no longer.</summary>
    Release,
}

/// <summary>An amount of a token, for people.</summary>
/// <param name="Tokens">Whole tokens, in decimal.</param>
/// <param name="Symbol">The token's symbol.</param>
public sealed record TokenSum(string Tokens, string Symbol)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Tokens} {Symbol}";
}

/// <summary>Something that is due about a failure, or was done about it.</summary>
/// <param name="Act">What.</param>
/// <param name="Subject">The order for an end, the fact for a record, otherwise the proposal.</param>
/// <param name="NodeId">The node in the staking contract.</param>
/// <param name="Operator">Who answers for it.</param>
/// <param name="Failure">What the node did wrong, in words.</param>
/// <param name="Amount">
/// What is refunded, what the failed time would have cost, what is at stake, what was slashed, or what is free again; absent where only the
/// chain can tell, after the act.
/// </param>
/// <param name="Harmed">Whose money or loss it is; absent where nobody's.</param>
/// <param name="Compensation">What of the slashed stake is his.</param>
/// <param name="IsForgiven">Whether the proposal came to nothing at once: the operator is new.</param>
public sealed record EnforcedStep(
    EnforcementAct Act, Bytes32 Subject, Bytes32 NodeId, Address Operator, string Failure, TokenSum? Amount, Address? Harmed, TokenSum? Compensation,
    bool IsForgiven = false);

/// <summary>What one enforcement did, read back from the chain, or would do.</summary>
/// <param name="Done">What is done now, by this run or by somebody else during it; or what is due.</param>
/// <param name="Left">What was due and is not done, with the contract's reason, and what is paused; one line each.</param>
/// <param name="Transactions">How many transactions were sent; none where nothing was due, or where it was only asked for.</param>
public sealed record EnforcementResult(IReadOnlyList<EnforcedStep> Done, IReadOnlyList<string> Left, int Transactions);
