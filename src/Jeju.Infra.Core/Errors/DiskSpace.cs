namespace Jeju.Infra.Core;

/// <summary>Tells a full disk from other failures of files.</summary>
public static class DiskSpace
{
    /// <summary>There is no room on the disk, or the user's share of it is used up.</summary>
    public static readonly ErrorCode FullCode = new(822);

    // ENOSPC and EDQUOT, which the framework hands through as they are.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>The error to show where a failure means that the disk is full; null for every other failure.</summary>
    /// <param name="failure">What was caught.</param>
    /// <param name="folder">The folder that this program writes to.</param>
    public static InfraException? Explain(Exception failure, string folder) => failure is IOException { HResult: NoSpace or QuotaExceeded } full
        ? new InfraException(
            FullCode,
            $"The disk is full: {full.Message}",
            $"Free some space where {folder} lies, then run the command again: it continues where this run stopped.",
            innerException: full)
        : null;
}
