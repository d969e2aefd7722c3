using System.Net;
using System.Net.Sockets;
using System.Numerics;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Cli;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace;
using Jeju.Infra.Marketplace.Orders;
using Jeju.Infra.Marketplace.Watchers;

using Spectre.Console;

using ProbeRecord = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.ProbeRecord;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>A provider that sends heartbeats for a dead service is found out by the watchers, and is not paid for those seconds.</summary>
public sealed class WatcherTests
{
    private const ulong Window = 30;
    private static readonly AnvilAccount[] Watchers = [AnvilAccounts.All[5], AnvilAccounts.All[6], AnvilAccounts.All[7]];

    [FoundryFact]
    public async Task Two_of_three_watchers_void_the_seconds_of_a_dead_service_and_one_alone_cannot()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync([.. Watchers.Select(account => account.Address)]);
        await network.DetachClockAsync();
        await using Service service = new();
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "watched"), default);
        TransactionPipeline provider = await network.PipelineAsync(AnvilAccounts.Agent);
        DWSProviderRegistryContract registry = new(network.Addresses["DWSProviderRegistry"]);
        await provider.SendAsync(network.Orders.ReportNodeReady(placed.OrderId, new ExternalChainProviderTypes.Endpoint("127.0.0.1", [service.Port], [1]), []), default);
        ExternalChainProviderTypes.Placement ready = await network.Chain.QueryAsync(network.Orders.PlacementOf(placed.OrderId, 0), default);
        Watching[] watchers = [await OpenAsync(network, 0), await OpenAsync(network, 1)];
        async Task LookAtAsync(ulong second)
        {
            await network.AdvanceToAsync(ready.ReadyAt + second);
            foreach (Watching one in watchers)
            {
                Assert.Empty(await one.Watcher.LookAsync(default));
            }
        }

        // Slot 0: the service refuses the watchers' login, and so lives. Slot 1: nobody answers, but the node's heartbeat comes.
        await LookAtAsync(1);
        await LookAtAsync(6);
        await service.DisposeAsync();
        await LookAtAsync(11);
        await LookAtAsync(16);
        await provider.SendAsync(registry.Heartbeat(network.NodeId), default);
        await network.AdvanceToAsync(ready.ReadyAt + 20);

        Assert.Empty(await watchers[0].Watcher.LookAsync(default));
        SignedProbe alone = Assert.Single(await watchers[0].Folder.ReadAsync(default));
        Assert.Equal(new ProbeRecord(placed.OrderId, 0, 1, 1), alone.Record);
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(
            () => watchers[0].Pipeline.SendAsync(watchers[0].Watcher.CallOf(alone.Record, [alone]), default));
        ContractRevertException revert = Assert.IsType<ContractRevertException>(refusal.InnerException);
        Assert.Equal("ExternalChainProvider_InvalidQuorum(signatures: 1, quorum: 2)", revert.Revert.ToString());

        // A record of slots that are not over is refused, and keeps back no other.
        ProbeRecord early = alone.Record with { Slots = 8 };
        foreach (AnvilAccount account in Watchers[..2])
        {
            SoftwareSigner signer = SoftwareSigner.Create(account.PrivateKey, ChainId.Anvil);
            RecoverableSignature signature = await signer.SignAsync(ProbeSignature.HashOf(early, ChainId.Anvil, network.Orders.Address), default);
            await watchers[0].Folder.PublishAsync(new SignedProbe(early, signer.Address, signature.ToBytes()), default);
        }

        // The second confirms; whoever is first by address sends, at this look or the next.
        List<ProbeRecord> sent = [.. await watchers[1].Watcher.LookAsync(default), .. await watchers[0].Watcher.LookAsync(default)];
        Assert.Equal([alone.Record], sent);
        Assert.Empty(await watchers[1].Watcher.LookAsync(default));
        Assert.All(watchers, one => Assert.Single(one.Reports, line => line.EndsWith("; signed", StringComparison.Ordinal)));
        Assert.All(watchers, one => Assert.InRange(one.Reports.Count(IsRefusal), 0, 1));
        Assert.Contains(watchers, one => one.Reports.Exists(IsRefusal));
        static bool IsRefusal(string line) => line.Contains("cannot be recorded", StringComparison.Ordinal);

        // The consumer leaves; what the watchers voided the provider cannot claim, also when the objection window is over.
        OrderEnding ending = await network.Flow.TerminateAsync(placed.OrderId, default);
        await network.AdvanceToAsync(ready.ReadyAt + 20 + (2 * Window));
        await provider.SendAsync(network.Orders.SettleNode(placed.OrderId), default);
        ExternalChainProviderTypes.Order order = await network.Chain.QueryAsync(network.Orders.Order(placed.OrderId), default);
        ExternalChainProviderTypes.Placement placement = await network.Chain.QueryAsync(network.Orders.PlacementOf(placed.OrderId, 0), default);

        Assert.True(ending.WasLive);
        Assert.Equal(10UL, placement.VoidedSeconds);
        BigInteger seconds = placement.EndedAt - placement.ReadyAt - placement.VoidedSeconds;
        Assert.Equal(placement.PricePerHour * seconds / 3600, order.Settled);
        Assert.Equal(order.Deposit, order.Settled + order.Refunded);
    }

    [FoundryFact]
    public async Task Signs_of_life_are_given_once_a_minute_while_an_order_waits_and_then_the_only_node_answers_for_it()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync([.. Watchers.Select(account => account.Address)]);
        await network.DetachClockAsync();
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "unserved"), default);
        ExternalChainProviderTypes.Placement waiting = await network.Chain.QueryAsync(network.Orders.PlacementOf(placed.OrderId, 0), default);
        Watching[] watchers = [await OpenAsync(network, 0), await OpenAsync(network, 1)];
        ulong minutes = 0;
        for (ulong second = ((waiting.RequestedAt / 60) + 1) * 60; second < waiting.ReadyDeadline; second += 60)
        {
            await network.AdvanceToAsync(second);
            await watchers[0].Watcher.LookAsync(default);
            await watchers[1].Watcher.LookAsync(default);
            await watchers[0].Watcher.LookAsync(default);
            minutes++;
        }

        await network.AdvanceToAsync(waiting.ReadyDeadline + 1);
        MarketFactsContract facts = new(network.Addresses["MarketFacts"]);
        IReadOnlyList<TransactionReceipt> receipts = await network.Consumer.SendAsync(
            [network.Orders.ExpireNode(placed.OrderId), facts.RecordFailedLease(placed.OrderId, 0, Bytes32.Zero)], default);

        Assert.True(minutes > 1);
        IReadOnlyList<ChainLog> signs = await network.Chain.GetLogsAsync(
            LogFilter.For<MarketFactsEvents.SignOfLife>(facts.Address), 0, await network.Chain.GetBlockNumberAsync(default), default);
        Assert.Equal(minutes, (ulong)signs.Count);
        Assert.All(watchers, one => Assert.DoesNotContain(one.Reports, line => line.Contains("JEJU", StringComparison.Ordinal)));
        Assert.Single(receipts[1].Events<MarketFactsEvents.FailureRecorded>());
    }

    [FoundryFact]
    public async Task The_command_finds_a_dead_service_and_one_that_never_came_without_anybodys_help()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync(AnvilAccounts.Delegator.Address);
        DWSProviderRegistryContract registry = new(network.Addresses["DWSProviderRegistry"]);
        TransactionPipeline provider = await network.PipelineAsync(AnvilAccounts.Agent);
        PlacedOrder unserved = await network.Flow.PlaceAsync(network.Order("redis", "unserved"), default);
        await network.AdvanceAsync(TimeSpan.FromMinutes(3));
        await provider.SendAsync(registry.Heartbeat(network.NodeId), default);
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("postgres", "watched"), default);
        PlacedOrder nonsense = await network.Flow.PlaceAsync(network.Order("redis", "nonsense"), default);
        await using (Service gone = new())
        {
            await provider.SendAsync(
                [
                    network.Orders.ReportNodeReady(placed.OrderId, new ExternalChainProviderTypes.Endpoint("127.0.0.1", [gone.Port], [1]), []),
                    network.Orders.ReportNodeReady(nonsense.OrderId, new ExternalChainProviderTypes.Endpoint("/no host [at\n all", [0], [1]), []),
                ],
                default);
        }

        RepositoryLayout layout = await network.CreateCheckoutAsync();
        await using StringWriter talk = new();
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(60));
        CommandContext context = new()
        {
            Output = TextWriter.Null,
            Page = Console(TextWriter.Null),
            Talk = Console(talk),
            Input = TextReader.Null,
            CanAsk = false,
            Time = new HurriedTime(),
            ReadEnvironment = _ => null,
            FindLayout = () => layout,
        };
        Task<int> watching = JejuCommandLine.RunAsync(
            ["agent", "watch", "--stack", "localnet", "--signer", "development:delegator", "--exchange", Path.Combine(network.Folder, "records"), "--enforce"],
            context, stop.Token);

        // Time passes on the chain, and the provider goes on saying that all is well.
        await Eventually.IsTrueAsync("the dead seconds are voided, and the order that nobody served is ended", TimeSpan.FromSeconds(50), async () =>
        {
            if (watching.IsCompleted)
            {
                Assert.Fail(talk.ToString());
            }

            await provider.SendAsync(registry.Heartbeat(network.NodeId), default);
            await network.AdvanceAsync(TimeSpan.FromSeconds(1));
            IReadOnlyList<ExternalChainProviderTypes.Placement> placements = await network.Chain.QueryAsync(
                [network.Orders.PlacementOf(placed.OrderId, 0), network.Orders.PlacementOf(nonsense.OrderId, 0)], default);
            return placements.All(placement => placement.VoidedSeconds > 0)
                && await network.StateAsync(unserved.OrderId) is ExternalChainProviderTypes.OrderState.Ended or ExternalChainProviderTypes.OrderState.Settled;
        });
        await stop.CancelAsync();
        await watching;
    }

    [FoundryFact]
    public async Task Watchers_sign_what_the_contract_computes_and_strangers_are_refused()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync(Watchers[0].Address);
        ProbeRecord record = new(Keccak.Hash("order"), 3, 77, 64);

        Bytes32 expected = await network.Chain.QueryAsync(network.Orders.ProbeDigest(record), default);
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(async () => await (await OpenAsync(network, 1)).Watcher.RequireRegisteredAsync(default));

        Assert.Equal(expected, ProbeSignature.HashOf(record, ChainId.Anvil, network.Orders.Address));
        Assert.Equal(MarketplaceErrors.NotAWatcher, refusal.Code);
        Assert.Equal(FailureKind.Refused, refusal.Kind);
    }

    private static async Task<Watching> OpenAsync(MarketplaceNetwork network, int number)
    {
        string folder = Path.Combine(network.Folder, "records");
        TransactionPipeline pipeline = await network.PipelineAsync(Watchers[number]);
        List<string> reports = [];
        LeaseWatcher watcher = new(
            pipeline, SoftwareSigner.Create(Watchers[number].PrivateKey, ChainId.Anvil), network.Orders.Address, folder, new StandingTime(), reports.Add,
            network.Addresses["MarketFacts"]);
        return new Watching(watcher, pipeline, reports, new ProbeFolder(folder, ChainId.Anvil, network.Orders.Address, TimeProvider.System));
    }

    private static IAnsiConsole Console(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        // Wide enough that no line is broken.
        console.Profile.Width = 1000;
        return console;
    }

    /// <summary>A clock that stands still, so that the watchers know of the chain's time alone.</summary>
    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }

    /// <summary>The clock of this machine, with timers that wait a twentieth.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(
            callback, state, Hurried(dueTime), Hurried(period));

        private static TimeSpan Hurried(TimeSpan span) => span > TimeSpan.Zero ? span / 20 : span;
    }

    private sealed record Watching(LeaseWatcher Watcher, TransactionPipeline Pipeline, List<string> Reports, ProbeFolder Folder);

    /// <summary>A Redis that knows the login of nobody, on a free port.</summary>
    private sealed class Service : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public Service()
        {
            _listener.Start();
            Port = (ushort)((IPEndPoint)_listener.LocalEndpoint).Port;
            _serving = ServeAsync();
        }

        public ushort Port { get; }

        public async ValueTask DisposeAsync()
        {
            if (!_stop.IsCancellationRequested)
            {
                await _stop.CancelAsync();
                _listener.Stop();
                await _serving;
                _stop.Dispose();
            }
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    NetworkStream stream = client.GetStream();
                    if (await stream.ReadAsync(new byte[1024], _stop.Token) > 0)
                    {
                        await stream.WriteAsync("-WRONGPASS invalid username-password pair\r\n"u8.ToArray(), _stop.Token);
                    }
                }
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
            {
            }
        }
    }
}
