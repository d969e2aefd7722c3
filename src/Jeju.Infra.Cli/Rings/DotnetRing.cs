using System.Globalization;
using System.Xml.Linq;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Rings;

/// <summary>Tests of one assembly, run by <c>dotnet test</c>, counted from its result file.</summary>
/// <param name="name">The ring's name.</param>
/// <param name="project">The test project.</param>
/// <param name="environment">Variables for the tests.</param>
/// <param name="filter">Which tests of the project; all where null.</param>
internal sealed class DotnetRing(string name, string project, IReadOnlyDictionary<string, string?> environment, string? filter = null) : ITestRing
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private static readonly string[] Noise = ["Starting test execution", "A total of", "Results File:", "Passed!"];

    public string Name => name;

    public async Task<RingResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string results = Path.Combine(context.Layout.StateFolder, "tests", name);
        string resultFile = Path.Combine(results, "results.trx");
        Directory.CreateDirectory(results);
        File.Delete(resultFile);
        string assembly = context.Layout.Executable(project, $"{project}.dll");
        List<string> arguments =
        [
            "test", assembly, "--nologo", "--results-directory", results,
            "--logger", "trx;LogFileName=results.trx", "--logger", "console;verbosity=minimal",
        ];
        if (filter is not null)
        {
            arguments.AddRange(["--filter", filter]);
        }

        int exitCode = await ChildProcess.RunAsync(
            new ChildProcessStart("dotnet", [.. arguments]) { WorkingFolder = context.Layout.Root, Environment = environment },
            line => SayUnlessNoise(context, line),
            cancellationToken);
        RingResult result = File.Exists(resultFile) ? Read(resultFile) : RingResult.Empty;
        if (exitCode != 0 && result.Failed == 0)
        {
            // A host that crashed leaves no failed test behind, and must not look like success.
            context.Say($"error: the {name} ring broke off with exit code {exitCode}");
            result += new RingResult(0, 1, []);
        }

        return result;
    }

    private static void SayUnlessNoise(CommandContext context, string line)
    {
        if (line.Length > 0 && !Noise.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
        {
            context.Say(line);
        }
    }

    /// <summary>Reads the counts and the reasons of a result file.</summary>
    public static RingResult Read(string file)
    {
        XElement root = XDocument.Load(file).Root ?? throw new InvalidDataException($"'{file}' is empty.");
        XElement counters = root.Descendants(Trx + "Counters").Single();
        int Count(string attribute) => int.Parse(counters.Attribute(attribute)?.Value ?? "0", CultureInfo.InvariantCulture);
        List<SkippedTest> skipped =
        [
            .. from outcome in root.Descendants(Trx + "UnitTestResult")
               where outcome.Attribute("outcome")?.Value == "NotExecuted"
               let reason = outcome.Descendants(Trx + "Message").FirstOrDefault()?.Value
                   ?? outcome.Descendants(Trx + "StdOut").FirstOrDefault()?.Value
                   ?? "no reason given"
               select new SkippedTest(outcome.Attribute("testName")?.Value ?? "?", reason.Trim()),
        ];
        int passed = Count("passed");
        // Whatever was started and did not pass has failed: error, timeout and abort have counters of their own.
        return new RingResult(passed, Count("executed") - passed, skipped);
    }
}
