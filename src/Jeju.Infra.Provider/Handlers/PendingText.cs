using System.Globalization;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>What waits for the timelock, in words.</summary>
internal static class PendingText
{
    public static string Describe(PendingAdministration pending) => pending.ExecutableAt is { } at
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Scheduled in the timelock, executable at {DateTimeOffset.FromUnixTimeSeconds((long)at):u} by running `up` again: {pending.Summary}")
        : $"The proposer must send to {pending.Proposal?.To?.ToChecksumText()}, with no value, the data 0x{Convert.ToHexStringLower(pending.Proposal?.Data ?? [])}"
            + $" ({pending.Proposal?.Description}); then run `up` again.";
}
