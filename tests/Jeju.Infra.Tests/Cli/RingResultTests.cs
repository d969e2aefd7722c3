using Jeju.Infra.Cli.Rings;

namespace Jeju.Infra.Tests.Cli;

public sealed class RingResultTests
{
    [Fact]
    public void A_forge_report_is_counted_and_its_failures_are_said()
    {
        const string report = """
            {"test/A.t.sol:ATest":{"test_results":{
              "test_Good()":{"status":"Success","reason":null},
              "test_Bad()":{"status":"Failure","reason":"1 != 2","counterexample":null},
              "test_Later()":{"status":"Skipped","reason":"needs a fork"}}}}
            """;
        List<string> said = [];

        RingResult result = ForgeRing.Read(report, said.Add);

        Assert.Equal((1, 1), (result.Passed, result.Failed));
        Assert.Equal([new SkippedTest("test/A.t.sol:ATest test_Later()", "needs a fork")], result.Skipped);
        Assert.Contains("test_Bad(): 1 != 2", Assert.Single(said), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("38 passed, 2 failed", 1, 38, 2)]
    [InlineData("40 passed, 0 failed", 0, 40, 0)]
    [InlineData("40 passed, 0 failed", 1, 40, 1)]
    [InlineData("Error: forge build failed", 1, 0, 1)]
    [InlineData("", 0, 0, 1)]
    public void A_mutation_run_without_totals_has_failed(string lastLine, int exitCode, int passed, int failed)
    {
        RingResult result = GuardRing.Read(lastLine, exitCode);

        Assert.Equal((passed, failed), (result.Passed, result.Failed));
    }

    [Fact]
    public void A_result_file_counts_a_timeout_as_failed_and_gives_the_reason_of_a_skip()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.trx");
        try
        {
            File.WriteAllText(file, """
                <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
                  <Results>
                    <UnitTestResult testName="Later" outcome="NotExecuted"><Output><ErrorInfo><Message>no Docker</Message></ErrorInfo></Output></UnitTestResult>
                  </Results>
                  <ResultSummary><Counters total="5" executed="4" passed="2" failed="1" error="0" timeout="1" /></ResultSummary>
                </TestRun>
                """);

            RingResult result = DotnetRing.Read(file);

            Assert.Equal((2, 2), (result.Passed, result.Failed));
            Assert.Equal([new SkippedTest("Later", "no Docker")], result.Skipped);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
