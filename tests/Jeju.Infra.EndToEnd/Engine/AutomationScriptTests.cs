using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Engine;

/// <summary>The script that operators write against the automation API, run as its own process.</summary>
public sealed class AutomationScriptTests
{
    [DockerFact(UsesAutomation = true)]
    public async Task The_script_brings_a_localnet_up_reads_an_endpoint_and_takes_it_down()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[redis]"));
        Dictionary<string, string?> environment = new(localnet.Environment) { ["JEJU_REPOSITORY"] = localnet.Layout.Root };
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(6));

        CommandRun run = await CommandRun.RunAsync(
            new ChildProcessStart(JejuScript.Layout.Executable("Jeju.Infra.Scripts", "Jeju.Infra.Scripts"), "chain", "endpoint")
            {
                WorkingFolder = localnet.Layout.Root,
                Environment = environment,
            },
            deadline.Token);

        run.Succeeded();
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{localnet.ChainPort}"), run.Output.Trim());
        // The port itself says nothing: by now anybody may listen there.
        JsonElement status = await localnet.JsonAsync("localnet", "status");
        Assert.Equal(JsonValueKind.Null, status.GetProperty("chain").ValueKind);
        Assert.Equal(JsonValueKind.Null, status.GetProperty("agentProcessId").ValueKind);
        Assert.Empty(status.GetProperty("workloads").EnumerateArray());
    }
}
