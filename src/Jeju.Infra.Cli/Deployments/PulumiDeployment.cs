using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Deployments;

/// <summary>The official engine, which alone changes clouds and clusters: run per phase, with the phase's resources as its targets.</summary>
/// <param name="context">The command.</param>
/// <param name="stack">The stack.</param>
internal sealed class PulumiDeployment(CommandContext context, string stack) : IDeploymentEngine
{
    private const string Program = "pulumi";

    /// <summary>Makes sure that the engine is there.</summary>
    /// <exception cref="InfraException">JEJU0832: it is not.</exception>
    public static void Require(CommandContext context)
    {
        if (ChildProcess.Find(Program, context.ReadEnvironment("PATH")) is null)
        {
            throw new InfraException(
                new ErrorCode(832),
                "Clouds and clusters are deployed by the official engine, and `pulumi` is not on the PATH.",
                "Install it (https://www.pulumi.com/docs/install) and log in to the team's state (pulumi login), or add --dry-run to see what would be done.");
        }
    }

    /// <inheritdoc/>
    public async Task<bool> IsAsPlannedAsync(PhasePlan phase, CancellationToken cancellationToken)
    {
        // Refreshing first reads the resources themselves: the state alone would be memory. One that is not in the state yet is an error here, and so not as planned.
        ChildProcessStart look = Start(["preview", "--stack", stack, "--refresh", "--expect-no-changes", "--non-interactive", .. Targets(phase)]);
        return await ChildProcess.RunAsync(look, _ => { }, cancellationToken) == 0;
    }

    /// <inheritdoc/>
    public async Task DeployAsync(PhasePlan phase, CancellationToken cancellationToken)
    {
        foreach (string[] arguments in Commands(stack, phase))
        {
            int exitCode = await ChildProcess.RunAsync(Start(arguments), context.Say, cancellationToken);
            if (exitCode != 0)
            {
                throw new InfraException(
                    new ErrorCode(833),
                    $"The phase {phase.Name} of '{stack}' failed: pulumi {arguments[0]} ended with {exitCode}.",
                    "Read its messages above, mend the cause and run the same command again: what is done is read back and skipped.");
            }
        }
    }

    /// <summary>
    /// What brings a phase about. The state is refreshed by itself and as a whole: a refresh with targets refuses those that are not in the state yet, and in a phase that begins that is all of them.
    /// </summary>
    internal static IReadOnlyList<string[]> Commands(string stack, PhasePlan phase) =>
    [
        ["refresh", "--stack", stack, "--yes", "--skip-preview", "--non-interactive"],
        ["up", "--stack", stack, "--yes", "--non-interactive", .. Targets(phase)],
    ];

    /// <inheritdoc/>
    public string Describe(PhasePlan phase) => phase.Phase == DeploymentPhase.Removal
        ? $"pulumi refresh --stack {stack} --yes, then pulumi up --stack {stack} --yes"
        : $"pulumi refresh --stack {stack} --yes, then pulumi up --stack {stack} --yes --target ... ({phase.Urns.Count} resources)";

    /// <summary>None for the removal: what has left the program can be named by nobody but the state.</summary>
    private static IEnumerable<string> Targets(PhasePlan phase) => phase.Urns.SelectMany(urn => new[] { "--target", urn });

    private ChildProcessStart Start(IEnumerable<string> arguments) => new(Program, [.. arguments]) { WorkingFolder = context.Layout.Root };
}
