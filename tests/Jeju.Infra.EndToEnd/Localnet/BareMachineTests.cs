using System.Runtime.Versioning;
using System.Text.Json;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <summary>A machine that lacks something: as root on Debian <c>up</c> brings it, otherwise it says exactly what to install.</summary>
[SupportedOSPlatform("linux")]
public sealed class BareMachineTests
{
    // No user of the host's is mapped: the process is nobody, though the files are still its own.
    private const string AsNobody = "exec unshare --user ./jeju up";

    [BareMachineFact]
    public async Task As_root_up_installs_the_docker_engine_starts_it_and_goes_on()
    {
        await using LocalnetCheckout localnet = await EmptyLocalnetAsync();
        using BareMachine machine = new("dockerd");
        await machine.AddPackageAsync("docker.io", ("dockerd", machine.Engine));
        await machine.AddPackageAsync("ca-certificates");

        // Nothing of this machine outlives the command, so what was started is stopped in it.
        CommandRun run = (await machine.RunAsync(localnet, "trap './jeju localnet reset >&2' EXIT; ./jeju up >&2; ./jeju doctor --json")).Succeeded();

        Assert.Contains("jeju: installing docker.io ca-certificates", run.Error, StringComparison.Ordinal);
        Assert.Contains("jeju: starting the Docker Engine", run.Error, StringComparison.Ordinal);
        Assert.Contains("created chain", run.Error, StringComparison.Ordinal);
        JsonElement docker = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Single(finding => finding.GetProperty("subject").GetString() == "docker");
        Assert.True(docker.GetProperty("good").GetBoolean(), docker.ToString());
    }

    [BareMachineFact]
    public async Task Where_apt_cannot_bring_it_up_says_why_and_how_to_go_on_and_has_begun_nothing()
    {
        await using LocalnetCheckout localnet = await EmptyLocalnetAsync();
        using BareMachine machine = new("dockerd");
        machine.AddUnreachableSource();

        CommandRun up = (await machine.RunAsync(localnet, "exec ./jeju up")).FailedWith(1, "JEJU0813");

        Assert.Contains("Unable to locate package docker.io", up.Error, StringComparison.Ordinal);
        Assert.Contains("Failed to fetch http://127.0.0.1:1/debian", up.Error, StringComparison.Ordinal);
        Assert.Contains("apt-get install docker.io", up.Error, StringComparison.Ordinal);
        AssertNothingBegan(localnet);
    }

    [BareMachineFact]
    public async Task While_another_apt_is_at_work_up_says_so_and_waits_for_it()
    {
        await using LocalnetCheckout localnet = await EmptyLocalnetAsync();
        using BareMachine machine = new("dockerd");
        await using FileStream other = File.Create(machine.ListsLock);
        other.Lock(0, 0);
        List<string> waits = [];

        CommandRun up = await machine.RunAsync(localnet, "exec ./jeju up", line =>
        {
            if (line.Contains("another run of apt is at work", StringComparison.Ordinal))
            {
                waits.Add(line);
                other.Unlock(0, 0);
            }
        });

        Assert.Contains(machine.ListsLock.Split('/')[^1], Assert.Single(waits), StringComparison.Ordinal);
        // Its own turn came: there is no source at all.
        up.FailedWith(1, "JEJU0813");
        Assert.Contains("Unable to locate package docker.io", up.Error, StringComparison.Ordinal);
    }

    [BareMachineFact]
    public async Task An_engine_that_ends_at_once_is_not_waited_for_and_its_last_word_is_told()
    {
        await using LocalnetCheckout localnet = await EmptyLocalnetAsync();
        using BareMachine machine = new("dockerd");
        await machine.AddPackageAsync("docker.io", ("dockerd", "#!/bin/sh\necho 'failed to start daemon: the disk is read-only' >&2\nexit 1\n"));
        await machine.AddPackageAsync("ca-certificates");

        CommandRun up = (await machine.RunAsync(localnet, "exec ./jeju up")).FailedWith(1, "JEJU0812");

        Assert.Contains("dockerd ended at once: failed to start daemon: the disk is read-only", up.Error, StringComparison.Ordinal);
        AssertNothingBegan(localnet);
    }

    [BareMachineFact]
    public async Task Without_root_up_says_exactly_what_to_install()
    {
        await using LocalnetCheckout localnet = await EmptyLocalnetAsync();
        using BareMachine machine = new("dockerd");

        CommandRun up = (await machine.RunAsync(localnet, AsNobody)).FailedWith(1, "JEJU0812");

        Assert.Contains("apt-get install docker.io ca-certificates", up.Error, StringComparison.Ordinal);
        Assert.Contains("usermod -aG docker", up.Error, StringComparison.Ordinal);
        AssertNothingBegan(localnet);
    }

    [BareMachineFact]
    public async Task Without_root_an_engine_that_does_not_run_is_to_be_started()
    {
        await using LocalnetCheckout localnet = await EmptyLocalnetAsync();
        using BareMachine machine = new();

        CommandRun up = (await machine.RunAsync(localnet, AsNobody)).FailedWith(1, "JEJU0812");

        Assert.Contains("systemctl start docker", up.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("apt-get", up.Error, StringComparison.Ordinal);
        AssertNothingBegan(localnet);
    }

    [BareMachineFact]
    public async Task Without_npm_the_script_installs_it_as_root_and_names_it_to_others()
    {
        await using LocalnetCheckout localnet = await EmptyLocalnetAsync();
        using BareMachine machine = new("npm");
        machine.AddUnreachableSource();
        // As in a fresh clone, where the Ethereum tools are still to come.
        string tools = Path.Combine(localnet.Layout.Root, "contracts", "node_modules");
        Directory.Move(tools, $"{tools}.aside");
        string stamp = Path.Combine(localnet.Layout.StateFolder, "build", "contracts");
        File.Move(stamp, $"{stamp}.aside");

        CommandRun asRoot = (await machine.RunAsync(localnet, "exec ./jeju up")).FailedWith(1, "JEJU0006");
        CommandRun asNobody = (await machine.RunAsync(localnet, AsNobody)).FailedWith(1, "JEJU0005");
        await machine.AddPackageAsync("nodejs");
        await machine.AddPackageAsync("npm", ("npm", "#!/bin/sh\nexit 1\n"));
        CommandRun installed = (await machine.RunAsync(localnet, "exec ./jeju up")).FailedWith(1, "JEJU0008");
        Directory.Move($"{tools}.aside", tools);
        File.Move($"{stamp}.aside", stamp);

        Assert.Contains("Unable to locate package npm", asRoot.Error, StringComparison.Ordinal);
        Assert.Contains("apt-get install nodejs npm", asRoot.Error, StringComparison.Ordinal);
        Assert.Contains("apt-get install nodejs npm", asNobody.Error, StringComparison.Ordinal);
        Assert.Contains("jeju: installing nodejs npm", installed.Error, StringComparison.Ordinal);
    }

    private static async Task<LocalnetCheckout> EmptyLocalnetAsync()
    {
        LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[]"));
        // The machine's own, whatever the developer uses.
        localnet.Environment["DOCKER_HOST"] = null;
        return localnet;
    }

    private static void AssertNothingBegan(LocalnetCheckout localnet) =>
        Assert.False(Directory.Exists(localnet.Layout.ChainFolder("localnet")), "a chain was started");
}
