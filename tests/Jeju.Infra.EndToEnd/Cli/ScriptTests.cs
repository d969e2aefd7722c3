using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Cli;

public sealed class ScriptTests
{
    [Fact]
    public async Task The_script_runs_from_any_folder_and_passes_the_exit_code_on()
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(5));

        (int help, string text) = await JejuScript.RunAsync(deadline.Token, "--help");
        (int wrong, string error) = await JejuScript.RunAsync(deadline.Token, "tset");

        Assert.Equal(0, help);
        Assert.Contains("doctor", text, StringComparison.Ordinal);
        Assert.Equal(2, wrong);
        Assert.Contains("JEJU0010", error, StringComparison.Ordinal);
    }
}
