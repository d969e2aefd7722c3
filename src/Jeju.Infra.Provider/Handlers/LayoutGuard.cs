using Jeju.Infra.Core;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Refuses upgrades that would read deployed data under another meaning.</summary>
internal static class LayoutGuard
{
    private static readonly ErrorCode LayoutConflict = new(407);

    /// <exception cref="InfraException">JEJU0407: there are conflicts.</exception>
    public static void Require(IReadOnlyList<string> conflicts)
    {
        if (conflicts.Count > 0)
        {
            throw new InfraException(
                LayoutConflict,
                $"The new code would read the deployed contracts' data under another meaning. {string.Join("; ", conflicts)}.",
                "Leave what is deployed where it is, and append new members to the end of the contract's storage struct.",
                FailureKind.Refused);
        }
    }
}
