using System.Numerics;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>An amount that the treasury received.</summary>
/// <param name="Source">The contract that paid it, or its address where it is none of the suite.</param>
/// <param name="Asset">The token.</param>
/// <param name="Symbol">The token's symbol.</param>
/// <param name="Amount">How much, in the token's smallest unit.</param>
/// <param name="Decimals">The token's decimals.</param>
public sealed record CollectedAmount(string Source, Address Asset, string Symbol, TokenAmount Amount, int Decimals)
{
    /// <summary>The amount in whole tokens, in decimal.</summary>
    public string Tokens => Amount.ToTokens(Decimals);
}

/// <summary>What one collection brought, read from the events of its transactions.</summary>
/// <param name="Arrived">What the treasury received, per source.</param>
/// <param name="Booked">What it divided over its buckets, also of what somebody had sent to it before.</param>
/// <param name="Transactions">How many transactions were sent; none when there was nothing to collect.</param>
public sealed record CollectionResult(IReadOnlyList<CollectedAmount> Arrived, IReadOnlyList<CollectedAmount> Booked, int Transactions);

/// <summary>
/// Brings the treasury what the network has earned for it. The treasury is a contract that asks nobody, so fees, slashed stake and surplus wait
/// where they were earned until somebody, whoever it is, calls for them; they go nowhere but to the treasury.
/// </summary>
/// <param name="addresses">The contracts.</param>
/// <param name="pipeline">The key that pays the gas.</param>
public sealed class TreasuryCollection(SuiteAddresses addresses, TransactionPipeline pipeline)
{
    private readonly ChainClient _chain = pipeline.Chain;
    private readonly Address _treasury = addresses["Treasury"];

    /// <summary>Collects everything that is there now, in at most three batches of transactions.</summary>
    /// <exception cref="InfraException">JEJU0306: somebody else collected the same at the same time.</exception>
    public async Task<CollectionResult> RunAsync(CancellationToken cancellationToken)
    {
        DelegatedNodeStakingContract staking = new(addresses["DelegatedNodeStaking"]);
        IReadOnlyList<Address> tokens = await _chain.QueryAsync(
            [staking.StakeAsset(), staking.RewardAsset()], cancellationToken).ConfigureAwait(false);
        List<TransactionReceipt> receipts = [];

        // What billing holds beyond its debts first becomes the treasury's claim there, then it is paid with the rest, then it is divided.
        SequencerRegistryContract sequencers = new(addresses["SequencerRegistry"]);
        receipts.AddRange(await SendAsync(
            [
                new DWSBillingContract(addresses["DWSBilling"]).SweepSurplus(), .. tokens.Distinct().Select(staking.SweepSurplus),
                .. tokens.Distinct().Select(sequencers.SweepSurplus),
            ],
            cancellationToken).ConfigureAwait(false));
        receipts.AddRange(await SendAsync(Claims(staking, sequencers, tokens), cancellationToken).ConfigureAwait(false));
        TreasuryContract treasury = new(_treasury);
        receipts.AddRange(await SendAsync([.. tokens.Distinct().Select(treasury.BookSurplus)], cancellationToken).ConfigureAwait(false));

        Dictionary<Address, (string Symbol, int Decimals)> known = [];
        foreach (Address token in tokens.Distinct())
        {
            TestUsdContract metadata = new(token);
            known[token] = (
                await _chain.QueryAsync(metadata.Symbol(), cancellationToken).ConfigureAwait(false),
                await _chain.QueryAsync(metadata.Decimals(), cancellationToken).ConfigureAwait(false));
        }

        CollectedAmount Amount(string source, Address token, BigInteger units) =>
            new(source, token, known[token].Symbol, new TokenAmount(units), known[token].Decimals);
        IReadOnlyList<ChainLog> logs = [.. receipts.SelectMany(receipt => receipt.Logs)];
        return new CollectionResult(
            [
                .. logs.Where(log => known.ContainsKey(log.Address))
                    .Select(log => (Token: log.Address, Transfer: log.TryDecode(out TestUsdEvents.Transfer? transfer) && transfer.To == _treasury ? transfer : null))
                    .Where(arrival => arrival.Transfer is not null)
                    .GroupBy(arrival => (arrival.Transfer!.From, arrival.Token))
                    .Select(group => Amount(
                        addresses.NameOf(group.Key.From), group.Key.Token, group.Aggregate(BigInteger.Zero, (sum, arrival) => sum + arrival.Transfer!.Value))),
            ],
            [
                .. logs.Where(log => log.Address == _treasury)
                    .Select(log => log.TryDecode(out TreasuryEvents.RevenueBooked? booked) ? booked : null)
                    .OfType<TreasuryEvents.RevenueBooked>()
                    .Select(booked => Amount(
                        "Treasury", booked.Asset, booked.ProtocolAmount + booked.StakersAmount + booked.InsuranceAmount + booked.OperatorAmount)),
            ],
            receipts.Count);
    }

    private IEnumerable<ContractCall> Claims(
        DelegatedNodeStakingContract staking, SequencerRegistryContract sequencers, IReadOnlyList<Address> tokens)
    {
        yield return staking.ClaimRewardsFor(_treasury);
        yield return staking.ClaimStakeCreditFor(_treasury);
        yield return new DWSBillingContract(addresses["DWSBilling"]).ClaimFor(_treasury);
        yield return new IdentityRegistryContract(addresses["IdentityRegistry"]).PayTreasury();
        yield return new JNSRegistrarContract(addresses["JNSRegistrar"]).PayTreasury();
        yield return sequencers.PayTreasury();
        ComputeRentalContract rentals = new(addresses["ComputeRental"]);
        foreach (Address token in tokens.Distinct())
        {
            yield return rentals.ClaimBonds(token, _treasury);
        }
    }

    /// <summary>Sends those calls that would bring something now. Each answers with its amount, and is refused or answers zero when there is none.</summary>
    private async Task<IReadOnlyList<TransactionReceipt>> SendAsync(IEnumerable<ContractCall> calls, CancellationToken cancellationToken)
    {
        List<ContractCall> asked = [.. calls];
        IReadOnlyList<Answer?> answers = await _chain.TryQueryAsync(
            [
                .. asked.Select(call => new ContractQuery<Answer>(
                    call.To ?? Address.Zero, call.Data, call.Description, data => new Answer(new BigInteger(data.AsSpan(0, 32), isUnsigned: true, isBigEndian: true)))),
            ],
            cancellationToken).ConfigureAwait(false);
        List<ContractCall> worthwhile = [.. asked.Where((_, index) => answers[index] is { Amount.IsZero: false })];
        return worthwhile.Count == 0 ? [] : await pipeline.SendAsync(worthwhile, cancellationToken).ConfigureAwait(false);
    }

    private sealed record Answer(BigInteger Amount);
}
