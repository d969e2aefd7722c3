using System.Globalization;
using System.Text.RegularExpressions;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Rings;

/// <summary>Guards of the contracts, drawn by a seed and taken away one by one: each has to turn a test red.</summary>
/// <param name="seed">Which guards are drawn.</param>
/// <param name="guards">How many are drawn.</param>
internal sealed partial class MutationRing(string seed, int guards) : ITestRing
{
    public string Name => "mutations";

    public async Task<RingResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string last = string.Empty;
        int exitCode = await ChildProcess.RunAsync(
            new ChildProcessStart(
                "node",
                Path.Combine("tools", "mutations.js"),
                "--seed", seed,
                "--guards", guards.ToString(CultureInfo.InvariantCulture),
                "--work", Path.Combine(context.Layout.StateFolder, "mutations"))
            {
                WorkingFolder = context.Layout.ContractsFolder,
            },
            line =>
            {
                context.Say(line);
                last = line;
            },
            cancellationToken);
        return Read(last, exitCode);
    }

    /// <summary>Reads the totals; a run that ends without them has failed.</summary>
    public static RingResult Read(string lastLine, int exitCode)
    {
        Match totals = Totals().Match(lastLine);
        if (!totals.Success)
        {
            return new RingResult(0, 1, []);
        }

        int Count(int group) => int.Parse(totals.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        // The program ends with 1 if, and only if, a guard was not missed.
        return new RingResult(Count(1), Math.Max(Count(2), exitCode == 0 ? 0 : 1), []);
    }

    [GeneratedRegex("^([0-9]+) passed, ([0-9]+) failed$")]
    private static partial Regex Totals();
}
