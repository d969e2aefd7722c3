using System.Text.Json;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Probes;
using Jeju.Infra.Marketplace.Watchers;

using Npgsql;

using Xunit;

namespace Jeju.Infra.EndToEnd.Marketplace;

public sealed class DockerBackendTests
{
    [DockerFact]
    public async Task Postgres_KilledAndStartedAgain_HasTheSameEndpointPasswordAndData()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        Workload first = await host.Backend.EnsureAsync(DockerHost.Request("postgres", order), default);
        await DockerHost.WaitUntilServingAsync(first);
        await ExecuteAsync(first, "CREATE TABLE kept (value int); INSERT INTO kept VALUES (42)");

        await host.KillAsync(order);
        Workload second = await host.Backend.EnsureAsync(DockerHost.Request("postgres", order, first.Endpoint), default);
        await DockerHost.WaitUntilServingAsync(second);

        Assert.Equal(first, second);
        Assert.Equal(42, await ExecuteAsync(second, "SELECT value FROM kept"));
    }

    [DockerTheory]
    [InlineData("redis", true)]
    [InlineData("redis", false)]
    [InlineData("postgres", true)]
    public async Task Container_that_is_back_is_known_to_the_host_before_anybody_asks_for_it(string kind, bool isSameAgent)
    {
        // A host that asked for it while it was away, for a client, would ask again a second later, and reach it no sooner.
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        Workload first = await host.Backend.EnsureAsync(DockerHost.Request(kind, order), default);
        string name = Assert.Single(await host.Engine.ListContainersAsync([$"network.jeju.lease={order}"], default)).Names[0].TrimStart('/');
        Assert.False(IsNeighbour(await AddressAsync(host, name)), "nobody has spoken with it yet");

        await host.KillAsync(order);
        using DockerBackend restarted = host.NewBackend();
        await (isSameAgent ? host.Backend : restarted).EnsureAsync(DockerHost.Request(kind, order, first.Endpoint), default);

        string address = await AddressAsync(host, name);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (!IsNeighbour(address))
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    [DockerFact]
    public async Task Running_container_is_left_alone_however_often_it_is_looked_at()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        Workload first = await host.Backend.EnsureAsync(DockerHost.Request("redis", order), default);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        await using IAsyncEnumerator<DockerEvent?> events =
            host.Engine.WatchAsync([$"network.jeju.lease={order}"], deadline.Token).GetAsyncEnumerator(deadline.Token);
        Assert.True(await events.MoveNextAsync());

        using DockerBackend restarted = host.NewBackend();
        foreach (DockerBackend agent in (DockerBackend[])[host.Backend, restarted, restarted])
        {
            await agent.EnsureAsync(DockerHost.Request("redis", order, first.Endpoint), default);
        }

        await host.KillAsync(order);
        List<string> actions = [];
        while (actions.LastOrDefault() is not "die")
        {
            Assert.True(await events.MoveNextAsync());
            actions.AddRange(events.Current is { Type: "container" } seen ? [seen.Action] : []);
        }

        Assert.DoesNotContain(actions, action => action.StartsWith("exec", StringComparison.Ordinal) || action == "start");
    }

    [DockerFact]
    public async Task Redis_ContainerAndNetworkRemovedByHand_IsMadeAnewAroundItsVolume()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        Workload first = await host.Backend.EnsureAsync(DockerHost.Request("redis", order), default);
        await DockerHost.WaitUntilServingAsync(first);
        Assert.Equal("+OK", await CallRedisAsync(first, "SET", "kept", "yes"));

        string name = Assert.Single(await host.Engine.ListContainersAsync([$"network.jeju.lease={order}"], default)).Names[0].TrimStart('/');
        // In order, so that the last second is on the disk: what a kill may lose is another test's matter.
        await host.Engine.StopContainerAsync(name, default);
        await host.Engine.RemoveContainerAsync(name, default);
        await host.Engine.RemoveNetworkAsync(name, default);
        using DockerBackend restarted = host.NewBackend();
        Workload second = await restarted.EnsureAsync(DockerHost.Request("redis", order, first.Endpoint), default);
        await DockerHost.WaitUntilServingAsync(second);

        Assert.Equal(first, second);
        Assert.Equal("$3", await CallRedisAsync(second, "GET", "kept"));
    }

    [DockerFact]
    public async Task Ready_stateful_lease_without_its_volume_is_never_replaced_by_an_empty_store()
    {
        await using DockerHost host = new();
        ServiceEndpoint reported = new("127.0.0.1", [20000]);

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(
            () => host.Backend.EnsureAsync(DockerHost.Request("redis", DockerHost.NewOrder(), reported), default));

        Assert.Equal("JEJU0622", refusal.Code.ToString());
        Assert.Empty(await host.LeftoversAsync());
    }

    [DockerFact]
    public async Task Twice_is_once_and_a_restarted_agent_finds_its_workloads_by_their_labels()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        Workload first = await host.Backend.EnsureAsync(DockerHost.Request("redis", order), default);
        string id = Assert.Single(await host.Engine.ListContainersAsync([$"network.jeju.lease={order}"], default)).Id;

        using DockerBackend restarted = host.NewBackend();
        Workload listed = Assert.Single(await restarted.ListAsync(default));
        Workload? found = await restarted.FindAsync(order, default);
        Workload second = await restarted.EnsureAsync(DockerHost.Request("redis", order), default);

        Assert.Equal(first with { Credentials = null }, listed);
        Assert.Equal(first, found);
        Assert.Equal(first, second);
        Assert.Equal(id, Assert.Single(await host.Engine.ListContainersAsync([$"network.jeju.lease={order}"], default)).Id);
    }

    [DockerFact]
    public async Task Removed_lease_leaves_nothing_and_removing_again_succeeds()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        await host.Backend.EnsureAsync(DockerHost.Request("redis", order), default);

        await host.Backend.RemoveAsync(order, default);
        await host.Backend.RemoveAsync(order, default);

        Assert.Empty(await host.LeftoversAsync());
    }

    [DockerFact]
    public async Task The_password_is_in_no_inspection_and_the_service_refuses_another()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        Workload workload = await host.Backend.EnsureAsync(DockerHost.Request("redis", order), default);
        await DockerHost.WaitUntilServingAsync(workload);
        string id = Assert.Single(await host.Engine.ListContainersAsync([$"network.jeju.lease={order}"], default)).Id;

        DockerContainer? container = await host.Engine.FindContainerAsync(id, default);
        string? log = await host.Backend.ReadLogTailAsync(order, default);
        ProbeResult wrong = await ServiceProbes.For(ProbeProtocol.RedisPing, TimeProvider.System)
            .ProbeAsync(workload.Endpoint!, workload.Credentials! with { Password = "guess" }, default);

        Assert.DoesNotContain(workload.Credentials!.Password, JsonSerializer.Serialize(container), StringComparison.Ordinal);
        Assert.NotNull(log);
        Assert.DoesNotContain(workload.Credentials.Password, log, StringComparison.Ordinal);
        Assert.Equal(ProbeOutcome.Refusing, wrong.Outcome);
    }

    [DockerTheory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task Beyond_loopback_the_service_speaks_TLS_alone_with_the_certificate_of_its_lease(string kind)
    {
        await using DockerHost host = new();
        using DockerBackend backend = host.NewBackend(speaksTls: true);
        Bytes32 order = DockerHost.NewOrder();
        Workload workload = await backend.EnsureAsync(DockerHost.Request(kind, order), default);
        await DockerHost.WaitUntilServingAsync(workload);
        IServiceProbe probe = ServiceProbes.For(ServiceCatalog.Find(kind).Workload!.Probe, TimeProvider.System);
        string? fingerprint = workload.Credentials!.CertificateFingerprint;
        Assert.Matches("^[0-9a-f]{64}$", fingerprint);

        ProbeResult plain = await probe.ProbeAsync(workload.Endpoint!, workload.Credentials with { CertificateFingerprint = null }, default);
        ProbeResult other = await probe.ProbeAsync(workload.Endpoint!, workload.Credentials with { CertificateFingerprint = new string('0', 64) }, default);
        ProbeResult watched = await new WatcherProbe(mayBeLocal: true, TimeProvider.System).AskAsync(ServiceCatalog.Find(kind), workload.Endpoint!, default);
        await host.KillAsync(order);
        Workload again = await backend.EnsureAsync(DockerHost.Request(kind, order, workload.Endpoint), default);
        await DockerHost.WaitUntilServingAsync(again);

        Assert.NotEqual(ProbeOutcome.Serving, plain.Outcome);
        Assert.NotEqual(ProbeOutcome.Serving, other.Outcome);

        // A watcher, who knows neither password nor certificate, finds it alive.
        Assert.Equal(ProbeOutcome.Refusing, watched.Outcome);
        Assert.Equal(workload, again);
    }

    [DockerFact]
    public async Task Killed_container_is_reported_as_it_happens()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        await host.Backend.EnsureAsync(DockerHost.Request("redis", order), default);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));

        Bytes32? reported = null;
        await foreach (Bytes32? change in host.Backend.WatchAsync(deadline.Token))
        {
            if (change is null)
            {
                await host.KillAsync(order);
                continue;
            }

            reported = change;
            break;
        }

        Assert.Equal(order, reported);
    }

    [DockerFact]
    public async Task Many_leases_have_networks_ports_and_passwords_of_their_own()
    {
        await using DockerHost host = new();
        Bytes32[] orders = [.. Enumerable.Range(0, 4).Select(_ => DockerHost.NewOrder())];

        Workload[] workloads = await Task.WhenAll(orders.Select(order => host.Backend.EnsureAsync(DockerHost.Request("redis", order), default)));

        IReadOnlyList<DockerNetwork> networks = await host.Engine.ListNetworksAsync([$"network.jeju.provider={host.Scope.Provider}"], default);
        string?[] subnets = [.. networks.Select(network => network.AddressManagement?.Config?[0].Subnet)];
        Assert.Equal(4, subnets.Distinct().Count());
        Assert.All(subnets, subnet => Assert.EndsWith("/28", subnet, StringComparison.Ordinal));
        Assert.Equal(4, workloads.Select(workload => workload.Endpoint!.Port).Distinct().Count());
        Assert.Equal(4, workloads.Select(workload => workload.Credentials!.Password).Distinct().Count());
    }

    [DockerFact]
    public async Task Only_what_an_earlier_chain_left_is_removed_after_a_reset()
    {
        await using DockerHost host = new();
        Bytes32 order = DockerHost.NewOrder();
        await host.Backend.EnsureAsync(DockerHost.Request("redis", order), default);
        using DockerBackend next = new(
            host.Engine, host.Images, host.Scope with { Genesis = Bytes32.FromName("next genesis") }, new DockerBackendOptions(), TimeProvider.System);
        await next.EnsureAsync(DockerHost.Request("redis", order), default);

        Assert.Single(await next.ListAsync(default));
        await next.RemoveAllAsync(onlyOtherChains: true, default);

        Assert.Empty(await host.Backend.ListAsync(default));
        Assert.Single(await next.ListAsync(default));
        // The host removes the rest: both chains have the same id.
    }

    [DockerFact]
    public async Task Another_localnet_with_the_same_node_id_on_this_machine_is_left_alone()
    {
        await using DockerHost host = new();
        await host.Backend.EnsureAsync(DockerHost.Request("redis", DockerHost.NewOrder()), default);
        using DockerBackend neighbour = new(
            host.Engine, host.Images, host.Scope with { Genesis = Bytes32.FromName("another chain"), StateFolder = "/another" }, new DockerBackendOptions(), TimeProvider.System);

        await neighbour.RemoveAllAsync(onlyOtherChains: true, default);
        await neighbour.RemoveAllAsync(onlyOtherChains: false, default);

        Assert.True(Assert.Single(await host.Backend.ListAsync(default)).IsRunning);
    }

    [DockerFact]
    public async Task Image_that_neither_a_registry_nor_a_recipe_has_is_refused_with_both_reasons()
    {
        await using DockerHost host = new();

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(
            () => host.Images.EnsureAsync(new ServiceImage("registry.invalid/jeju/absent:1", null), null, default));

        Assert.Equal("JEJU0610", refusal.Code.ToString());
        Assert.Contains("Pull:", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no recipe", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Daemon_that_is_not_there_is_named_with_the_way_out()
    {
        using DockerEngine engine = new(TimeProvider.System, "/nonexistent/docker.sock");

        InfraException failure = await Assert.ThrowsAsync<InfraException>(() => engine.VersionAsync(default));

        Assert.Equal("JEJU0601", failure.Code.ToString());
        Assert.Contains("/nonexistent/docker.sock", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AddressAsync(DockerHost host, string name)
    {
        DockerContainer? container = await host.Engine.FindContainerAsync(name, default);
        string? address = container?.NetworkSettings?.Networks?[name].IPAddress;
        Assert.False(string.IsNullOrEmpty(address), "the container has an address");
        return address;
    }

    /// <summary>Whether the kernel's table of neighbours (proc(5), /proc/net/arp) has a complete entry of the address: flag 2.</summary>
    private static bool IsNeighbour(string address) => File.ReadLines("/proc/net/arp")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(columns => columns[0] == address && columns[2] == "0x2");

    private static async Task<object?> ExecuteAsync(Workload workload, string statement)
    {
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = workload.Endpoint!.Host,
            Port = workload.Endpoint.Port,
            Username = workload.Credentials!.UserName,
            Password = workload.Credentials.Password,
            Database = workload.Credentials.Database,
            Pooling = false,
        };
        await using NpgsqlConnection connection = new(settings.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<string> CallRedisAsync(Workload workload, params string[] command)
    {
        await using RespConnection connection = await RespConnection.OpenAsync(workload.Endpoint!.Host, workload.Endpoint.Port, workload.Credentials!.CertificateFingerprint, default);
        Assert.Equal("+OK", await connection.CallAsync(["AUTH", workload.Credentials.Password], default));
        return await connection.CallAsync(command, default);
    }
}
