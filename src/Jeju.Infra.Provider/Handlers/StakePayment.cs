using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Pays JEJU to the staking contract.</summary>
internal static class StakePayment
{
    private static readonly ErrorCode NotEnough = new(220);

    /// <summary>The approval that a payment needs, if one is missing.</summary>
    /// <exception cref="InfraException">JEJU0220: the account holds less than the payment.</exception>
    public static async Task<IReadOnlyList<ContractCall>> ApproveAsync(SuiteSession session, BigInteger amount, CancellationToken cancellationToken)
    {
        var jeju = session.Contracts.Jeju;
        var staking = session.Contracts.Staking.Address;
        var answers = await session.Chain.QueryAsync([jeju.BalanceOf(session.Account), jeju.Allowance(session.Account, staking)], cancellationToken);
        if (answers[0] < amount)
        {
            throw new InfraException(
                NotEnough,
                $"The account {session.Account.ToChecksumText()} holds {new TokenAmount(answers[0]).ToTokens(18)} JEJU, and {new TokenAmount(amount).ToTokens(18)} are to be staked.",
                "Send it the missing JEJU, or lower the stake in the settings.");
        }

        return answers[1] >= amount ? [] : [jeju.Approve(staking, amount)];
    }
}
