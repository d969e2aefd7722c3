using Jeju.Infra.Cli.Processes;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <summary>The machine fails in the middle of <c>up</c>: it says so with a code, and the next <c>up</c> goes on with what was paid.</summary>
public sealed class HostFailureTests
{
    [DockerFact]
    public async Task When_docker_stops_in_the_middle_up_says_so_and_the_next_one_goes_on_with_the_same_order()
    {
        await using DockerGate docker = new();
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[redis]"));
        localnet.Environment["DOCKER_HOST"] = docker.Address;
        docker.ShutAt("/containers/create");

        (await localnet.RunAsync("up")).FailedWith(1, "JEJU0601");

        Assert.True(docker.IsShut, "no container was asked for");
        docker.Open();
        await localnet.UpAsync();
        SuiteView suite = await SuiteView.OfAsync(localnet);
        string order = Assert.Single(await suite.LiveOrdersAsync());
        Assert.Equal(SuiteView.Ready, await suite.StateOfAsync(order));
        Assert.Equal("PONG", await LocalnetCheckout.RedisAsync(await localnet.OutputAsync("connectionStrings.redis"), "ping"));
    }

    [SmallDiskFact]
    public async Task When_the_disk_is_full_up_says_so_and_completes_once_there_is_room()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[]"));
        await using SmallDisk disk = await SmallDisk.MountAsync("48k");
        localnet.Environment["JEJU_HOME"] = disk.Folder;

        (await localnet.RunAsync("up")).FailedWith(1, "JEJU0103");
        await disk.ResizeAsync("256m");
        (await localnet.RunAsync("up")).Succeeded();
        (await localnet.RunAsync("localnet", "reset")).Succeeded();
    }
}
