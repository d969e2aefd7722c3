using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Operators;

/// <summary>
/// Registration and stake in DelegatedNodeStaking. Everything is "make it so": what is there is read, and only the missing calls are sent, so a
/// run that was killed is continued by the next one and nothing is paid twice.
/// </summary>
public static class NodeStaking
{
    private static readonly ErrorCode NotTheOperators = new(223);

    /// <summary>Makes the account an operator with a node of this name and this stake of its own.</summary>
    /// <param name="market">The operator's account.</param>
    /// <param name="salt">The operator's own name for the node, from which its id follows.</param>
    /// <param name="stake">The node's own stake in the smallest unit of JEJU; null leaves it as it is.</param>
    /// <param name="commissionBps">The operator's share of the earnings in basis points, 2000 to 4000; null leaves it, and is 2000 at first.</param>
    /// <param name="progress">Told how many transactions are sent.</param>
    /// <param name="cancellationToken">Ends the wait for the transactions.</param>
    /// <returns>The staking node's id.</returns>
    /// <exception cref="InfraException">JEJU0220: the account holds less than what is to be staked.</exception>
    public static async Task<Bytes32> EnsureAsync(
        MarketAccess market, Bytes32 salt, TokenAmount? stake, ushort? commissionBps, Func<string, Task>? progress, CancellationToken cancellationToken)
    {
        const ushort DefaultCommission = 2000;
        var staking = market.Contracts.Staking;
        var nodeId = await market.Chain.QueryAsync(staking.NodeIdOf(market.Account, salt), cancellationToken).ConfigureAwait(false);
        var operatorInfo = await market.Chain.QueryAsync(staking.OperatorInfo(market.Account), cancellationToken).ConfigureAwait(false);
        var node = await market.Chain.QueryAsync(staking.Node(nodeId), cancellationToken).ConfigureAwait(false);

        List<ContractCall> calls = [];
        if (!operatorInfo.Registered)
        {
            calls.Add(staking.RegisterOperator(commissionBps ?? DefaultCommission));
        }
        else if (commissionBps is { } commission && operatorInfo.AnnouncedCommissionBps != commission)
        {
            calls.Add(staking.AnnounceCommission(commission));
        }

        if (node.Operator.IsZero)
        {
            calls.Add(staking.RegisterNode(salt, acceptsDelegations: true));
        }

        BigInteger missing = stake is { } wanted ? wanted.Units - node.SelfStake : 0;
        if (missing > 0)
        {
            calls.AddRange(await StakePayment.ApproveAsync(market, missing, cancellationToken).ConfigureAwait(false));
            calls.Add(staking.Stake(nodeId, missing, TokenAmount.Zero));
        }
        else if (missing < 0)
        {
            calls.Add(staking.Unstake(nodeId, -missing));
        }

        if (progress is not null)
        {
            await progress($"{calls.Count} transactions of the operator").ConfigureAwait(false);
        }

        await market.SendAsync(calls, cancellationToken).ConfigureAwait(false);
        return nodeId;
    }

    /// <summary>Brings a node's own stake up to an amount; what is there already counts, and none is taken out.</summary>
    /// <param name="market">The operator's account.</param>
    /// <param name="nodeId">The staking node.</param>
    /// <param name="stake">The node's own stake in the smallest unit of JEJU.</param>
    /// <param name="cancellationToken">Ends the wait for the transactions.</param>
    /// <returns>The node's own stake as the chain has it then, in the smallest unit of JEJU.</returns>
    /// <exception cref="InfraException">JEJU0220: the account holds less; JEJU0223: the node is not the account's, or has more than this.</exception>
    public static async Task<TokenAmount> StakeAsync(MarketAccess market, Bytes32 nodeId, TokenAmount stake, CancellationToken cancellationToken)
    {
        var staking = market.Contracts.Staking;
        var node = await market.Chain.QueryAsync(staking.Node(nodeId), cancellationToken).ConfigureAwait(false);
        if (node.Operator != market.Account)
        {
            throw new InfraException(
                NotTheOperators,
                node.Operator.IsZero
                    ? $"There is no staking node {nodeId}."
                    : $"The staking node {nodeId} belongs to {node.Operator.ToChecksumText()}, not to {market.Account.ToChecksumText()}.",
                "Name a node of this account, or sign with the key of its operator.",
                FailureKind.Usage);
        }

        BigInteger missing = stake.Units - node.SelfStake;
        if (missing < 0)
        {
            throw new InfraException(
                NotTheOperators,
                $"The node has {new TokenAmount(node.SelfStake).ToTokens(18)} JEJU of its own already, more than {stake.ToTokens(18)}.",
                "Stake at least that much. Stake is taken out by lowering the stack's setting: it stays slashable while it unbonds.",
                FailureKind.Usage);
        }

        if (missing > 0)
        {
            await market.SendAsync(
                [.. await StakePayment.ApproveAsync(market, missing, cancellationToken).ConfigureAwait(false), staking.Stake(nodeId, missing, TokenAmount.Zero)],
                cancellationToken).ConfigureAwait(false);
        }

        return new TokenAmount((await market.Chain.QueryAsync(staking.Node(nodeId), cancellationToken).ConfigureAwait(false)).SelfStake);
    }

    /// <summary>Brings what the account has lent to a node up to an amount; what is there already counts.</summary>
    /// <param name="market">The delegator's account.</param>
    /// <param name="nodeId">The staking node.</param>
    /// <param name="amount">What shall be lent in all, in the smallest unit of JEJU.</param>
    /// <param name="cancellationToken">Ends the wait for the transactions.</param>
    /// <returns>The shares that the account holds for it, and what they are worth now.</returns>
    /// <exception cref="InfraException">JEJU0220: the account holds less than what is to be lent.</exception>
    public static async Task<(BigInteger Shares, BigInteger Amount)> DelegateAsync(
        MarketAccess market, Bytes32 nodeId, TokenAmount amount, CancellationToken cancellationToken)
    {
        var staking = market.Contracts.Staking;
        var (_, lent) = await market.Chain.QueryAsync(staking.DelegationOf(nodeId, market.Account), cancellationToken).ConfigureAwait(false);
        BigInteger missing = amount.Units - lent;
        if (missing > 0)
        {
            await market.SendAsync(
                [.. await StakePayment.ApproveAsync(market, missing, cancellationToken).ConfigureAwait(false), staking.Delegate(nodeId, missing)],
                cancellationToken).ConfigureAwait(false);
        }

        return await market.Chain.QueryAsync(staking.DelegationOf(nodeId, market.Account), cancellationToken).ConfigureAwait(false);
    }
}
