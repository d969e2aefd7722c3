using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Marketplace.Enforcement;

/// <summary>
/// Brings failures of nodes to their end: the contracts prove, judge and pay, but each step waits until somebody, whoever it is, calls for it. All
/// state is the chain's: a run that was killed is continued by the next one, and two at the same time do nothing twice.
/// </summary>
/// <param name="chain">The chain.</param>
/// <param name="addresses">The contracts.</param>
public sealed class FailureEnforcement(ChainClient chain, SuiteAddresses addresses)
{
    private const int StakeDecimals = 18;
    private const string StakeSymbol = "JEJU";

    private readonly ExternalChainProviderContract _orders = new(addresses["ExternalChainProvider"]);
    private readonly AutoSlasherContract _slasher = new(addresses["AutoSlasher"]);
    private readonly DelegatedNodeStakingContract _staking = new(addresses["DelegatedNodeStaking"]);

    /// <summary>Lists what is due now, and sends nothing. What follows from it, such as the proposal of a failure once it is recorded, is not in it.</summary>
    public async Task<EnforcementResult> FindDueAsync(CancellationToken cancellationToken)
    {
        List<EnforcedStep> found = [];
        DueSteps steps = new(chain, addresses, Address.Zero);
        foreach (Func<CancellationToken, Task<IReadOnlyList<DueStep>>> find in Stages(steps))
        {
            IReadOnlyList<DueStep> due = await find(cancellationToken).ConfigureAwait(false);
            found.AddRange(due.Select(step => Describe(step, Stake(step.Stake), step.Compensation)));
        }

        return new EnforcementResult(found, await steps.FindPausedAsync(cancellationToken).ConfigureAwait(false), 0);
    }

    /// <summary>Does all that is due now, and what follows from it at once; proposals are left to those who may dispute them.</summary>
    /// <param name="pipeline">The key that pays the gas.</param>
    /// <param name="cancellationToken">Ends the run; the next one goes on where it ended.</param>
    public async Task<EnforcementResult> RunAsync(TransactionPipeline pipeline, CancellationToken cancellationToken)
    {
        int before = pipeline.SentCount;
        List<EnforcedStep> done = [];
        DueSteps steps = new(chain, addresses, pipeline.Account);
        List<string> left = [.. await steps.FindPausedAsync(cancellationToken).ConfigureAwait(false)];
        foreach (Func<CancellationToken, Task<IReadOnlyList<DueStep>>> find in Stages(steps))
        {
            ulong from = await chain.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<DueStep> due = await find(cancellationToken).ConfigureAwait(false);
            if (due.Count == 0)
            {
                continue;
            }

            Dictionary<ContractCall, InfraException> refused = [];
            await SendAsync(pipeline, [.. due.Select(step => step.Call)], refused, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<EnforcedStep?> read = await ReadBackAsync(due, from, cancellationToken).ConfigureAwait(false);
            done.AddRange(read.OfType<EnforcedStep>());
            left.AddRange(due.Where((_, index) => read[index] is null).Select(step =>
                $"{step.Failure} of {step.Operator.ToChecksumText()}: {(refused.TryGetValue(step.Call, out InfraException? refusal) ? refusal.Message : "the chain does not show it yet")}"));
        }

        return new EnforcementResult(done, left, pipeline.SentCount - before);
    }

    /// <summary>Does it again and again until it is cancelled. What fails is reported, and tried again the next time.</summary>
    /// <param name="pipeline">The key that pays the gas.</param>
    /// <param name="interval">The time between two runs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onDone">Told what each run did.</param>
    /// <param name="onFailure">Told what kept a run from its end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InfraException">JEJU0303: the chain was replaced.</exception>
    public async Task RepeatAsync(
        TransactionPipeline pipeline, TimeSpan interval, TimeProvider time, Action<EnforcementResult> onDone, Action<InfraException> onFailure,
        CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(interval, time);
        do
        {
            try
            {
                onDone(await RunAsync(pipeline, cancellationToken).ConfigureAwait(false));
            }
            catch (InfraException failure) when (failure.Code != ChainErrors.ReplacedChainCode)
            {
                onFailure(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    // Each makes what the next one looks for.
    private static IEnumerable<Func<CancellationToken, Task<IReadOnlyList<DueStep>>>> Stages(DueSteps steps) =>
        [steps.FindUnservedAsync, steps.FindFailuresAsync, steps.FindFactsAsync, steps.FindProposalsAsync];

    /// <summary>
    /// Sends calls, as many at once as can. One that is refused, because somebody else was faster or one before it took what there was, keeps back
    /// no other: the list is halved until it is found.
    /// </summary>
    private static async Task SendAsync(
        TransactionPipeline pipeline, IReadOnlyList<ContractCall> calls, Dictionary<ContractCall, InfraException> refused, CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.SendAsync(calls, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException refusal) when (refusal.Code == ChainErrors.RevertedCode)
        {
            if (calls.Count == 1)
            {
                refused[calls[0]] = refusal;
                return;
            }

            int half = calls.Count / 2;
            await SendAsync(pipeline, [.. calls.Take(half)], refused, cancellationToken).ConfigureAwait(false);
            await SendAsync(pipeline, [.. calls.Skip(half)], refused, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What the chain says of the steps now; null for those that it does not show as done.</summary>
    private async Task<IReadOnlyList<EnforcedStep?>> ReadBackAsync(IReadOnlyList<DueStep> due, ulong from, CancellationToken cancellationToken)
    {
        ulong head = await chain.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChainLog> logs = await chain.GetLogsAsync(
            LogFilter.Of(addresses["MarketFacts"], _slasher.Address, _staking.Address), from, head, cancellationToken).ConfigureAwait(false);
        ILookup<Bytes32, AutoSlasherEvents.SlashExecuted> executed = Events<AutoSlasherEvents.SlashExecuted>(logs).ToLookup(one => one.ProposalId);
        ILookup<Bytes32, DelegatedNodeStakingEvents.SlashedStakeCredited> credited =
            Events<DelegatedNodeStakingEvents.SlashedStakeCredited>(logs).ToLookup(one => one.CaseId);
        ILookup<Bytes32, DelegatedNodeStakingEvents.ExitUnfrozen> released =
            Events<DelegatedNodeStakingEvents.ExitUnfrozen>(logs).ToLookup(one => one.CaseId);
        HashSet<Bytes32> recorded = [.. Events<MarketFactsEvents.FailureRecorded>(logs).Select(one => one.FactId)];
        PaymentToken token = await ReadTokenAsync(cancellationToken).ConfigureAwait(false);

        List<EnforcedStep?> read = [];
        foreach (DueStep step in due)
        {
            read.Add(step.Act switch
            {
                EnforcementAct.End => await chain.QueryAsync(_orders.Order(step.Subject), cancellationToken).ConfigureAwait(false) is
                    { State: OrderState.Ended or OrderState.Settled } order
                    ? Describe(step, token.Sum(order.Refunded)) : null,
                EnforcementAct.Record => recorded.Contains(step.Subject)
                    ? Describe(step, step.Harmed == Address.Zero ? null : token.Sum((await chain.QueryAsync(
                        new MarketFactsContract(addresses["MarketFacts"]).FactOf(step.Subject), cancellationToken).ConfigureAwait(false)).Price))
                    : null,
                EnforcementAct.Propose => await chain.QueryAsync(_slasher.Proposal(step.Subject), cancellationToken).ConfigureAwait(false) is
                    { ProposedAt: not 0 } proposal
                    ? Describe(step, Stake(proposal.Amount), proposal.Compensation) with { IsForgiven = proposal.Forgiven } : null,
                EnforcementAct.Execute => executed[step.Subject].FirstOrDefault() is { } slash
                    ? Describe(
                        step, Stake(slash.FromOwnBond + slash.FromDelegation),
                        credited[step.Subject].Where(one => one.To == step.Harmed).Aggregate(BigInteger.Zero, (sum, one) => sum + one.Amount))
                    : null,
                _ => released[step.Subject].FirstOrDefault() is { } unfrozen ? Describe(step, Stake(unfrozen.Amount)) : null,
            });
        }

        return read;
    }

    private async Task<PaymentToken> ReadTokenAsync(CancellationToken cancellationToken)
    {
        TestUsdContract token = new(await chain.QueryAsync(new DWSBillingContract(addresses["DWSBilling"]).PaymentToken(), cancellationToken).ConfigureAwait(false));
        return new PaymentToken(
            await chain.QueryAsync(token.Symbol(), cancellationToken).ConfigureAwait(false),
            await chain.QueryAsync(token.Decimals(), cancellationToken).ConfigureAwait(false));
    }

    private static IEnumerable<TEvent> Events<TEvent>(IReadOnlyList<ChainLog> logs)
        where TEvent : class, IContractEvent<TEvent> => logs.Select(log => log.TryDecode(out TEvent? decoded) ? decoded : null).OfType<TEvent>();

    private static EnforcedStep Describe(DueStep step, TokenSum? amount, BigInteger? compensation = null) => new(
        step.Act, step.Subject, step.NodeId, step.Operator, step.Failure, amount, step.Harmed == Address.Zero ? null : step.Harmed,
        compensation is { IsZero: false } ? Stake(compensation) : null);

    private static TokenSum? Stake(BigInteger? units) => units is { } amount ? new TokenSum(new TokenAmount(amount).ToTokens(StakeDecimals), StakeSymbol) : null;

    private sealed record PaymentToken(string Symbol, int Decimals)
    {
        public TokenSum Sum(BigInteger units) => new(new TokenAmount(units).ToTokens(Decimals), Symbol);
    }
}
