using System.Text.Json;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

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

    [Fact]
    [ReadmeCommand("./jeju build")]
    [ReadmeCommand("./jeju doctor")]
    public async Task Doctor_and_build_find_everything_in_a_built_checkout()
    {
        await using LocalnetCheckout checkout = await LocalnetCheckout.CreateAsync();

        (await checkout.RunAsync("build")).Succeeded();
        JsonElement findings = JsonDocument.Parse((await checkout.RunAsync("doctor", "--json")).Output).RootElement;

        Assert.Contains(findings.EnumerateArray(), finding => finding.GetProperty("subject").GetString() == "package mode" && finding.GetProperty("good").GetBoolean());

        // A tool that is here is found to be good: each is asked in its own way. Whether Docker runs is for the machine to say.
        Assert.All(
            findings.EnumerateArray().Where(finding => finding.GetProperty("subject").GetString() != "docker"),
            finding => Assert.True(
                finding.GetProperty("good").GetBoolean() || finding.GetProperty("detail").GetString()!.StartsWith("not found", StringComparison.Ordinal), finding.ToString()));
    }

    [DockerFact]
    [ReadmeCommand("./jeju images build")]
    [ReadmeCommand("./jeju images pin")]
    public async Task Images_are_built_once_and_a_pin_is_all_or_nothing()
    {
        await using LocalnetCheckout checkout = await LocalnetCheckout.CreateAsync();
        string lockFile = Path.Combine(checkout.Layout.ImagesFolder, "images.lock.json");

        JsonElement images = await checkout.JsonAsync("images", "build");
        CommandRun pin = await checkout.RunAsync("images", "pin");

        Assert.Equal(["postgres", "redis"], images.EnumerateObject().Select(image => image.Name).Order());
        // Where no registry answers there is an error with a code and no lock file; where one answers there is a lock file.
        Assert.Equal(pin.ExitCode == 0, File.Exists(lockFile));
        Assert.True(pin.ExitCode == 0 || pin.Error.Contains("JEJU0841", StringComparison.Ordinal), pin.ToString());
    }

    [Fact]
    [ReadmeCommand("./jeju test")]
    [ReadmeCommand("./jeju bench")]
    public async Task The_rings_and_the_figures_tell_what_they_are()
    {
        // This test is itself a part of ./jeju test; running that here would never end.
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(5));

        (int test, string rings) = await JejuScript.RunAsync(deadline.Token, "test", "--help");
        (int bench, string figures) = await JejuScript.RunAsync(deadline.Token, "bench", "--help");

        Assert.Equal((0, 0), (test, bench));
        Assert.Contains("chaos", rings, StringComparison.Ordinal);
        Assert.NotEmpty(figures);
    }
}
