using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Stake lent to a node.</summary>
internal sealed record DelegationInputs : ISuiteResource
{
    [Property("The contracts to work with.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key that signs.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key.", Computed = true, Replaces = true)]
    public Address? Account { get; init; }

    [Property("The staking node.", Replaces = true)]
    public required Bytes32 NodeId { get; init; }

    [Property("The stake, in the smallest unit of JEJU.")]
    public required TokenAmount Amount { get; init; }
}

/// <summary>What a delegator holds for his stake.</summary>
internal sealed record DelegationOutputs
{
    [Property("The account that lends.")]
    public Address? Delegator { get; init; }

    [Property("The shares it holds for its stake.")]
    public TokenAmount? Shares { get; init; }
}

/// <summary>Stake that an account lends to a node.</summary>
[ResourceType("Delegation", "Stake that an account lends to a node, for a share of what the node earns.")]
internal sealed class DelegationHandler(SuiteServices services) : SuiteResourceHandler<DelegationInputs, DelegationOutputs>(services)
{
    protected override void PlanCreate(ResourceContext context, Bound<DelegationInputs> inputs, Plan<DelegationOutputs> plan)
    {
        if (inputs.Values.Account is { } account)
        {
            plan.Knows(nameof(DelegationOutputs.Delegator), account);
        }
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<DelegationInputs, DelegationOutputs> state, Bound<DelegationInputs> news) => [nameof(DelegationOutputs.Shares)];

    // Shares, not the amount: slashing lowers what a share is worth, and is no reason to pay again.
    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<DelegationInputs, DelegationOutputs> state, CancellationToken cancellationToken)
    {
        var (shares, _) = await DelegationOfAsync(session, state.Inputs, cancellationToken);
        return shares < (state.Outputs.Shares ?? TokenAmount.Zero).Units
            ? [new Drift(nameof(DelegationOutputs.Shares), "Part of the delegation is gone from the chain: it is delegated again.")]
            : [];
    }

    protected override async Task<Created<DelegationOutputs>> CreateAsync(
        ResourceContext context, DelegationInputs inputs, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(context, inputs, cancellationToken);

        // What the account has delegated to the node already counts: a creation that was killed after its transaction is not paid twice.
        var (_, amount) = await DelegationOfAsync(session, inputs, cancellationToken);
        var outputs = await DelegateAsync(session, inputs, inputs.Amount.Units - amount, cancellationToken);
        return new Created<DelegationOutputs>($"{inputs.NodeId}:{session.Account}", outputs);
    }

    protected override async Task<DelegationOutputs> UpdateAsync(
        ResourceContext context, ResourceState<DelegationInputs, DelegationOutputs> state, DelegationInputs news, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(context, news, cancellationToken);
        var (shares, amount) = await DelegationOfAsync(session, news, cancellationToken);
        if (shares < (state.Outputs.Shares ?? TokenAmount.Zero).Units || news.Amount >= state.Inputs.Amount)
        {
            return await DelegateAsync(session, news, news.Amount.Units - amount, cancellationToken);
        }

        if (amount > news.Amount.Units)
        {
            // Rounded down: rather a wei too much stays than the position falls below what was asked for.
            var leaving = shares * (amount - news.Amount.Units) / amount;
            if (leaving > 0)
            {
                await session.SendAsync([session.Contracts.Staking.Undelegate(news.NodeId, leaving)], cancellationToken);
            }
        }

        return await OutputsAsync(session, news, cancellationToken);
    }

    protected override async Task<ResourceState<DelegationInputs, DelegationOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<DelegationInputs, DelegationOutputs> state, CancellationToken cancellationToken)
    {
        var outputs = await OutputsAsync(session, state.Inputs, cancellationToken);
        return outputs.Shares is { Units.IsZero: false } ? state with { Outputs = outputs } : null;
    }

    protected override async Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<DelegationInputs, DelegationOutputs> state, CancellationToken cancellationToken)
    {
        var (shares, amount) = await DelegationOfAsync(session, state.Inputs, cancellationToken);
        if (shares > 0)
        {
            await session.SendAsync([session.Contracts.Staking.Undelegate(state.Inputs.NodeId, shares)], cancellationToken);
            await context.Log.InformationAsync(
                $"{new TokenAmount(amount).ToTokens(18)} JEJU are unbonding; withdraw them for {session.Account.ToChecksumText()} when that is over.", cancellationToken);
        }
    }

    private static async Task<DelegationOutputs> DelegateAsync(
        SuiteSession session, DelegationInputs inputs, BigInteger missing, CancellationToken cancellationToken)
    {
        if (missing > 0)
        {
            await session.SendAsync(
                [.. await StakePayment.ApproveAsync(session.Market, missing, cancellationToken), session.Contracts.Staking.Delegate(inputs.NodeId, missing)],
                cancellationToken);
        }

        return await OutputsAsync(session, inputs, cancellationToken);
    }

    private static async Task<DelegationOutputs> OutputsAsync(SuiteSession session, DelegationInputs inputs, CancellationToken cancellationToken)
    {
        var (shares, _) = await DelegationOfAsync(session, inputs, cancellationToken);
        return new DelegationOutputs { Delegator = session.Account, Shares = new TokenAmount(shares) };
    }

    private static Task<(BigInteger Shares, BigInteger Amount)> DelegationOfAsync(
        SuiteSession session, DelegationInputs inputs, CancellationToken cancellationToken) =>
        session.Chain.QueryAsync(session.Contracts.Staking.DelegationOf(inputs.NodeId, session.Account), cancellationToken);
}
