using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>Runs the real <c>./jeju</c> script as a process of its own.</summary>
internal static class JejuScript
{
    /// <summary>The checkout that holds this test assembly.</summary>
    public static RepositoryLayout Layout { get; } = RepositoryLayout.Find(AppContext.BaseDirectory);

    /// <summary>Runs the script and returns its exit code with all it wrote.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        await ChildProcess.CaptureAsync(
            new ChildProcessStart(Path.Combine(Layout.Root, "jeju"), arguments) { WorkingFolder = Path.GetTempPath() }, cancellationToken);
}
