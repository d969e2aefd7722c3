using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>In what a deployed contract differs from the plan.</summary>
public enum SuiteDeviationKind
{
    /// <summary>It is not deployed.</summary>
    Missing,

    /// <summary>It runs other code than what was compiled.</summary>
    Code,

    /// <summary>It runs other code than what was compiled, and will for ever: its upgrades were disabled.</summary>
    FinalCode,

    /// <summary>Somebody lacks a role.</summary>
    MissingRole,

    /// <summary>Somebody holds a role that the plan gives him not.</summary>
    UnplannedRole,

    /// <summary>A value is not what the plan says.</summary>
    Setting,

    /// <summary>An action is paused.</summary>
    Paused,
}

/// <summary>One difference between the chain and the plan.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Kind">In what it differs.</param>
/// <param name="Subject">The role, the setting, the action.</param>
/// <param name="Expected">What the plan says.</param>
/// <param name="Found">What the chain says.</param>
public sealed record SuiteDeviation(string Contract, SuiteDeviationKind Kind, string Subject, string Expected, string Found)
{
    /// <summary>The change that removes it, made by the holder of <see cref="Role"/>; absent where a deployment does.</summary>
    internal ContractCall? Repair { get; init; }

    /// <summary>The role that the repair needs.</summary>
    internal string Role { get; init; } = PlannedRole.Administrator;

    /// <summary>An upper bound of the repair's gas.</summary>
    internal ulong Gas { get; init; } = 100_000;

    /// <inheritdoc/>
    public override string ToString() => $"{Contract}: {Subject} is {Found}, planned {Expected}";
}

/// <summary>The chain compared with the plan.</summary>
/// <param name="Addresses">Where the contracts are or will be.</param>
/// <param name="Deviations">Every difference; none when the suite is deployed as planned.</param>
/// <param name="FactoryDeployed">Whether the factory is there.</param>
/// <param name="FirstBlock">The block of the first contract, from which its events begin; absent when nothing is deployed.</param>
public sealed record SuiteInspection(
    SuiteAddresses Addresses, IReadOnlyList<SuiteDeviation> Deviations, bool FactoryDeployed, ulong? FirstBlock)
{
    /// <summary>Whether chain and plan agree in everything.</summary>
    public bool IsAsPlanned => Deviations.Count == 0;

    /// <summary>The contracts whose upgrades were disabled: what they run they run for ever.</summary>
    public IReadOnlySet<string> Final { get; init; } = new HashSet<string>();

    internal IReadOnlySet<string> Missing =>
        Deviations.Where(deviation => deviation.Kind is SuiteDeviationKind.Missing).Select(deviation => deviation.Contract).ToHashSet();

    /// <summary>Contracts whose administrator still is the deployer: their first wiring was not done.</summary>
    internal IReadOnlySet<string> Unwired { get; init; } = new HashSet<string>();

    /// <summary>Refuses a plan that gives other code to a contract whose upgrades were disabled.</summary>
    /// <exception cref="InfraException">JEJU0410: it does.</exception>
    internal void RequireUpgradeable()
    {
        List<SuiteDeviation> unchangeable = [.. Deviations.Where(deviation => deviation.Kind is SuiteDeviationKind.FinalCode)];
        if (unchangeable.Count > 0)
        {
            throw FinalCode.Refusal(
                string.Join("; ", unchangeable),
                "Build the commit whose code these contracts run; or leave them as they are: add "
                    + $"{string.Join(", ", unchangeable.Select(deviation => $"'{deviation.Contract}: {deviation.Subject}'"))} to `jeju-infra:contracts` > `exceptions`.");
        }
    }
}
