using System.Text.Json;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Localnet;

public sealed class LifecycleTests
{
    [DockerFact]
    [ReadmeCommand("./jeju localnet stop")]
    [ReadmeCommand("./jeju localnet start")]
    [ReadmeCommand("./jeju localnet reset")]
    public async Task Stop_and_start_keep_the_chain_and_reset_removes_it()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[redis]"));
        await localnet.UpAsync();
        string redis = await localnet.OutputAsync("connectionStrings.redis");
        await LocalnetCheckout.RedisAsync(redis, "set", "survivor", "yes");
        string genesis = await localnet.CastAsync("block", "0", "--field", "hash");

        (await localnet.RunAsync("localnet", "stop")).Succeeded();
        JsonElement stopped = await localnet.JsonAsync("localnet", "status");
        (await localnet.RunAsync("localnet", "start")).Succeeded();
        JsonElement started = await localnet.JsonAsync("localnet", "status");
        await Eventually.IsTrueAsync(
            "redis answers", TimeSpan.FromSeconds(60), async () => await LocalnetCheckout.TryRedisAsync(redis, "get", "survivor") == "yes");
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
}
