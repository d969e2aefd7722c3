using System.Globalization;
using System.Text.RegularExpressions;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Rings;

/// <summary>Puts the guards of the contracts to the proof with one of the contracts' own tools.</summary>
internal sealed partial class GuardRing : ITestRing
{
    private readonly string[] _options;

    private GuardRing(string name, params string[] options)
    {
        Name = name;
        _options = options;
    }

    public string Name { get; }

    /// <summary>Guards drawn by a seed are taken away one by one: each has to turn a test red.</summary>
    /// <param name="seed">Which guards are drawn.</param>
    /// <param name="guards">How many are drawn.</param>
    public static GuardRing Mutations(string seed, int guards) =>
        new("mutations", "--seed", seed, "--guards", guards.ToString(CultureInfo.InvariantCulture));

    /// <summary>Every guard has to refuse something in some test.</summary>
    public static GuardRing Refusals() => new("refusals");

    public async Task<RingResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string last = string.Empty;
        int exitCode = await ChildProcess.RunAsync(
            new ChildProcessStart(
                "node", [Path.Combine("tools", $"{Name}.js"), .. _options, "--work", Path.Combine(context.Layout.StateFolder, Name)])
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
        // The program ends with 1 if, and only if, a guard has failed.
        return new RingResult(Count(1), Math.Max(Count(2), exitCode == 0 ? 0 : 1), []);
    }

    [GeneratedRegex("^([0-9]+) passed, ([0-9]+) failed$")]
    private static partial Regex Totals();
}
