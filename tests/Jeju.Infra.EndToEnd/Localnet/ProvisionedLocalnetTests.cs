using System.Text.Json;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <summary>What a person finds after <c>./jeju up</c>.</summary>
public sealed partial class ProvisionedLocalnetTests(ProvisionedLocalnet provisioned) : IClassFixture<ProvisionedLocalnet>
{
    private static readonly TimeSpan RestoreDeadline = TimeSpan.FromSeconds(20);

    private LocalnetCheckout Localnet => provisioned.Localnet;

    [DockerFact]
    [ReadmeCommand("./jeju up")]
    [ReadmeCommand("./jeju outputs")]
    [ReadmeCommand("./jeju outputs --json --show-secrets")]
    [ReadmeCommand("psql \"$(./jeju outputs connectionStrings.postgres --show-secrets)\" -c 'select 1'")]
    [ReadmeCommand("redis-cli -u \"$(./jeju outputs connectionStrings.redis --show-secrets)\" ping")]
    public async Task The_printed_connection_strings_work_in_the_usual_clients()
    {
        JsonElement connections = (await Localnet.JsonAsync("outputs", "--show-secrets")).GetProperty("connectionStrings");
        string postgres = await Localnet.OutputAsync("connectionStrings.postgres");
        string redis = await Localnet.OutputAsync("connectionStrings.redis");
        CommandRun plain = (await Localnet.RunAsync("outputs")).Succeeded();

        Assert.Equal("1", await LocalnetCheckout.PsqlAsync(postgres, "select 1"));
        Assert.Equal("PONG", await LocalnetCheckout.RedisAsync(redis, "ping"));
        Assert.Equal(postgres, connections.GetProperty("postgres").GetString());
        Assert.DoesNotContain(redis, plain.Output, StringComparison.Ordinal);
    }

    [DockerFact]
    public async Task The_chain_shows_both_orders_ready_with_escrow_and_the_node_with_its_stake()
    {
        SuiteView suite = await SuiteView.OfAsync(Localnet);

        IReadOnlyList<string> orders = await suite.LiveOrdersAsync();

        Assert.Equal(2, orders.Count);
        foreach (string order in orders)
        {
            Assert.Equal(SuiteView.Ready, await suite.StateOfAsync(order));
            Assert.True(await suite.EscrowOfAsync(order) > 0, $"no money in escrow for {order}");
        }

        Assert.True(await suite.StakeAsync() > 0, "no stake");
        Assert.True(await suite.IsHealthyAsync(), "no heartbeat");
        (System.Numerics.BigInteger held, System.Numerics.BigInteger owed) = await suite.MoneyAsync();
        Assert.Equal(held, owed);
    }

    [DockerFact]
    public async Task A_second_up_changes_nothing_and_sends_no_transaction()
    {
        SuiteView suite = await SuiteView.OfAsync(Localnet);
        IReadOnlyList<string> before = await suite.TransactionCountsAsync();

        JsonElement second = await Localnet.JsonAsync("up", "--expect-no-changes");

        Assert.Empty(second.GetProperty("changes").EnumerateArray());
        Assert.Equal(before, await suite.TransactionCountsAsync());
    }

    [DockerFact]
    [ReadmeCommand("./jeju preview")]
    public async Task A_preview_after_a_changed_setting_shows_exactly_that_change()
    {
        try
        {
            await Localnet.WriteSettingsAsync(("commission", "2500"));

            JsonElement preview = await Localnet.JsonAsync("preview");

            // The component has the argument as well as the resource in it.
            Assert.Equal(["node", "node-stake"], preview.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("name").GetString()));
            Assert.All(preview.GetProperty("changes").EnumerateArray(), change =>
            {
                Assert.Equal("update", change.GetProperty("operation").GetString());
                JsonElement difference = Assert.Single(change.GetProperty("differences").EnumerateArray());
                Assert.Equal("commission", difference.GetProperty("path").GetString());
            });
        }
        finally
        {
            await Localnet.WriteSettingsAsync();
        }
    }

    [DockerFact]
    [ReadmeCommand("./jeju refresh")]
    public async Task A_refresh_finds_no_drift()
    {
        await Localnet.JsonAsync("refresh");

        JsonElement second = await Localnet.JsonAsync("refresh");

        Assert.Empty(second.GetProperty("changes").EnumerateArray());
    }

    [DockerFact]
    [ReadmeCommand("./jeju discover")]
    public async Task Discover_finds_the_endpoints_without_any_local_file()
    {
        JsonElement endpoints = (await Localnet.JsonAsync("outputs")).GetProperty("endpoints");
        string elsewhere = Localnet.Layout.StateFolder + ".elsewhere";
        Directory.Move(Localnet.Layout.StateFolder, elsewhere);
        JsonElement services;
        JsonElement redisAlone;
        try
        {
            // The script itself would find out the package mode anew; the command is asked directly.
            services = await Localnet.ToolJsonAsync("discover");
            redisAlone = await Localnet.ToolJsonAsync("discover", "--kind", "redis");
        }
        finally
        {
            Directory.Move(elsewhere, Localnet.Layout.StateFolder);
        }

        Assert.Equal(
            endpoints.EnumerateObject().Select(endpoint => endpoint.Value.GetString()).Order(),
            services.EnumerateArray().Select(Endpoint).Order());
        Assert.Equal(endpoints.GetProperty("redis").GetString(), Endpoint(Assert.Single(redisAlone.EnumerateArray())));
    }

    [DockerFact]
    public async Task A_killed_container_comes_back_at_the_same_endpoint_with_its_data()
    {
        using LeaseContainers containers = await LeaseContainers.OfAsync(Localnet);
        string redis = await Localnet.OutputAsync("connectionStrings.redis");
        string postgres = await Localnet.OutputAsync("connectionStrings.postgres");
        await LocalnetCheckout.RedisAsync(redis, "set", "survivor", "yes");
        await LocalnetCheckout.RedisAsync(redis, "waitaof", "1", "0", "2000");
        await LocalnetCheckout.PsqlAsync(postgres, "create table if not exists survivor as select 'yes' as answer");
        IReadOnlyDictionary<string, DockerContainerSummary> before = await containers.ByKindAsync();

        await containers.KillAsync(before["redis"].Id);
        await containers.KillAsync(before["postgres"].Id);

        await Eventually.IsTrueAsync("redis answers", RestoreDeadline, async () => await LocalnetCheckout.TryRedisAsync(redis, "get", "survivor") == "yes");
        await Eventually.IsTrueAsync(
            "postgres answers", RestoreDeadline, async () => await LocalnetCheckout.TryPsqlAsync(postgres, "select answer from survivor") == "yes");
        Assert.Equal((2, 2, 2), await containers.CountAsync());
    }

    [DockerFact]
    public async Task A_stopped_agent_stops_no_service_and_starts_nothing_twice_when_it_returns()
    {
        using LeaseContainers containers = await LeaseContainers.OfAsync(Localnet);
        SuiteView suite = await SuiteView.OfAsync(Localnet);
        string redis = await Localnet.OutputAsync("connectionStrings.redis");
        IReadOnlyDictionary<string, DockerContainerSummary> before = await containers.ByKindAsync();
        int agent = (await Localnet.JsonAsync("localnet", "status")).GetProperty("agentProcessId").GetInt32();

        (await CommandRun.RunAsync(new Jeju.Infra.Cli.Processes.ChildProcessStart("kill", "-9", $"{agent}"), CancellationToken.None)).Succeeded();
        // Block time stands still on a chain without transactions; only the next block shows that the heartbeats are missing.
        await Localnet.CastAsync("rpc", "evm_increaseTime", "60");
        await Eventually.IsTrueAsync("the node is late", TimeSpan.FromMinutes(2), async () =>
        {
            await Localnet.CastAsync("rpc", "evm_mine");
            return !await suite.IsHealthyAsync();
        });
        string whileStopped = await LocalnetCheckout.RedisAsync(redis, "ping");
        await Localnet.UpAsync();
        await Eventually.IsTrueAsync("the node reports again", TimeSpan.FromMinutes(1), suite.IsHealthyAsync);

        Assert.Equal("PONG", whileStopped);
        IReadOnlyDictionary<string, DockerContainerSummary> after = await containers.ByKindAsync();
        Assert.Equal(before.Values.Select(one => one.Id).Order(), after.Values.Select(one => one.Id).Order());
        Assert.Equal("PONG", await LocalnetCheckout.RedisAsync(redis, "ping"));
    }

    [DockerFact]
    [ReadmeCommand("./jeju contracts inspect")]
    [ReadmeCommand("./jeju contracts verify")]
    [ReadmeCommand("./jeju localnet status")]
    [ReadmeCommand("./jeju agent run")]
    [ReadmeCommand("./jeju agent watch")]
    public async Task The_contracts_are_as_planned_and_the_status_tells_what_runs()
    {
        JsonElement contracts = await Localnet.JsonAsync("contracts", "inspect");
        CommandRun verified = await Localnet.RunAsync("contracts", "verify");
        JsonElement status = await Localnet.JsonAsync("localnet", "status");
        // The localnet's own agent is one; a second with the same folder is refused.
        CommandRun secondAgent = await Localnet.RunAsync(
            "agent", "run", "--settings", Path.Combine(Localnet.Layout.AgentFolder("localnet"), "settings.json"));
        CommandRun stranger = await Localnet.RunAsync("agent", "watch", "--signer", "development:delegator", "--exchange", Path.Combine(Localnet.Layout.Root, "records"));

        Assert.All(contracts.EnumerateArray(), contract => Assert.True(contract.GetProperty("deployed").GetBoolean()));
        verified.Succeeded();
        Assert.Equal(["postgres", "redis"], status.GetProperty("workloads").EnumerateArray().Select(one => one.GetProperty("kind").GetString()));
        secondAgent.FailedWith(3, "JEJU0631");
        stranger.FailedWith(3, "JEJU0640");
    }

    private static string Endpoint(JsonElement service) =>
        $"{service.GetProperty("host").GetString()}:{service.GetProperty("ports")[0].GetInt32()}";
}
