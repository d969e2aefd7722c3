namespace Jeju.Infra.Chain.Localnet;

/// <summary>Keeps the log of a detached process within bounds. Its output is appended, so the file can be emptied while the process writes.</summary>
public static class LogFile
{
    private const long DefaultLimit = 8 * 1024 * 1024;

    /// <summary>
    /// Moves a log that has grown beyond the limit to <c>.1</c> beside it, in place of the one that was moved before. At most two files of that
    /// size are kept; a line that is written in the moment of the move may be lost.
    /// </summary>
    /// <param name="path">The log; nothing is done where it does not exist.</param>
    /// <param name="limit">The bytes beyond which it is moved.</param>
    public static void Bound(string path, long limit = DefaultLimit)
    {
        FileInfo log = new(path);
        if (!log.Exists || log.Length <= limit)
        {
            return;
        }

        log.CopyTo(path + ".1", overwrite: true);
        using FileStream emptied = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        emptied.SetLength(0);
    }
}
