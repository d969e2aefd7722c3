using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>A role that somebody must hold.</summary>
/// <param name="Name">The role as the contract names it, <c>LESSOR_ROLE</c>.</param>
/// <param name="Holder">Who.</param>
public sealed record PlannedRole(string Name, Address Holder)
{
    /// <summary>The administrator's role in AccessControl.</summary>
    public const string Administrator = "DEFAULT_ADMIN_ROLE";

    /// <summary>The role's id on chain.</summary>
    public Bytes32 Id => IdOf(Name);

    /// <summary>The id of a role.</summary>
    public static Bytes32 IdOf(string name) => name == Administrator ? Bytes32.Zero : Keccak.Hash(name);
}

/// <summary>What a setting is on chain.</summary>
/// <param name="IsAsPlanned">Whether it is what the plan says.</param>
/// <param name="Found">Its value, for people.</param>
public sealed record SettingState(bool IsAsPlanned, string Found);

/// <summary>A value that a contract must hold: how to read it and how to set it.</summary>
/// <param name="Subject">What it is, for people.</param>
/// <param name="Expected">The planned value, for people.</param>
/// <param name="Read">Reads it. A refusal means that it was never set.</param>
/// <param name="Apply">Sets it.</param>
/// <param name="Role">The role that may set it; the administrator where absent.</param>
/// <param name="Gas">An upper bound of what setting it costs.</param>
public sealed record PlannedSetting(
    string Subject, string Expected, ContractQuery<SettingState> Read, ContractCall Apply, string? Role, ulong Gas)
{
    /// <summary>Whether the initializer already sets it, so that the first wiring need not.</summary>
    public bool HoldsFromStart { get; init; }

    /// <summary>A setting whose read value must equal the planned one.</summary>
    public static PlannedSetting Of<T>(
        string subject, T expected, ContractQuery<T> read, ContractCall apply, string? role = null, ulong gas = 150_000) =>
        new(
            subject,
            Text(expected),
            new ContractQuery<SettingState>(read.To, read.Data, read.Description, data =>
            {
                T found = read.Decode(data);
                return new SettingState(EqualityComparer<T>.Default.Equals(found, expected), Text(found));
            }),
            apply,
            role,
            gas);

    private static string Text<T>(T value) => value switch
    {
        null => "none",
        IFormattable formattable => formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}

/// <summary>One contract of the suite.</summary>
/// <param name="Name">The contract.</param>
/// <param name="Initializer">The encoded call that initializes its proxy; it may name any other contract's address.</param>
public sealed record PlannedContract(string Name, byte[] Initializer)
{
    /// <summary>Whether it has the suite's base: roles, pauses, multicall. The timelock alone has not.</summary>
    public bool IsGoverned { get; init; } = true;

    /// <summary>Exactly who holds which role.</summary>
    public IReadOnlyList<PlannedRole> Roles { get; init; } = [];

    /// <summary>What it must hold.</summary>
    public IReadOnlyList<PlannedSetting> Settings { get; init; } = [];

    /// <summary>Sets that must hold what is planned and nothing else.</summary>
    public IReadOnlyList<PlannedSet> Sets { get; init; } = [];

    /// <summary>Values that only events tell.</summary>
    public IReadOnlyList<PlannedAnnouncement> Announcements { get; init; } = [];

    /// <summary>What is done once, together with the first wiring, and by whom: mints on test networks.</summary>
    public IReadOnlyList<(ContractCall Call, string Role)> Once { get; init; } = [];
}
