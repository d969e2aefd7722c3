namespace Jeju.Infra.Cli.Processes;

/// <summary>What to run, and how.</summary>
/// <param name="Program">The program, by path or by name.</param>
/// <param name="Arguments">Its arguments; never a secret, since every user of the machine can read them.</param>
internal sealed record ChildProcessStart(string Program, params string[] Arguments)
{
    /// <summary>The folder it starts in; the caller's where absent.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Variables added to the inherited environment; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
