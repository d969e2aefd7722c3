using System.Text.Json;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Localnet;

public sealed class LifecycleTests
{
    [DockerFact]
    public async Task Stop_and_start_keep_the_chain_and_reset_removes_it()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.UpAsync();
        string genesis = await localnet.CastAsync("block", "0", "--field", "hash");

        (await localnet.RunAsync("localnet", "stop")).Succeeded();
        JsonElement stopped = await localnet.JsonAsync("localnet", "status");
        (await localnet.RunAsync("localnet", "start")).Succeeded();
        JsonElement started = await localnet.JsonAsync("localnet", "status");
        string genesisAfter = await localnet.CastAsync("block", "0", "--field", "hash");
        (await localnet.RunAsync("localnet", "reset")).Succeeded();
        JsonElement gone = await localnet.JsonAsync("localnet", "status");

        Assert.Equal(JsonValueKind.Null, stopped.GetProperty("chain").ValueKind);
        Assert.Equal(JsonValueKind.Object, started.GetProperty("chain").ValueKind);
        Assert.Equal(genesis, genesisAfter);
        Assert.Equal(JsonValueKind.Null, gone.GetProperty("chain").ValueKind);
        Assert.Empty(gone.GetProperty("workloads").EnumerateArray());
        Assert.False(Directory.Exists(localnet.Layout.StackFolder("localnet")));
    }

    [DockerFact]
    public async Task A_second_up_changes_nothing()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.UpAsync();
        string block = await localnet.CastAsync("block-number");

        JsonElement second = await localnet.JsonAsync("up");

        Assert.Empty(second.GetProperty("changes").EnumerateArray());
        Assert.Equal(block, await localnet.CastAsync("block-number"));
    }
}
