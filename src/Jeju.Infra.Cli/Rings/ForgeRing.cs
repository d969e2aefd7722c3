using System.Text;
using System.Text.Json;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Rings;

/// <summary>The contracts' own checks and tests: formatting, lints, layouts and tables, then unit, fuzz and invariant, run by forge.</summary>
/// <param name="deep">Whether to run the profile <c>deep</c>: many more runs, file by file, so that one sees how far it is.</param>
internal sealed class ForgeRing(bool deep) : ITestRing
{
    public string Name => "contracts";

    public async Task<RingResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await WaitForCompilerAsync(context, cancellationToken);
        RingResult total = RingResult.Empty;
        foreach (string file in deep ? await TestFilesAsync(context, cancellationToken) : [string.Empty])
        {
            long started = context.Time.GetTimestamp();
            RingResult result = await TestAsync(context, file.Length == 0 ? [] : ["--match-path", file], cancellationToken);
            if (deep)
            {
                context.Say($"  {file}: {result.Passed} passed, {result.Failed} failed ({context.Time.GetElapsedTime(started).TotalSeconds:F0} s)");
            }

            total += result;
        }

        // After the tests, which have compiled what the layouts are read from.
        return total + await CheckAsync(context, cancellationToken);
    }

    // The script compiles the tests beside the other rings, under its lock: two compilers would write into the same folder.
    private static async Task WaitForCompilerAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string buildLock = Path.Combine(context.Layout.StateFolder, "build", "lock");
        if (OperatingSystem.IsLinux() && File.Exists(buildLock))
        {
            await ChildProcess.CaptureAsync(new ChildProcessStart("flock", buildLock, "true"), cancellationToken);
        }
    }

    // All that `npm run check` holds counts as one test.
    private static async Task<RingResult> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        (int exitCode, string text) = await ChildProcess.CaptureAsync(
            new ChildProcessStart("npm", "run", "--silent", "check") { WorkingFolder = context.Layout.ContractsFolder }, cancellationToken);
        if (exitCode == 0)
        {
            return new RingResult(1, 0, []);
        }

        context.Say(text);
        context.Say("  Failed npm run check (in contracts)");
        return new RingResult(0, 1, []);
    }

    private async Task<RingResult> TestAsync(CommandContext context, IReadOnlyList<string> selection, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        string? report = null;
        int exitCode = await ChildProcess.RunAsync(
            Forge(context, ["test", "--json", .. selection]),
            line =>
            {
                if (line.StartsWith('{'))
                {
                    report = line;
                }
                else
                {
                    text.AppendLine(line);
                }
            },
            cancellationToken);
        RingResult result = report is null ? RingResult.Empty : Read(report, context.Say);
        if (exitCode != 0 && result.Failed == 0)
        {
            context.Say(text.ToString());
            context.Say($"error: forge test broke off with exit code {exitCode}");
            result += new RingResult(0, 1, []);
        }

        return result;
    }

    private async Task<IReadOnlyList<string>> TestFilesAsync(CommandContext context, CancellationToken cancellationToken)
    {
        // All at once: selected file by file, forge would compile what they share again and again.
        List<string> lines = [];
        int exitCode = await ChildProcess.RunAsync(Forge(context, ["build"]), lines.Add, cancellationToken);
        if (exitCode != 0)
        {
            throw CliErrors.ForgeFailed(string.Join('\n', lines));
        }

        exitCode = await ChildProcess.RunAsync(Forge(context, ["test", "--list", "--json"]), lines.Add, cancellationToken);
        string? list = lines.Find(line => line.StartsWith('{'));
        if (exitCode != 0 || list is null)
        {
            throw CliErrors.ForgeFailed(string.Join('\n', lines));
        }

        using JsonDocument document = JsonDocument.Parse(list);
        return [.. document.RootElement.EnumerateObject().Select(file => file.Name)];
    }

    private ChildProcessStart Forge(CommandContext context, string[] arguments) =>
        new(context.Layout.FoundryTool("forge"), arguments)
        {
            WorkingFolder = context.Layout.ContractsFolder,
            Environment = deep ? new Dictionary<string, string?> { ["FOUNDRY_PROFILE"] = "deep" } : [],
        };

    /// <summary>Reads forge's JSON report: suites by file and contract, each with its tests.</summary>
    public static RingResult Read(string report, Action<string> say)
    {
        RingResult total = RingResult.Empty;
        using JsonDocument document = JsonDocument.Parse(report);
        foreach (JsonProperty suite in document.RootElement.EnumerateObject())
        {
            foreach (JsonProperty test in suite.Value.GetProperty("test_results").EnumerateObject())
            {
                string name = $"{suite.Name} {test.Name}";
                string reason = test.Value.TryGetProperty("reason", out JsonElement given) ? given.ToString() : string.Empty;
                switch (test.Value.GetProperty("status").GetString())
                {
                    case "Success":
                        total += new RingResult(1, 0, []);
                        break;
                    case "Skipped":
                        total += new RingResult(0, 0, [new SkippedTest(name, reason.Length == 0 ? "no reason given" : reason)]);
                        break;
                    default:
                        string counterexample = test.Value.TryGetProperty("counterexample", out JsonElement example) ? $" {example}" : string.Empty;
                        say($"  Failed {name}: {reason}{counterexample}");
                        total += new RingResult(0, 1, []);
                        break;
                }
            }
        }

        return total;
    }
}
