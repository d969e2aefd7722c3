using System.CommandLine;
using System.CommandLine.Parsing;
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
            Description = "fast, contracts, e2e, chaos (every step of the kill walk instead of a sample), mutations (guards of the contracts "
                + "are taken away one by one, and each has to turn a test red), or refusals (each guard has to refuse something in some test). "
                + "The first three where absent.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        ring.AcceptOnlyFromAmong("fast", "contracts", "e2e", "chaos", "mutations", "refusals");
        Option<bool> deep = new("--deep") { Description = "With contracts: 10 000 runs of every fuzz test, 1 000 of every invariant, each 128 calls deep." };
        Option<string> seed = new("--seed") { Description = "With mutations: which guards are drawn.", DefaultValueFactory = _ => "jeju" };
        Option<int> guards = new("--guards") { Description = "With mutations: how many guards are drawn.", DefaultValueFactory = _ => 40 };
        Command command = new("test", "Runs the tests; the last line is the totals.") { ring, deep, seed, guards };
        command.Validators.Add(parsed =>
        {
            RefuseWithout(parsed, ring, "contracts", deep);
            RefuseWithout(parsed, ring, "mutations", seed);
            RefuseWithout(parsed, ring, "mutations", guards);
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            IReadOnlyList<ITestRing> rings = parsed.GetValue(ring) switch
            {
                "mutations" => [GuardRing.Mutations(parsed.GetValue(seed)!, parsed.GetValue(guards))],
                "refusals" => [GuardRing.Refusals()],
                string only => RingsFor(context, only, parsed.GetValue(deep)),
                null => RingsFor(context, null, false),
            };
            return RunAsync(context, rings, cancellationToken);
        });
        return command;
    }

    private static void RefuseWithout(CommandResult parsed, Argument<string?> ring, string needed, Option option)
    {
        if (parsed.GetResult(option) is { Implicit: false } && parsed.GetValue(ring) != needed)
        {
            parsed.AddError($"{option.Name} belongs to the ring '{needed}'.");
        }
    }

    private static async Task<int> RunAsync(CommandContext context, IReadOnlyList<ITestRing> rings, CancellationToken cancellationToken)
    {
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

    private static IReadOnlyList<ITestRing> RingsFor(CommandContext context, string? only, bool deep)
    {
        ITestRing fast = new DotnetRing("fast", "Jeju.Infra.Tests", NoVariables);
        ITestRing endToEnd = new DotnetRing("e2e", "Jeju.Infra.EndToEnd", NoVariables);
        ITestRing chaos = new DotnetRing(
            "chaos", "Jeju.Infra.EndToEnd", new Dictionary<string, string?> { ["JEJU_CHAOS"] = "all" }, "FullyQualifiedName~.Chaos.");
        ITestRing contracts = new ForgeRing(deep);
        return only switch
        {
            "fast" => [fast],
            "contracts" => [contracts],
            "e2e" => [endToEnd],
            "chaos" => [chaos],
            null => File.Exists(Path.Combine(context.Layout.ContractsFolder, "foundry.toml")) ? [fast, endToEnd, contracts] : [fast, endToEnd],
            _ => throw new UnreachableException(),
        };
    }

    private static string Totals(RingResult result) => $"{result.Passed} passed, {result.Failed} failed, {result.Skipped.Count} skipped";
}
