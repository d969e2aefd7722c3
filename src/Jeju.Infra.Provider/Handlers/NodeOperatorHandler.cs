using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>An operator and the stake of his node.</summary>
internal sealed record NodeOperatorInputs : ISuiteResource
{
    [Property("The contracts to work with.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key that signs.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key.", Computed = true, Replaces = true)]
    public Address? Account { get; init; }

    [Property("The operator's own stake, in the smallest unit of JEJU.")]
    public required TokenAmount Stake { get; init; }

    [Property("The operator's share of the earnings in basis points.", Default = "2000", Minimum = 2000, Maximum = 4000)]
    public int Commission { get; init; }
}

/// <summary>What the chain says of an operator's node.</summary>
internal sealed record NodeOperatorOutputs
{
    [Property("The operator's account.")]
    public Address? OperatorAddress { get; init; }

    [Property("The staking node's id.")]
    public Bytes32? NodeId { get; init; }

    [Property("The operator's own name for the node, from which its id follows.")]
    public Bytes32? Salt { get; init; }

    [Property("What the chain says of the node: staked, or short when its own stake is below what is asked for.")]
    public string? Status { get; init; }
}

/// <summary>Registration and stake in DelegatedNodeStaking.</summary>
[ResourceType("NodeOperator", "A node operator: registration and stake in DelegatedNodeStaking.")]
internal sealed class NodeOperatorHandler(SuiteServices services) : SuiteResourceHandler<NodeOperatorInputs, NodeOperatorOutputs>(services)
{
    private const string Staked = "staked";
    private const string Short = "short";

    protected override void PlanCreate(ResourceContext context, Bound<NodeOperatorInputs> inputs, Plan<NodeOperatorOutputs> plan)
    {
        if (inputs.Values.Account is { } account)
        {
            plan.Knows(nameof(NodeOperatorOutputs.OperatorAddress), account);
        }

        plan.Knows(nameof(NodeOperatorOutputs.Salt), SaltOf(context)).Knows(nameof(NodeOperatorOutputs.Status), Staked);
    }

    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<NodeOperatorInputs, NodeOperatorOutputs> state, CancellationToken cancellationToken)
    {
        var node = await session.Chain.QueryAsync(session.Contracts.Staking.Node(Bytes32.Parse(state.Id)), cancellationToken);
        if (node.Operator.IsZero)
        {
            return [new Drift(nameof(NodeOperatorOutputs.Status), "The chain does not know the staking node any more: it is registered again.")];
        }

        return node.SelfStake < state.Inputs.Stake.Units
            ? [new Drift(nameof(NodeOperatorOutputs.Status), $"The node's own stake is {Jeju(node.SelfStake)} JEJU: the rest is staked again.")]
            : [];
    }

    protected override async Task<Created<NodeOperatorOutputs>> CreateAsync(
        ResourceContext context, NodeOperatorInputs inputs, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(context, inputs, cancellationToken);
        var outputs = await EnsureAsync(context, session, inputs, SaltOf(context), cancellationToken);
        return new Created<NodeOperatorOutputs>(outputs.NodeId?.ToString() ?? "", outputs);
    }

    protected override async Task<NodeOperatorOutputs> UpdateAsync(
        ResourceContext context, ResourceState<NodeOperatorInputs, NodeOperatorOutputs> state, NodeOperatorInputs news, CancellationToken cancellationToken) =>
        await EnsureAsync(context, await OpenAsync(context, news, cancellationToken), news, state.Outputs.Salt ?? SaltOf(context), cancellationToken);

    protected override async Task<ResourceState<NodeOperatorInputs, NodeOperatorOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<NodeOperatorInputs, NodeOperatorOutputs> state, CancellationToken cancellationToken)
    {
        var node = await session.Chain.QueryAsync(session.Contracts.Staking.Node(Bytes32.Parse(state.Id)), cancellationToken);
        if (node.Operator.IsZero)
        {
            return null;
        }

        return state with
        {
            Outputs = state.Outputs with
            {
                OperatorAddress = node.Operator,
                NodeId = Bytes32.Parse(state.Id),
                Status = node.SelfStake < state.Inputs.Stake.Units ? Short : Staked,
            },
        };
    }

    protected override async Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<NodeOperatorInputs, NodeOperatorOutputs> state, CancellationToken cancellationToken)
    {
        var nodeId = Bytes32.Parse(state.Id);
        var node = await session.Chain.QueryAsync(session.Contracts.Staking.Node(nodeId), cancellationToken);
        if (node.Operator != session.Account || node.SelfStake.IsZero)
        {
            return;
        }

        // Stake that still backs a service stays until its own unbonding is over; it can be taken out then.
        var backing = await session.Chain.QueryAsync(session.Contracts.StakeManager.RequiredStakeOf(nodeId), cancellationToken);
        var parameters = await session.Chain.QueryAsync(session.Contracts.Staking.Parameters(), cancellationToken);
        var free = FreeOwnBond(node.SelfStake, node.DelegatedStake, backing, parameters.MinimumSelfBondBps);
        if (free > 0)
        {
            await session.SendAsync([session.Contracts.Staking.Unstake(nodeId, free)], cancellationToken);
            await context.Log.InformationAsync(
                $"{Jeju(free)} JEJU of node {state.Id} are unbonding; withdraw them for {session.Account.ToChecksumText()} when that is over.", cancellationToken);
        }

        if (free < node.SelfStake)
        {
            await context.Log.InformationAsync(
                $"{Jeju(node.SelfStake - free)} JEJU of node {state.Id} still back its services; they can be unstaked when their unbonding is over.", cancellationToken);
        }
    }

    /// <summary>The own bond that the staking contract lets go now: what backs no service, and, while any is backed, what is above its part of all stake.</summary>
    internal static BigInteger FreeOwnBond(BigInteger selfStake, BigInteger delegatedStake, BigInteger backing, int minimumSelfBondBps)
    {
        const int Whole = 10_000;
        var stays = backing - delegatedStake;
        if (backing > 0 && delegatedStake > 0)
        {
            // own / (own + delegated) >= part, rounded up.
            var part = minimumSelfBondBps >= Whole ? selfStake : ((delegatedStake * minimumSelfBondBps) + (Whole - minimumSelfBondBps) - 1) / (Whole - minimumSelfBondBps);
            stays = BigInteger.Max(stays, part);
        }

        return BigInteger.Max(BigInteger.Zero, selfStake - BigInteger.Max(BigInteger.Zero, stays));
    }

    private static async Task<NodeOperatorOutputs> EnsureAsync(
        ResourceContext context, SuiteSession session, NodeOperatorInputs inputs, Bytes32 salt, CancellationToken cancellationToken)
    {
        var nodeId = await NodeStaking.EnsureAsync(
            session.Market, salt, inputs.Stake, (ushort)inputs.Commission, message => context.Log.ProgressAsync(message, cancellationToken), cancellationToken);
        return new NodeOperatorOutputs { OperatorAddress = session.Account, NodeId = nodeId, Salt = salt, Status = Staked };
    }

    private static Bytes32 SaltOf(ResourceContext context) => Keccak.Hash($"jeju/staking-node/{context.Urn}");

    private static string Jeju(BigInteger units) => new TokenAmount(units).ToTokens(18);
}
