using System.CommandLine;
using System.Diagnostics;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Cli.Rings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju test [ring]</c>: runs the rings and ends with one line of totals.</summary>
internal static class TestCommand
{
    private static readonly IReadOnlyDictionary<string, string?> NoVariables = new Dictionary<string, string?>();

    public static Command Create(CommandContext context)
    {
        Argument<string?> ring = new("ring")
        {
            Description = "fast, contracts, e2e, or chaos (every step of the kill walk instead of a sample). All but chaos where absent.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        ring.AcceptOnlyFromAmong("fast", "contracts", "e2e", "chaos");
        Command command = new("test", "Runs the tests; the last line is the totals.") { ring };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(ring), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? only, CancellationToken cancellationToken)
    {
        IReadOnlyList<ITestRing> rings = RingsFor(context, only);
        if (rings.Any(ring => ring.Name is "e2e" or "chaos"))
        {
            await Tool.InstallMissingAsync(context, Tool.TestClients, cancellationToken);
            await BringDockerAsync(context, cancellationToken);
        }

        RingResult total = RingResult.Empty;
        foreach (ITestRing ring in rings)
        {
            context.Say($"jeju: {ring.Name}");
            long started = context.Time.GetTimestamp();
            RingResult result = await ring.RunAsync(context, cancellationToken);
            foreach (SkippedTest skipped in result.Skipped)
            {
                context.Say($"  Skipped {skipped.Name}: {skipped.Reason}");
            }

            context.Say($"jeju: {ring.Name}: {Totals(result)} ({context.Time.GetElapsedTime(started).TotalSeconds:F0} s)");
            total += result;
        }

        await context.Output.WriteLineAsync(Totals(total));
        return total.Failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task BringDockerAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            await new DockerPrerequisite(context).EnsureAsync(cancellationToken);
        }
        catch (InfraException error)
        {
            // The tests that need it are counted as skipped, each with the reason; the others can run.
            context.Say($"warning {error.ToDisplayText()}");
        }
    }

    private static IReadOnlyList<ITestRing> RingsFor(CommandContext context, string? only)
    {
        ITestRing fast = new DotnetRing("fast", "Jeju.Infra.Tests", NoVariables);
        ITestRing endToEnd = new DotnetRing("e2e", "Jeju.Infra.EndToEnd", NoVariables);
        ITestRing chaos = new DotnetRing(
            "chaos", "Jeju.Infra.EndToEnd", new Dictionary<string, string?> { ["JEJU_CHAOS"] = "all" }, "FullyQualifiedName~.Chaos.");
        ITestRing contracts = new ForgeRing();
        return only switch
        {
            "fast" => [fast],
            "contracts" => [contracts],
            "e2e" => [endToEnd],
            "chaos" => [chaos],
            null => File.Exists(Path.Combine(context.Layout.ContractsFolder, "foundry.toml")) ? [fast, contracts, endToEnd] : [fast, endToEnd],
            _ => throw new UnreachableException(),
        };
    }

    private static string Totals(RingResult result) => $"{result.Passed} passed, {result.Failed} failed, {result.Skipped.Count} skipped";
}
