using System.Diagnostics;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Orders;
using Jeju.Infra.Marketplace.Probes;

using Xunit;

namespace Jeju.Infra.EndToEnd.Marketplace;

public sealed class AgentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [DockerFact]
    public async Task Ordered_services_answer_survive_a_kill_and_leave_nothing_when_ended()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        using DockerEngine docker = new(TimeProvider.System);
        await using RunningAgent agent = new(network.Settings);
        PlacedOrder redis = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        PlacedOrder postgres = await network.Flow.PlaceAsync(network.Order("postgres", "b"), default);
        Bytes32[] orders = [redis.OrderId, postgres.OrderId];
        ReadyOrder[] ready = await Task.WhenAll(orders.Select(order => network.Flow.WaitUntilReadyAsync(order, network.Key, Patience, null, default)));

        Assert.All(ready, order => Assert.Equal("127.0.0.1", order.Endpoint.Host));
        Assert.Equal(ProbeOutcome.Serving, (await ProbeAsync("redis", ready[0])).Outcome);
        Assert.Equal(ProbeOutcome.Serving, (await ProbeAsync("postgres", ready[1])).Outcome);
        Assert.All(ready, order => Assert.DoesNotContain(order.Credentials.Password, agent.Log, StringComparison.Ordinal));

        foreach ((string kind, ReadyOrder order) in new[] { ("redis", ready[0]), ("postgres", ready[1]) })
        {
            DockerContainerSummary container = Assert.Single(await docker.ListContainersAsync([$"network.jeju.lease={order.OrderId}"], default));
            await docker.KillContainerAsync(container.Id, default);
            await agent.WaitUntilAsync(async () => (await ProbeAsync(kind, order)).Outcome == ProbeOutcome.Serving);
        }

        OrderEnding ending = await network.Flow.TerminateAsync(redis.OrderId, default);
        await network.Flow.TerminateAsync(postgres.OrderId, default);
        await agent.WaitUntilAsync(async () => !await HasWorkloadsAsync(docker, network));

        Assert.True(ending.WasLive);
        Assert.True(ending.Refunded > TokenAmount.Zero);
        Assert.Equal(redis.Deposit, ending.Paid + ending.Refunded + ending.InDispute);
    }

    [DockerFact]
    public async Task Agent_away_for_longer_than_a_heartbeat_comes_back_and_starts_nothing_twice()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        using DockerEngine docker = new(TimeProvider.System);
        ReadyOrder ready;
        await using (RunningAgent first = new(network.Settings))
        {
            PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
            ready = await network.Flow.WaitUntilReadyAsync(placed.OrderId, network.Key, Patience, null, default);
        }

        DockerContainerSummary before = Assert.Single(await docker.ListContainersAsync([$"network.jeju.lease={ready.OrderId}"], default));
        // Three missed heartbeats: the chain now says degraded. The service does not care.
        await network.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ExternalChainProviderTypes.OrderState.Degraded, await network.StateAsync(ready.OrderId));
        Assert.Equal(ProbeOutcome.Serving, (await ProbeAsync("redis", ready)).Outcome);

        await using RunningAgent second = new(network.Settings);
        await second.WaitUntilAsync(async () => await network.StateAsync(ready.OrderId) == ExternalChainProviderTypes.OrderState.Ready);
        await second.WaitUntilAsync(async () => (await second.StatusAsync()).GetProperty("leases").EnumerateArray()
            .Any(lease => lease.GetProperty("phase").GetString() == "Ready"));

        DockerContainerSummary after = Assert.Single(await docker.ListContainersAsync([$"network.jeju.lease={ready.OrderId}"], default));
        Assert.Equal(before.Id, after.Id);
        Assert.Equal(ready, await network.Flow.ReadAsync(ready.OrderId, network.Key, default));
    }

    [Fact]
    public async Task Lease_whose_time_is_over_is_ended_on_chain_and_its_workload_removed()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        await using RunningAgent agent = new(network.Settings with { Backend = "null" });
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "a") with { LeaseHours = 1 }, default);
        await agent.WaitUntilAsync(async () => await network.StateAsync(placed.OrderId) == ExternalChainProviderTypes.OrderState.Ready);

        await network.AdvanceAsync(TimeSpan.FromHours(1));
        await agent.WaitUntilAsync(async () => await network.StateAsync(placed.OrderId)
            is ExternalChainProviderTypes.OrderState.Ended or ExternalChainProviderTypes.OrderState.Settled);
        await agent.WaitUntilAsync(async () => !(await agent.StatusAsync()).GetProperty("leases").EnumerateArray()
            .Any(lease => lease.GetProperty("phase").GetString() != "Ended"));
    }

    [Fact]
    public async Task Same_salt_is_the_same_order_until_it_ends_and_then_the_next_generation()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        PlacedOrder first = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        int sent = network.Consumer.SentCount;
        PlacedOrder again = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);

        Assert.Equal(first with { WasAdopted = true }, again);
        Assert.Equal(sent, network.Consumer.SentCount);
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(
            () => network.NewFlow("another checkout").PlaceAsync(network.Order("redis", "a"), default));
        Assert.Equal("JEJU0520", refusal.Code.ToString());
        Assert.Equal(FailureKind.Refused, refusal.Kind);
        Assert.Contains($"pulumi import jeju:index:ProvisionedNode <name> {first.OrderId}", refusal.Remedy, StringComparison.Ordinal);

        await network.Flow.TerminateAsync(first.OrderId, default);
        PlacedOrder next = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        Assert.Equal(first.Generation + 1, next.Generation);
        Assert.NotEqual(first.OrderId, next.OrderId);
        Assert.False((await network.Flow.TerminateAsync(first.OrderId, default)).WasLive);
    }

    [Fact]
    public async Task Nobody_serves_and_the_wait_says_what_it_waits_for_and_ends_in_time()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        List<string> told = [];
        Stopwatch watch = Stopwatch.StartNew();

        InfraException late = await Assert.ThrowsAsync<InfraException>(
            () => network.Flow.WaitUntilReadyAsync(placed.OrderId, network.Key, TimeSpan.FromSeconds(1), new Collector(told), default));

        Assert.Equal("JEJU0523", late.Code.ToString());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Contains("waiting for provider node", Assert.Single(told), StringComparison.Ordinal);

        await network.AdvanceAsync(TimeSpan.FromMinutes(10));
        InfraException unserved = await Assert.ThrowsAsync<InfraException>(
            () => network.Flow.WaitUntilReadyAsync(placed.OrderId, network.Key, Patience, null, default));
        Assert.Equal("JEJU0522", unserved.Code.ToString());
    }

    [Fact]
    public async Task Offer_that_is_too_dear_elsewhere_or_absent_or_that_nobody_can_pay_is_refused_before_any_transaction()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        int sent = network.Consumer.SentCount;
        OrderSpecification[] impossible =
        [
            network.Order("redis", "a") with { MaximumPricePerHour = new TokenAmount(1) },
            network.Order("redis", "a") with { Region = "moon" },
            network.Order("redis", "a") with { OnlyCanonical = true },
            network.Order("redis", "a") with { WantsTee = true },
            network.Order("ipfs", "a"),
        ];

        foreach (OrderSpecification order in impossible)
        {
            InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => network.Flow.PlaceAsync(order, default));
            Assert.Equal("JEJU0521", refusal.Code.ToString());
        }

        Assert.Equal(sent, network.Consumer.SentCount);

        using TransactionPipeline poor = await TransactionPipeline.OpenAsync(
            network.Chain, SoftwareSigner.Generate(), TransactionJournal.InMemory(), new TransactionPipelineOptions(), default);
        OrderFlow flow = new(poor, network.Addresses["ExternalChainProvider"], new OrderJournal(Path.Combine(network.Folder, "poor")), TimeProvider.System);
        InfraException unpaid = await Assert.ThrowsAsync<InfraException>(() => flow.PlaceAsync(network.Order("redis", "a"), default));
        InfraException unknown = await Assert.ThrowsAsync<InfraException>(() => flow.ReadAsync(Bytes32.FromName("nobody"), network.Key, default));
        Assert.Equal(("JEJU0525", "JEJU0524"), (unpaid.Code.ToString(), unknown.Code.ToString()));
        Assert.Contains("Nothing was paid", unpaid.Remedy, StringComparison.Ordinal);
        Assert.Equal(0, poor.SentCount);
    }

    // The same order has the same id there, and would be given the old chain's workload with its password.
    [Fact]
    public async Task Leases_of_a_chain_that_has_taken_the_place_of_the_agents_are_not_read()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        await using ProviderNodeChain chain = await ProviderNodeChain.ConnectAsync(network.Settings, TimeProvider.System, default);
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        IReadOnlyList<Lease> leases = await chain.ReadLeasesAsync([], default);

        await network.ReplaceChainAsync();
        PlacedOrder again = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        InfraException replaced = await Assert.ThrowsAsync<InfraException>(() => chain.ReadLeasesAsync([], default));

        Assert.Equal(placed.OrderId, Assert.Single(leases).OrderId);
        Assert.Equal(placed.OrderId, again.OrderId);
        Assert.Equal(ChainErrors.ReplacedChainCode, replaced.Code);
    }

    [DockerFact]
    public async Task Replaced_chain_is_served_by_the_same_agent_and_the_old_chains_workloads_go()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        using DockerEngine docker = new(TimeProvider.System);
        await using RunningAgent agent = new(network.Settings);
        PlacedOrder old = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        ReadyOrder before = await network.Flow.WaitUntilReadyAsync(old.OrderId, network.Key, Patience, null, default);

        await network.ReplaceChainAsync();
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        ReadyOrder after = await network.Flow.WaitUntilReadyAsync(placed.OrderId, network.Key, Patience, null, default);

        // The same id, on another chain: another lease, with a password of its own.
        Assert.Equal(old.OrderId, placed.OrderId);
        Assert.NotEqual(before.Credentials, after.Credentials);
        await agent.WaitUntilAsync(async () =>
            (await docker.ListContainersAsync([$"network.jeju.provider={network.NodeId}"], default)).Count == 1);
        Assert.Equal(ProbeOutcome.Serving, (await ProbeAsync("redis", after)).Outcome);
    }

    [Fact]
    public async Task Status_health_and_metrics_answer_on_loopback()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        await using RunningAgent agent = new(network.Settings with { Backend = "null" });
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        await network.Flow.WaitUntilReadyAsync(placed.OrderId, network.Key, Patience, null, default);
        Uri address = new(await File.ReadAllTextAsync(network.Settings.StatusFile));
        using HttpClient http = new() { BaseAddress = address };

        Assert.True(address.IsLoopback);
        Assert.Equal("ok", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
        string metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("# TYPE jeju_agent_leases gauge", metrics, StringComparison.Ordinal);
        Assert.Contains("jeju_agent_heartbeats_total", metrics, StringComparison.Ordinal);
        Assert.Equal(network.NodeId.ToString(), (await agent.StatusAsync()).GetProperty("nodeId").GetString());
    }

    [Fact]
    public async Task A_second_agent_with_the_same_folder_is_refused()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        await using RunningAgent first = new(network.Settings with { Backend = "null" });
        await first.StatusAsync();

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(async () =>
        {
            await using RunningAgent second = new(network.Settings with { Backend = "null" });
        });
        Assert.Equal("JEJU0631", refusal.Code.ToString());
    }

    private static Task<ProbeResult> ProbeAsync(string kind, ReadyOrder order) => ServiceProbes
        .For(ServiceCatalog.Find(kind).Workload!.Probe, TimeProvider.System).ProbeAsync(order.Endpoint, order.Credentials, default);

    private static async Task<bool> HasWorkloadsAsync(DockerEngine docker, MarketplaceNetwork network)
    {
        string[] filter = [$"network.jeju.provider={network.NodeId}"];
        return (await docker.ListContainersAsync(filter, default)).Count + (await docker.ListNetworksAsync(filter, default)).Count
            + (await docker.ListVolumesAsync(filter, default)).Count > 0;
    }

    private sealed class Collector(List<string> texts) : IProgress<string>
    {
        public void Report(string value) => texts.Add(value);
    }
}
