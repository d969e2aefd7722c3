using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Plans;

/// <summary>The repository's history, by the git command.</summary>
internal sealed class GitCheckout(CommandContext context)
{
    /// <summary>The commit of a reference.</summary>
    /// <exception cref="InfraException">JEJU0823: there is none.</exception>
    public async Task<string> ResolveAsync(string reference, CancellationToken cancellationToken)
    {
        (int exitCode, string text) = await RunAsync(cancellationToken, "rev-parse", "--verify", "--quiet", "--end-of-options", $"{reference}^{{commit}}");
        return exitCode == 0
            ? text.Trim()
            : throw new InfraException(
                new ErrorCode(823), $"This repository has no commit '{reference}'.", "Name a branch, a tag or a commit; a shallow clone has few of them: git fetch --unshallow.", FailureKind.Usage);
    }

    /// <summary>Whether what is here differs from a commit in any of some paths.</summary>
    public async Task<bool> DiffersAsync(string commit, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        (int exitCode, string text) = await RunAsync(cancellationToken, ["diff", "--quiet", commit, "--", .. paths]);
        if (exitCode > 1)
        {
            throw Failed("diff", text);
        }

        (_, string added) = await RunAsync(cancellationToken, ["ls-files", "--others", "--exclude-standard", "--", .. paths]);
        return exitCode == 1 || added.Length > 0;
    }

    /// <summary>The text of a file in a commit; null where the commit has no such file.</summary>
    public async Task<string?> ReadAsync(string commit, string path, CancellationToken cancellationToken)
    {
        (int exitCode, string text) = await RunAsync(cancellationToken, "show", $"{commit}:{path}");
        return exitCode == 0 ? text + "\n" : null;
    }

    /// <summary>Puts the files of a commit into a folder, which then belongs to git's list of worktrees.</summary>
    public async Task CheckOutAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        _ = await RunAsync(cancellationToken, "worktree", "prune");
        (int exitCode, string text) = await RunAsync(cancellationToken, "worktree", "add", "--detach", "--force", folder, commit);
        if (exitCode != 0)
        {
            throw Failed("worktree add", text);
        }
    }

    private static InfraException Failed(string command, string text) => new(
        new ErrorCode(824), $"git {command} failed: {text.Trim()}", "Run the command in a clone of the repository, with git installed.");

    private async Task<(int ExitCode, string Text)> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        string git = ChildProcess.Find("git", context.ReadEnvironment("PATH"))
            ?? throw CliErrors.MissingTool("git", "the plan of another commit needs it", "Install git, then run the command again.");
        return await ChildProcess.CaptureAsync(new ChildProcessStart(git, arguments) { WorkingFolder = context.Layout.Root }, cancellationToken);
    }
}
