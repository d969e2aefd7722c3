using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>Something that must be in a set of a contract.</summary>
/// <param name="Id">Its key in the set.</param>
/// <param name="Name">What it is, for people.</param>
/// <param name="Add">Puts it in.</param>
public sealed record PlannedMember(Bytes32 Id, string Name, ContractCall Add);

/// <summary>What an event says of a set.</summary>
/// <param name="Id">The key in the set.</param>
/// <param name="Name">What it is, for people.</param>
/// <param name="IsIncluded">Whether it was put in, or taken out.</param>
/// <param name="Remove">Takes it out.</param>
public sealed record SetChange(Bytes32 Id, string Name, bool IsIncluded, ContractCall Remove);

/// <summary>
/// A set that a contract keeps as a mapping: only its events tell everything that is in it, also what nobody planned.
/// </summary>
/// <param name="Subject">What its members are, for people: <c>place</c>.</param>
/// <param name="Topic">The event of every change.</param>
/// <param name="Read">Reads one.</param>
/// <param name="Members">What must be in it, and nothing else.</param>
public sealed record PlannedSet(string Subject, Bytes32 Topic, Func<ChainLog, SetChange> Read, IReadOnlyList<PlannedMember> Members)
{
    /// <summary>The role that may change it; the administrator where absent.</summary>
    public string? Role { get; init; }

    /// <summary>An upper bound of what putting one member in costs.</summary>
    public ulong Gas { get; init; } = 90_000;

    /// <summary>Whether planned members are settings of their own, read from a view; then this set only finds the others.</summary>
    public bool FindsOthersOnly { get; init; }
}

/// <summary>A value that a contract does not give away by a view, but by an event at each change.</summary>
/// <param name="Subject">What it is, for people.</param>
/// <param name="Topic">The event.</param>
/// <param name="Read">Reads it, for people.</param>
/// <param name="Expected">The planned value, for people.</param>
/// <param name="Initial">The value without any event.</param>
/// <param name="Apply">Sets it.</param>
public sealed record PlannedAnnouncement(
    string Subject, Bytes32 Topic, Func<ChainLog, string> Read, string Expected, string Initial, ContractCall Apply);
