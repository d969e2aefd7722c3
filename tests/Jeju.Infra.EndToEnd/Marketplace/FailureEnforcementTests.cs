using System.Numerics;
using System.Text.Json;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Cli;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.EndToEnd.Readme;
using Jeju.Infra.Marketplace.Enforcement;
using Jeju.Infra.Marketplace.Orders;

using Spectre.Console;

using EndReason = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.EndReason;
using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;
using Status = Jeju.Infra.Chain.Bindings.AutoSlasherTypes.Status;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>What a node does wrong costs its operator stake and compensates its consumer, because somebody, whoever it is, runs a command.</summary>
public sealed class FailureEnforcementTests
{
    private const ulong Day = 86_400;

    [FoundryFact]
    [ReadmeCommand("./jeju contracts enforce")]
    public async Task Failures_are_recorded_proposed_and_slashed_once_and_what_is_disputed_is_left_alone()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        await network.DetachClockAsync();
        Story story = new(network, await network.CreateCheckoutAsync());
        Assert.Contains("nothing to enforce, and nothing was sent", (await story.EnforceAsync()).Talk, StringComparison.Ordinal);

        await story.ForgiveNewOperatorAsync();
        // Early in a minute, whenever this machine began: only minutes that lie wholly within the time of an order are its witnesses.
        await network.AdvanceToAsync(((await story.NowAsync() / 60) * 60) + (31 * Day) + 10);
        (PlacedOrder unserved, PlacedOrder silent) = await story.FailAsync();
        await story.RecordAsync(unserved);
        await story.SlashAsync(unserved, silent);
        await story.ReleaseAsync();
    }

    /// <summary>The network, and the commands on it.</summary>
    private sealed class Story(MarketplaceNetwork network, RepositoryLayout checkout)
    {
        private readonly AutoSlasherContract _slasher = new(network.Addresses["AutoSlasher"]);
        private readonly DelegatedNodeStakingContract _staking = new(network.Addresses["DelegatedNodeStaking"]);
        private readonly DWSProviderRegistryContract _registry = new(network.Addresses["DWSProviderRegistry"]);

        public async Task<ulong> NowAsync() => (await network.Chain.GetLatestBlockAsync(default)).Timestamp;

        public async Task<(string Output, string Talk)> EnforceAsync(params string[] options)
        {
            await using StringWriter output = new();
            await using StringWriter talk = new();
            CommandContext context = new()
            {
                Output = output,
                Page = Console(TextWriter.Null),
                Talk = Console(talk),
                Input = TextReader.Null,
                CanAsk = false,
                Time = TimeProvider.System,
                ReadEnvironment = _ => null,
                FindLayout = () => checkout,
            };
            int exitCode = await JejuCommandLine.RunAsync(["contracts", "enforce", "--signer", "development:delegator", .. options], context, default);
            Assert.True(exitCode == 0, $"exit code {exitCode}: {talk}");
            return (output.ToString(), talk.ToString());
        }

        /// <summary>Another node was in time, two at once do everything once, and a new operator is forgiven.</summary>
        public async Task ForgiveNewOperatorAsync()
        {
            TransactionPipeline agent = await network.PipelineAsync(AnvilAccounts.Agent);
            Bytes32 salt = Keccak.Hash("witness");
            await network.Operator.SendAsync(
                _registry.RegisterNode(new DWSProviderRegistryTypes.Registration(
                    salt, await StakingNodeAsync(), AnvilAccounts.Agent.Address, 0, Bytes32.FromName("local"), "http://127.0.0.1:4031", [])),
                default);
            Bytes32 witness = await network.Chain.QueryAsync(_registry.NodeIdOf(AnvilAccounts.Operator.Address, salt), default);
            PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "early"), default);
            ExternalChainProviderTypes.Placement waiting = await network.Chain.QueryAsync(network.Orders.PlacementOf(placed.OrderId, 0), default);
            for (ulong second = waiting.RequestedAt + 30; second <= waiting.ReadyDeadline; second += 30)
            {
                await network.AdvanceToAsync(second);
                await agent.SendAsync(_registry.Heartbeat(witness), default);
            }

            await network.AdvanceToAsync(waiting.ReadyDeadline + 10);
            TransactionPipeline[] strangers = [await network.PipelineAsync(AnvilAccounts.All[7]), await network.PipelineAsync(AnvilAccounts.All[8])];
            EnforcementResult[] results = await Task.WhenAll(
                strangers.Select(stranger => new FailureEnforcement(network.Chain, network.Addresses).RunAsync(stranger, default)));

            ExternalChainProviderTypes.Order order = await network.Chain.QueryAsync(network.Orders.Order(placed.OrderId), default);
            Assert.Equal(EndReason.NeverReady, order.EndReason);
            Assert.Equal(order.Deposit, order.Refunded);
            Assert.Equal([Status.Forgiven], await StatesAsync());
            Assert.Contains(results.SelectMany(result => result.Done), step => step.Act is EnforcementAct.End && step.Subject == placed.OrderId);
            Assert.Contains(results.SelectMany(result => result.Done), step => step.Act is EnforcementAct.Propose && step.IsForgiven);
        }

        /// <summary>One order is never served, and the node of another falls silent; the chain lives all the while.</summary>
        public async Task<(PlacedOrder Unserved, PlacedOrder Silent)> FailAsync()
        {
            TransactionPipeline agent = await network.PipelineAsync(AnvilAccounts.Agent);
            await agent.SendAsync(_registry.Heartbeat(network.NodeId), default);
            PlacedOrder silent = await network.Flow.PlaceAsync(network.Order("postgres", "silent"), default);
            PlacedOrder unserved = await network.Flow.PlaceAsync(network.Order("redis", "unserved"), default);
            await agent.SendAsync(
                network.Orders.ReportNodeReady(silent.OrderId, new ExternalChainProviderTypes.Endpoint("127.0.0.1", [20_000], [1]), []), default);
            await network.GiveSignsOfLifeAsync(3_800);
            return (unserved, silent);
        }

        /// <summary>What is due is listed without a transaction, then done, then done no second time.</summary>
        public async Task RecordAsync(PlacedOrder unserved)
        {
            ulong block = await network.Chain.GetBlockNumberAsync(default);
            JsonElement listed = JsonDocument.Parse((await EnforceAsync("--dry-run", "--json")).Output).RootElement;
            Assert.Equal(
                ["end never ready", "record missed heartbeats"],
                listed.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("act").GetString()} {step.GetProperty("failure").GetString()}"));
            Assert.Equal(block, await network.Chain.GetBlockNumberAsync(default));

            (string output, string talk) = await EnforceAsync();
            (string again, string nothing) = await EnforceAsync();

            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(
                ["ended never ready", "proposed failed lease", "proposed missed heartbeats", "recorded failed lease", "recorded missed heartbeats"],
                lines.Select(line => line.Split("  ")).Select(parts => $"{parts[0]} {parts[3]}").Order(StringComparer.Ordinal));
            string names = $"  node {await StakingNodeAsync()}  operator {AnvilAccounts.Operator.Address.ToChecksumText()}  ";
            Assert.All(lines, line => Assert.Contains(names, line, StringComparison.Ordinal));
            ExternalChainProviderTypes.Order order = await network.Chain.QueryAsync(network.Orders.Order(unserved.OrderId), default);
            Assert.Contains(
                lines, line => line.EndsWith($"{new TokenAmount(order.Refunded).ToTokens(6)} tUSD refunded to {order.Consumer.ToChecksumText()}", StringComparison.Ordinal));
            Assert.Contains("5 transactions", talk, StringComparison.Ordinal);
            Assert.Equal("", again);
            Assert.Contains("nothing to enforce, and nothing was sent", nothing, StringComparison.Ordinal);
            Assert.Equal([Status.Forgiven, Status.Open, Status.Open], await StatesAsync());
        }

        /// <summary>One proposal is disputed. The other costs the operator's own bond, and compensates the consumer.</summary>
        public async Task SlashAsync(PlacedOrder unserved, PlacedOrder silent)
        {
            IReadOnlyList<Bytes32> ids = await ProposalsAsync();
            IReadOnlyList<AutoSlasherTypes.Proposal> proposals = await network.Chain.QueryAsync(ids.Select(_slasher.Proposal).ToList(), default);
            int disputed = proposals.ToList().FindIndex(one => !one.Forgiven && one.Offence is FactSourceTypes.Offence.MissedHeartbeats);
            AutoSlasherTypes.Proposal lease = Assert.Single(proposals, one => !one.Forgiven && one.Offence is FactSourceTypes.Offence.FailedLease);
            await network.AdvanceToAsync(lease.ProposedAt + (2 * Day));
            await network.Operator.SendAsync(_slasher.Dispute(ids[disputed], "the uplink failed"), default);
            await RefundAsync(silent);
            await network.AdvanceToAsync(lease.ProposedAt + (3 * Day) + 60);
            Bytes32 execute = await network.Chain.QueryAsync(_slasher.EXECUTE(), default);
            await network.AdministrateAsync(_slasher.PauseAction(execute));
            Assert.Contains("not done: executing is paused", (await EnforceAsync()).Talk, StringComparison.Ordinal);
            await network.AdministrateAsync(_slasher.ResumeAction(execute));
            DelegatedNodeStakingTypes.Node before = await NodeAsync();

            string output = (await EnforceAsync()).Output;

            ExternalChainProviderTypes.Placement placement = await network.Chain.QueryAsync(network.Orders.PlacementOf(unserved.OrderId, 0), default);
            BigInteger price = placement.PricePerHour * (placement.ReadyDeadline - placement.RequestedAt) / 3600;
            BigInteger compensation = price * await network.Chain.QueryAsync(_slasher.CompensationRate(), default) / BigInteger.Pow(10, 18);
            DelegatedNodeStakingTypes.Node after = await NodeAsync();
            Assert.True(compensation > 0);
            Assert.Equal(TokenAmount.FromTokens(500, 18).Units, before.SelfStake - after.SelfStake);
            Assert.Equal(compensation, await CreditAsync(AnvilAccounts.Consumer.Address));
            Assert.Equal(TokenAmount.FromTokens(500, 18).Units - compensation, await CreditAsync(network.Addresses["Treasury"]));
            Assert.Equal([Status.Disputed, Status.Executed], (await StatesAsync()).Skip(1).Order());
            Assert.Equal(
                $"slashed  node {await StakingNodeAsync()}  operator {AnvilAccounts.Operator.Address.ToChecksumText()}  failed lease"
                    + $"  500 JEJU, {new TokenAmount(compensation).ToTokens(18)} JEJU of it to {AnvilAccounts.Consumer.Address.ToChecksumText()}",
                output.Trim());
        }

        /// <summary>The lease of the silent node has run out: what was not served comes back, and nothing else happens within the time for disputes.</summary>
        private async Task RefundAsync(PlacedOrder silent)
        {
            Assert.Equal(OrderState.Expired, await network.StateAsync(silent.OrderId));

            (string output, string talk) = await EnforceAsync();

            ExternalChainProviderTypes.Order order = await network.Chain.QueryAsync(network.Orders.Order(silent.OrderId), default);
            Assert.Equal(EndReason.Expired, order.EndReason);
            Assert.True(order.Refunded > order.Deposit * 9 / 10);
            Assert.Contains(
                $"missed heartbeats  {new TokenAmount(order.Refunded).ToTokens(6)} tUSD refunded to {order.Consumer.ToChecksumText()}", output, StringComparison.Ordinal);
            Assert.Contains("1 transactions", talk, StringComparison.Ordinal);
            Assert.Equal([Status.Open, Status.Disputed], (await StatesAsync()).Skip(1).Order());
        }

        /// <summary>Nobody ruled and nobody executed: the stake is held back no longer, also where the time of the case is over.</summary>
        public async Task ReleaseAsync()
        {
            ulong proposedAt = (await network.Chain.QueryAsync(_slasher.Proposal((await ProposalsAsync())[1]), default)).ProposedAt;
            await network.AdvanceToAsync(proposedAt + (11 * Day) + 3_600);
            Assert.StartsWith("to release", (await EnforceAsync("--dry-run")).Output, StringComparison.Ordinal);
            await network.AdvanceToAsync(proposedAt + (12 * Day) + 3_600);
            BigInteger held = (await NodeAsync()).Frozen;

            (string output, string talk) = await EnforceAsync();

            Assert.True(held > 0);
            Assert.EndsWith($"missed heartbeats  {new TokenAmount(held).ToTokens(18)} JEJU", output.Trim(), StringComparison.Ordinal);
            Assert.Contains("1 transactions", talk, StringComparison.Ordinal);
            Assert.Equal(0, (await NodeAsync()).Frozen);
            Assert.Contains("nothing was sent", (await EnforceAsync()).Talk, StringComparison.Ordinal);
        }

        private async Task<Bytes32> StakingNodeAsync() => await network.Chain.QueryAsync(_registry.StakingNodeOf(network.NodeId), default);

        private async Task<DelegatedNodeStakingTypes.Node> NodeAsync() => await network.Chain.QueryAsync(_staking.Node(await StakingNodeAsync()), default);

        private async Task<BigInteger> CreditAsync(Address account) => await network.Chain.QueryAsync(_staking.StakeCreditOf(account), default);

        private async Task<IReadOnlyList<Bytes32>> ProposalsAsync() => await network.Chain.QueryAsync(_slasher.Proposals(0, 10), default);

        private async Task<IReadOnlyList<Status>> StatesAsync() =>
            await network.Chain.QueryAsync((await ProposalsAsync()).Select(_slasher.StatusOf).ToList(), default);

        private static IAnsiConsole Console(TextWriter writer)
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
            // Wide enough that no line is broken.
            console.Profile.Width = 1000;
            return console;
        }
    }
}
