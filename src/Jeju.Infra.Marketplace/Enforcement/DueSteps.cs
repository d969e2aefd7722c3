using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

using EndReason = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.EndReason;
using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;
using Status = Jeju.Infra.Chain.Bindings.AutoSlasherTypes.Status;

namespace Jeju.Infra.Marketplace.Enforcement;

/// <summary>
/// What is due now, from the chain alone. Live orders and provider nodes are read in pages; of the past only the events of the time in which a
/// failure may be brought forward, and the proposals, newest first, of the time in which one may hold back stake. Every step was tried on the
/// contract, which alone decides.
/// </summary>
/// <param name="chain">The chain.</param>
/// <param name="addresses">The contracts.</param>
/// <param name="caller">Who would send.</param>
internal sealed class DueSteps(ChainClient chain, SuiteAddresses addresses, Address caller)
{
    private const int PageSize = 100;

    // What a node of a hosted chain gives in one answer; the search for a moment begins with it.
    private const ulong FirstStep = 1_000;

    // A proposal may be over for as long and somebody still finds that its stake was never let go.
    private static readonly TimeSpan Oversight = TimeSpan.FromDays(30);

    private readonly ExternalChainProviderContract _orders = new(addresses["ExternalChainProvider"]);
    private readonly MarketFactsContract _facts = new(addresses["MarketFacts"]);
    private readonly AutoSlasherContract _slasher = new(addresses["AutoSlasher"]);
    private readonly DelegatedNodeStakingContract _staking = new(addresses["DelegatedNodeStaking"]);
    private readonly DWSProviderRegistryContract _registry = new(addresses["DWSProviderRegistry"]);

    /// <summary>What the guardian has paused: then nothing of it is due, whatever happened.</summary>
    public async Task<IReadOnlyList<string>> FindPausedAsync(CancellationToken cancellationToken)
    {
        string[] names = ["recording failures", "proposing", "executing"];
        IReadOnlyList<Bytes32> actions = await chain.QueryAsync(
            [_facts.RECORD(), _slasher.PROPOSE(), _slasher.EXECUTE()], cancellationToken).ConfigureAwait(false);
        IReadOnlyList<bool> paused = await chain.QueryAsync(
            [_facts.IsActionPaused(actions[0]), _slasher.IsActionPaused(actions[1]), _slasher.IsActionPaused(actions[2])], cancellationToken).ConfigureAwait(false);
        return [.. names.Where((_, index) => paused[index]).Select(name => $"{name} is paused")];
    }

    /// <summary>
    /// The orders that nobody serves and nobody else may still take over: those whose node never became ready, and those that ran out while their
    /// node was silent, which would have ended them otherwise.
    /// </summary>
    public async Task<IReadOnlyList<DueStep>> FindUnservedAsync(CancellationToken cancellationToken)
    {
        ulong block = await chain.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Bytes32> ids = await PagesAsync(offset => _orders.LiveOrders(offset, PageSize), block, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ExternalChainProviderTypes.Order> orders = await chain
            .QueryAsync(ids.Select(id => _orders.Order(id)).ToList(), cancellationToken, block).ConfigureAwait(false);
        ExternalChainProviderTypes.Order[] over = [.. orders.Where(order => order.State is OrderState.Unserved or OrderState.Expired)];
        IReadOnlyList<ulong> late = await chain
            .QueryAsync(over.Select(order => _registry.LateSince(order.NodeId)).ToList(), cancellationToken, block).ConfigureAwait(false);
        ExternalChainProviderTypes.Order[] unserved = [.. over.Where((order, index) => order.State is OrderState.Unserved || late[index] != 0)];
        IReadOnlyList<ExternalChainProviderTypes.Placement> placements = await PlacementsAsync(
            [.. unserved.Select(order => (order.OrderId, order.Placements - 1))], cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Address> operators = await OperatorsAsync([.. placements.Select(one => one.StakingNodeId)], cancellationToken).ConfigureAwait(false);
        return await AcceptedAsync(
            [
                .. unserved.Select((order, index) => new DueStep(
                    EnforcementAct.End, _orders.ExpireNode(order.OrderId), order.OrderId, placements[index].StakingNodeId, operators[index],
                    order.State is OrderState.Unserved ? DueStep.NeverReady : DueStep.MissedHeartbeats, order.Consumer)),
            ],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The failures that can be recorded, each with a witness whom the contract takes.</summary>
    public async Task<IReadOnlyList<DueStep>> FindFailuresAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ProviderNode> nodes = await ReadNodesAsync(head.Number, cancellationToken).ConfigureAwait(false);
        List<Failure> failures = [.. await FindSilentAsync(nodes, head, cancellationToken).ConfigureAwait(false)];
        failures.AddRange(await FindFailedLeasesAsync(head, cancellationToken).ConfigureAwait(false));
        IReadOnlyList<Address> operators = await OperatorsAsync([.. failures.Select(failure => failure.NodeId)], cancellationToken).ConfigureAwait(false);
        IReadOnlyList<(Failure Failure, ContractCall Call, Bytes32 FactId)> proven =
            await new WitnessSearch(chain, caller).FindAsync(failures, nodes, cancellationToken).ConfigureAwait(false);
        return
        [
            .. proven.Select(found => new DueStep(
                EnforcementAct.Record, found.Call, found.FactId, found.Failure.NodeId, operators[failures.IndexOf(found.Failure)], found.Failure.Name,
                found.Failure.Harmed)),
        ];
    }

    /// <summary>The facts that can be proposed: of the marketplace, of the sequencers, and of rentals that an arbiter ruled on.</summary>
    public async Task<IReadOnlyList<DueStep>> FindFactsAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        ulong window = (ulong)await chain.QueryAsync(_slasher.EVIDENCE_WINDOW(), cancellationToken).ConfigureAwait(false);
        LogFilter filter = new(
            [_facts.Address, addresses["SequencerRegistry"], addresses["ComputeRental"]],
            [[MarketFactsEvents.FailureRecorded.Topic, SequencerRegistryEvents.FailureRecorded.Topic, ComputeRentalEvents.DisputeRuled.Topic]]);
        IReadOnlyList<ChainLog> logs = await RecentLogsAsync(filter, head, window, cancellationToken).ConfigureAwait(false);
        List<(Address Source, Bytes32 FactId)> known = [.. logs.Where(IsFact).Select(log => (log.Address, log.Topics[1])).Distinct()];
        IReadOnlyList<FactSourceTypes.Fact> facts = await chain.QueryAsync(
            known.Select(fact => new FactSourceContract(fact.Source).FactOf(fact.FactId)).ToList(), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Address> operators = await OperatorsAsync([.. facts.Select(fact => fact.NodeId)], cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DueStep> steps =
        [
            .. known.Zip(facts, operators).Select(one => new DueStep(
                EnforcementAct.Propose, _slasher.Propose(one.First.Source, one.First.FactId), one.First.FactId, one.Second.NodeId, one.Third,
                DueStep.NameOf(one.Second.Offence), one.Second.Harmed)),
        ];
        IReadOnlyList<TriedCall> tried = await chain.TryCallsAsync(caller, [.. steps.Select(step => step.Call)], cancellationToken).ConfigureAwait(false);

        // Two silent nodes of one stake are one proposal.
        return
        [
            .. steps.Zip(tried).Where(pair => pair.Second.Refusal is null)
                .Select(pair => pair.First with { Subject = Bytes32.FromBytes(pair.Second.Answer) })
                .DistinctBy(step => step.Subject),
        ];
        static bool IsFact(ChainLog log) => !log.TryDecode(out ComputeRentalEvents.DisputeRuled? ruled) || ruled.Upheld;
    }

    /// <summary>The proposals that can be executed, and those that came to nothing and still hold back stake.</summary>
    public async Task<IReadOnlyList<DueStep>> FindProposalsAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<BigInteger> windows = await chain.QueryAsync(
            [_slasher.DISPUTE_WINDOW(), _slasher.ARBITER_WINDOW(), _slasher.EXECUTION_WINDOW()], cancellationToken).ConfigureAwait(false);
        ulong held = (ulong)windows.Aggregate(BigInteger.Add);
        ulong oldest = head.Timestamp - Math.Min(head.Timestamp, held + (ulong)Oversight.TotalSeconds);
        List<DueStep> steps = [];
        int end = (int)await chain.QueryAsync(_slasher.ProposalCount(), cancellationToken).ConfigureAwait(false);
        for (bool isRecent = true; end > 0 && isRecent;)
        {
            int start = Math.Max(0, end - PageSize);
            IReadOnlyList<Bytes32> ids = await chain.QueryAsync(_slasher.Proposals(start, end - start), cancellationToken).ConfigureAwait(false);
            IReadOnlyList<AutoSlasherTypes.Proposal> proposals = await chain
                .QueryAsync(ids.Select(id => _slasher.Proposal(id)).ToList(), cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Status> states = await chain
                .QueryAsync(ids.Select(id => _slasher.StatusOf(id)).ToList(), cancellationToken).ConfigureAwait(false);
            steps.AddRange(ids.Select((id, index) => StepOf(id, proposals[index], states[index], head.Timestamp, held)).OfType<DueStep>());
            isRecent = proposals[0].ProposedAt >= oldest;
            end = start;
        }

        return await AcceptedAsync(steps, cancellationToken).ConfigureAwait(false);
    }

    private DueStep? StepOf(Bytes32 id, AutoSlasherTypes.Proposal proposal, Status status, ulong now, ulong held)
    {
        DueStep Step(EnforcementAct act, ContractCall call) => new(
            act, call, id, proposal.NodeId, proposal.Accused, DueStep.NameOf(proposal.Offence), proposal.Harmed, proposal.Amount, proposal.Compensation);
        return status switch
        {
            Status.Executable => Step(EnforcementAct.Execute, _slasher.Execute(id)),
            // After that time the staking contract takes the word of anybody, and closing changes nothing any more.
            Status.Lapsed or Status.Dismissed when now >= proposal.ProposedAt + held => Step(EnforcementAct.Release, _staking.UnfreezeExit(proposal.NodeId, id)),
            Status.Lapsed or Status.Dismissed when status is Status.Lapsed || !proposal.Ruled => Step(EnforcementAct.Release, _slasher.Close(id)),
            _ => null,
        };
    }

    // A node that serves nobody owes nobody a heartbeat.
    private async Task<IEnumerable<Failure>> FindSilentAsync(IReadOnlyList<ProviderNode> nodes, BlockHeader head, CancellationToken cancellationToken)
    {
        ulong silence = (ulong)await chain.QueryAsync(_facts.SILENCE(), cancellationToken).ConfigureAwait(false);
        return nodes
            .Where(node => node.Record.LateSince != 0 && node.Record.LateSince + silence <= head.Timestamp && node.Record.LiveLeases != 0)
            .Select(node => new Failure(
                node.Id, node.Record.StakingNodeId, DueStep.MissedHeartbeats, Address.Zero, witness => _facts.RecordMissedHeartbeats(node.Id, witness)));
    }

    private async Task<IEnumerable<Failure>> FindFailedLeasesAsync(BlockHeader head, CancellationToken cancellationToken)
    {
        ulong window = (ulong)await chain.QueryAsync(_facts.EVIDENCE_WINDOW(), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChainLog> logs = await RecentLogsAsync(
            LogFilter.For<ExternalChainProviderEvents.NodeEnded>(_orders.Address), head, window, cancellationToken).ConfigureAwait(false);
        List<(Bytes32 OrderId, uint Placement)> failed =
        [
            .. logs.Select(log => ExternalChainProviderEvents.NodeEnded.Decode(log))
                .Where(ended => ended.Reason is EndReason.NeverReady or EndReason.Replaced && ended.EndedAt + window >= head.Timestamp)
                .Select(ended => (ended.OrderId, ended.Placement)).Distinct(),
        ];
        IReadOnlyList<ExternalChainProviderTypes.Placement> placements = await PlacementsAsync(failed, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ExternalChainProviderTypes.Order> orders = await chain
            .QueryAsync(failed.Select(one => _orders.Order(one.OrderId)).ToList(), cancellationToken).ConfigureAwait(false);
        return failed.Select((one, index) => new Failure(
            placements[index].NodeId, placements[index].StakingNodeId, DueStep.FailedLease, orders[index].Consumer,
            witness => _facts.RecordFailedLease(one.OrderId, one.Placement, witness)));
    }

    private async Task<IReadOnlyList<ProviderNode>> ReadNodesAsync(ulong block, CancellationToken cancellationToken)
    {
        IReadOnlyList<Bytes32> ids = await PagesAsync(offset => _registry.Nodes(offset, PageSize), block, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DWSProviderRegistryTypes.ProviderNode> records = await chain
            .QueryAsync(ids.Select(id => _registry.Node(id)).ToList(), cancellationToken, block).ConfigureAwait(false);
        return [.. ids.Zip(records, static (id, record) => new ProviderNode(id, record))];
    }

    private async Task<IReadOnlyList<Bytes32>> PagesAsync(
        Func<int, ContractQuery<IReadOnlyList<Bytes32>>> page, ulong block, CancellationToken cancellationToken)
    {
        List<Bytes32> ids = [];
        for (int count = PageSize; count == PageSize;)
        {
            IReadOnlyList<Bytes32> read = await chain.QueryAsync(page(ids.Count), cancellationToken, block).ConfigureAwait(false);
            ids.AddRange(read);
            count = read.Count;
        }

        return ids;
    }

    private Task<IReadOnlyList<ExternalChainProviderTypes.Placement>> PlacementsAsync(
        IReadOnlyList<(Bytes32 OrderId, uint Placement)> placements, CancellationToken cancellationToken) =>
        chain.QueryAsync(placements.Select(one => _orders.PlacementOf(one.OrderId, one.Placement)).ToList(), cancellationToken);

    private Task<IReadOnlyList<Address>> OperatorsAsync(IReadOnlyList<Bytes32> nodeIds, CancellationToken cancellationToken) =>
        chain.QueryAsync(nodeIds.Select(_staking.OperatorOf).ToList(), cancellationToken);

    private async Task<IReadOnlyList<DueStep>> AcceptedAsync(IReadOnlyList<DueStep> steps, CancellationToken cancellationToken)
    {
        IReadOnlyList<TriedCall> tried = await chain.TryCallsAsync(caller, [.. steps.Select(step => step.Call)], cancellationToken).ConfigureAwait(false);
        return [.. steps.Zip(tried).Where(pair => pair.Second.Refusal is null).Select(pair => pair.First)];
    }

    // Blocks have no index by time: steps back that double find one that is old enough.
    private async Task<IReadOnlyList<ChainLog>> RecentLogsAsync(LogFilter filter, BlockHeader head, ulong seconds, CancellationToken cancellationToken)
    {
        ulong since = head.Timestamp - Math.Min(head.Timestamp, seconds);
        BlockHeader? first = head;
        for (ulong step = FirstStep; first is { Number: > 0 } && first.Timestamp >= since; step *= 2)
        {
            first = await chain.FindBlockAsync(first.Number - Math.Min(first.Number, step), cancellationToken).ConfigureAwait(false);
        }

        return await chain.GetLogsAsync(filter, first?.Number ?? 0, head.Number, cancellationToken).ConfigureAwait(false);
    }
}
