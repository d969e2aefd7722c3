using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Enforcement;

/// <summary>Something that anybody may send now, and that the contract would take.</summary>
/// <param name="Act">What.</param>
/// <param name="Call">The call.</param>
/// <param name="Subject">By which it is found again when it is done: the order, the fact or the proposal.</param>
/// <param name="NodeId">The node in the staking contract.</param>
/// <param name="Operator">Who answers for it.</param>
/// <param name="Failure">What the node did wrong.</param>
/// <param name="Harmed">Who was to be served; zero for nobody.</param>
/// <param name="Stake">What is slashed or let go at most, in units of the stake asset.</param>
/// <param name="Compensation">What of it is for the harmed at most.</param>
internal sealed record DueStep(
    EnforcementAct Act, ContractCall Call, Bytes32 Subject, Bytes32 NodeId, Address Operator, string Failure, Address Harmed,
    BigInteger? Stake = null, BigInteger? Compensation = null)
{
    public const string NeverReady = "never ready";

    public const string FailedLease = "failed lease";

    public const string MissedHeartbeats = "missed heartbeats";

    public static string NameOf(FactSourceTypes.Offence offence) => offence switch
    {
        FactSourceTypes.Offence.MissedHeartbeats => MissedHeartbeats,
        FactSourceTypes.Offence.FailedLease => FailedLease,
        FactSourceTypes.Offence.LowUptime => "low uptime",
        _ => "false statement",
    };
}
