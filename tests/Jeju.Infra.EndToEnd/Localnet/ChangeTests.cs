using System.Text.Json;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <summary>What changes do, one localnet for the whole walk: each step judges what the step before left.</summary>
public sealed class ChangeTests
{
    [DockerFact]
    [ReadmeCommand("./jeju destroy")]
    public async Task There_and_back_a_replacement_destroy_and_up_again_do_what_they_say()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[redis]"));
        await localnet.UpAsync();
        using LeaseContainers containers = await LeaseContainers.OfAsync(localnet);
        SuiteView suite = await SuiteView.OfAsync(localnet);
        string first = Assert.Single(await suite.LiveOrdersAsync());

        // From A to B and back: what is undone leaves what was there before.
        await localnet.WriteSettingsAsync(("services", "[redis]"), ("commission", "2500"));
        JsonElement there = await localnet.JsonAsync("up");
        await localnet.WriteSettingsAsync(("services", "[redis]"));
        JsonElement preview = await localnet.JsonAsync("preview");

        // The component has the argument as well as the resource in it.
        Assert.Equal(["node commission", "node-stake commission"], there.GetProperty("changes").EnumerateArray().Select(Difference));
        Assert.Equal(["node commission", "node-stake commission"], preview.GetProperty("changes").EnumerateArray().Select(Difference));
        await localnet.UpAsync();
        Assert.Equal(first, Assert.Single(await suite.LiveOrdersAsync()));

        // A replacement is a new lease with a new container; the old one is over on both sides.
        string container = (await containers.ByKindAsync())["redis"].Id;
        (await localnet.RunAsync("up", "--replace", await UrnOfAsync(localnet, "jeju:index:ProvisionedNode"))).Succeeded();
        string second = Assert.Single(await suite.LiveOrdersAsync());
        Assert.NotEqual(first, second);
        Assert.Equal(SuiteView.Ready, await suite.StateOfAsync(second));
        await Eventually.IsTrueAsync("one container is left", TimeSpan.FromSeconds(60), async () => await containers.CountAsync() == (1, 1, 1));
        Assert.NotEqual(container, (await containers.ByKindAsync())["redis"].Id);
        Assert.Equal("PONG", await LocalnetCheckout.RedisAsync(await localnet.OutputAsync("connectionStrings.redis"), "ping"));

        // Another region is another node: its agent gives up the leases that the old one served, and the preview knows it.
        await localnet.WriteSettingsAsync(("services", "[redis]"), ("region", "elsewhere"));
        JsonElement planned = await localnet.JsonAsync("preview");
        JsonElement moved = await localnet.JsonAsync("up");
        Assert.Contains("replace redis (jeju:index:ProvisionedNode)", Replacements(planned));
        Assert.Equal(Replacements(moved), Replacements(planned));
        Assert.NotEqual(second, Assert.Single(await suite.LiveOrdersAsync()));

        // Nothing is left of what is destroyed, and up begins anew.
        (await localnet.RunAsync("destroy")).Succeeded();
        Assert.Equal((0, 0, 0), await containers.CountAsync());
        JsonElement status = await localnet.JsonAsync("localnet", "status");
        Assert.Equal(JsonValueKind.Null, status.GetProperty("chain").ValueKind);
        Assert.Equal(JsonValueKind.Null, status.GetProperty("agentProcessId").ValueKind);
        await localnet.UpAsync();
        Assert.Equal("PONG", await LocalnetCheckout.RedisAsync(await localnet.OutputAsync("connectionStrings.redis"), "ping"));
    }

    private static IEnumerable<string> Replacements(JsonElement report) => report.GetProperty("changes").EnumerateArray()
        .Where(change => change.GetProperty("operation").GetString() == "replace")
        .Select(change => $"replace {change.GetProperty("name")} ({change.GetProperty("type")})")
        .Order(StringComparer.Ordinal);

    private static string Difference(JsonElement change) =>
        $"{change.GetProperty("name")} {Assert.Single(change.GetProperty("differences").EnumerateArray()).GetProperty("path")}";

    private static async Task<string> UrnOfAsync(LocalnetCheckout localnet, string type)
    {
        JsonElement preview = await localnet.JsonAsync("preview");
        return preview.GetProperty("resources").EnumerateArray()
            .Select(resource => resource.GetProperty("urn").GetString() ?? string.Empty)
            .Single(urn => urn.Contains($"{type}::", StringComparison.Ordinal));
    }
}
