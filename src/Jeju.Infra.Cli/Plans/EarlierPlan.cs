using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Cli.Plans;

/// <summary>
/// What another commit of this repository plans. Where only settings differ, the program that is built here plans with the other commit's
/// settings; else that commit is checked out and built below <c>.jeju/against</c>, once.
/// </summary>
internal sealed class EarlierPlan(CommandContext context, string stack)
{
    /// <summary>What a plan is made from, except for the settings.</summary>
    private static readonly string[] Sources =
    [
        "src", "components", "stacks", "images", "Pulumi.yaml", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "BannedSymbols.txt",
        ":(exclude)stacks/Pulumi.*.yaml",
    ];

    private static readonly string[] ContractSources = ["contracts/src", "contracts/foundry.toml", "contracts/package-lock.json"];

    private readonly GitCheckout _git = new(context);

    /// <summary>The plan of a commit.</summary>
    /// <param name="reference">A branch, a tag or a commit.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    /// <exception cref="InfraException">JEJU0823: no such commit; JEJU0825: it cannot be built or planned.</exception>
    public async Task<IReadOnlyList<PlannedResource>> PlanAsync(string reference, CancellationToken cancellationToken)
    {
        string commit = await _git.ResolveAsync(reference, cancellationToken);
        bool isSettingsOnly = !await _git.DiffersAsync(commit, [.. Sources, .. ContractSources], cancellationToken);
        StackEngine engine = isSettingsOnly ? await OpenHereAsync(commit, cancellationToken) : await OpenThereAsync(reference, commit, cancellationToken);
        RunResult result = await PlanPreview.RunAsync(engine, RunSettings.Default, new SilentEvents(), cancellationToken);
        return result.Failures.Count == 0 ? result.Registered : throw new InfraException(
            new ErrorCode(825), $"The plan of '{reference}' cannot be made: {result.Failures[0].Message}", "Compare with a commit whose preview works.", innerException: result.Failures[0]);
    }

    /// <summary>The program of this checkout with the settings of the other commit.</summary>
    private async Task<StackEngine> OpenHereAsync(string commit, CancellationToken cancellationToken)
    {
        ProjectFile project = ProjectFile.Load(context.Layout.Root);
        string settings = await _git.ReadAsync(commit, Path.GetRelativePath(context.Layout.Root, project.StackSettingsPath(stack)), cancellationToken) ?? "config: {}\n";
        string folder = Path.Combine(context.Layout.StateFolder, "against", commit);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"Pulumi.{stack}.yaml");
        await File.WriteAllTextAsync(file, settings, cancellationToken);
        return StackSession.OpenFor(context, context.Layout, stack, StackConfig.Load(file, project.Name), StateFolder);
    }

    private async Task<StackEngine> OpenThereAsync(string reference, string commit, CancellationToken cancellationToken)
    {
        RepositoryLayout layout = new(Path.Combine(context.Layout.StateFolder, "against", $"{commit}.tree"));
        (string checkedOut, string built) = (layout.Root + ".out", layout.Root + ".built");
        if (!File.Exists(built))
        {
            context.Say($"jeju: building the plan of {reference} ({commit[..10]}) in {layout.Root}");
            if (!File.Exists(checkedOut))
            {
                // What a run left that was ended meanwhile is not the commit.
                if (Directory.Exists(layout.Root))
                {
                    Directory.Delete(layout.Root, recursive: true);
                }

                await _git.CheckOutAsync(commit, layout.Root, cancellationToken);
                await File.WriteAllTextAsync(checkedOut, string.Empty, cancellationToken);
            }

            await BuildAsync(reference, layout, cancellationToken);
            await File.WriteAllTextAsync(built, string.Empty, cancellationToken);
        }

        await CompileContractsAsync(reference, commit, layout, cancellationToken);
        return StackSession.OpenFor(context, layout, stack, config: null, StateFolder);
    }

    /// <summary>Both plans begin from nothing, so that a recorded state is no difference.</summary>
    private string StateFolder => Path.Combine(context.Layout.StateFolder, "against", "state");

    private async Task BuildAsync(string reference, RepositoryLayout layout, CancellationToken cancellationToken)
    {
        // The package mode, and what the stand-ins are generated from, are the machine's and not the commit's.
        Directory.CreateDirectory(layout.StateFolder);
        foreach (string part in new[] { "packages.props", "npm" })
        {
            string source = Path.Combine(context.Layout.Root, ".jeju", part);
            string link = Path.Combine(layout.StateFolder, part);
            if (Path.Exists(source) && !Path.Exists(link))
            {
                File.CreateSymbolicLink(link, source);
            }
        }

        foreach (string project in new[] { "src/Jeju.Infra.Provider", "stacks" })
        {
            await BuildAsync(reference, new ChildProcessStart("dotnet", "build", project, "-c", "Release", "-v", "q", "-nologo") { WorkingFolder = layout.Root }, cancellationToken);
        }
    }

    /// <summary>
    /// The compiled contracts of the other commit: those of this checkout as long as the sources are the same, which is asked every time, because
    /// this checkout goes on.
    /// </summary>
    private async Task CompileContractsAsync(string reference, string commit, RepositoryLayout layout, CancellationToken cancellationToken)
    {
        string compiled = layout.Root + ".contracts";
        if (!Directory.Exists(layout.ContractsFolder) || File.Exists(compiled))
        {
            return;
        }

        if (Path.Exists(layout.ContractArtifactsFolder) && new DirectoryInfo(layout.ContractArtifactsFolder).LinkTarget is not null)
        {
            Directory.Delete(layout.ContractArtifactsFolder);
        }

        if (!await _git.DiffersAsync(commit, ContractSources, cancellationToken))
        {
            File.CreateSymbolicLink(layout.ContractArtifactsFolder, context.Layout.ContractArtifactsFolder);
            return;
        }

        context.Say($"jeju: compiling the contracts of {reference}");
        string tools = Path.Combine(layout.ContractsFolder, "node_modules");
        if (!Path.Exists(tools))
        {
            File.CreateSymbolicLink(tools, Path.Combine(context.Layout.ContractsFolder, "node_modules"));
        }

        await BuildAsync(
            reference, new ChildProcessStart(context.Layout.FoundryTool("forge"), "build", "--skip", "test", "--skip", "script") { WorkingFolder = layout.ContractsFolder }, cancellationToken);
        await File.WriteAllTextAsync(compiled, string.Empty, cancellationToken);
    }

    private static async Task BuildAsync(string reference, ChildProcessStart start, CancellationToken cancellationToken)
    {
        (int exitCode, string text) = await ChildProcess.CaptureAsync(start, cancellationToken);
        if (exitCode != 0)
        {
            throw new InfraException(
                new ErrorCode(825), $"'{reference}' cannot be built: {string.Join('\n', text.Split('\n').TakeLast(12))}", "Compare with a commit that builds on this machine.");
        }
    }
}
