using System.Text;
using System.Text.Json;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Rings;

/// <summary>The contracts' own tests: unit, fuzz and invariant, run by forge.</summary>
internal sealed class ForgeRing : ITestRing
{
    public string Name => "contracts";

    public async Task<RingResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        string? report = null;
        int exitCode = await ChildProcess.RunAsync(
            new ChildProcessStart(context.Layout.FoundryTool("forge"), "test", "--json") { WorkingFolder = context.Layout.ContractsFolder },
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
