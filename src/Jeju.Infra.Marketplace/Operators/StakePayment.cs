using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Operators;

/// <summary>Pays JEJU to the staking contract.</summary>
public static class StakePayment
{
    private static readonly ErrorCode NotEnough = new(220);

    /// <summary>The approval that a payment needs, if one is missing.</summary>
    /// <param name="market">The account that pays.</param>
    /// <param name="amount">What is to be staked, in the smallest unit of JEJU.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="InfraException">JEJU0220: the account holds less than the payment.</exception>
    public static async Task<IReadOnlyList<ContractCall>> ApproveAsync(MarketAccess market, BigInteger amount, CancellationToken cancellationToken)
    {
        var jeju = market.Contracts.Jeju;
        var staking = market.Contracts.Staking.Address;
        var answers = await market.Chain.QueryAsync(
            [jeju.BalanceOf(market.Account), jeju.Allowance(market.Account, staking)], cancellationToken).ConfigureAwait(false);
        if (answers[0] < amount)
        {
            throw new InfraException(
                NotEnough,
                $"The account {market.Account.ToChecksumText()} holds {new TokenAmount(answers[0]).ToTokens(18)} JEJU, and {new TokenAmount(amount).ToTokens(18)} are to be staked.",
                "Send it the missing JEJU, or stake less.");
        }

        return answers[1] >= amount ? [] : [jeju.Approve(staking, amount)];
    }
}
