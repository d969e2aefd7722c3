using Jeju.Infra.Chain;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Enforcement;

namespace Jeju.Infra.Tests.Cli;

public sealed class EnforcementLineTests
{
    private static readonly Bytes32 Node = Keccak.Hash("node");
    private static readonly Address Operator = AnvilAccounts.Operator.Address;
    private static readonly Address Consumer = AnvilAccounts.Consumer.Address;

    public static TheoryData<EnforcedStep, bool, string> Lines => new()
    {
        { Step(EnforcementAct.End, "never ready", null, Consumer), false, $"to end  NODE  never ready  refund to {Consumer.ToChecksumText()}" },
        { Step(EnforcementAct.End, "never ready", "3 tUSD", Consumer), true, $"ended  NODE  never ready  3 tUSD refunded to {Consumer.ToChecksumText()}" },
        { Step(EnforcementAct.Record, "missed heartbeats", null, null), true, "recorded  NODE  missed heartbeats" },
        { Step(EnforcementAct.Record, "failed lease", null, Consumer), false, "to record  NODE  failed lease" },
        {
            Step(EnforcementAct.Record, "failed lease", "3 tUSD", Consumer), true,
            $"recorded  NODE  failed lease  3 tUSD of service that {Consumer.ToChecksumText()} did not get"
        },
        { Step(EnforcementAct.Propose, "failed lease", "0 JEJU", null) with { IsForgiven = true }, true, "forgiven  NODE  failed lease  the operator is new" },
        { Step(EnforcementAct.Propose, "missed heartbeats", "200 JEJU", null), true, "proposed  NODE  missed heartbeats  200 JEJU" },
        {
            Step(EnforcementAct.Execute, "failed lease", "500 JEJU", Consumer, "2 JEJU"), false,
            $"to slash  NODE  failed lease  500 JEJU, at most 2 JEJU of it to {Consumer.ToChecksumText()}"
        },
        {
            Step(EnforcementAct.Execute, "failed lease", "500 JEJU", Consumer, "2 JEJU"), true,
            $"slashed  NODE  failed lease  500 JEJU, 2 JEJU of it to {Consumer.ToChecksumText()}"
        },
        { Step(EnforcementAct.Release, "low uptime", "200 JEJU", null), true, "released  NODE  low uptime  200 JEJU" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_says_what_is_done_to_whom_and_how_much(EnforcedStep step, bool isDone, string expected) =>
        Assert.Equal(expected.Replace("NODE", $"node {Node}  operator {Operator.ToChecksumText()}", StringComparison.Ordinal), EnforcementLine.Of(step, isDone));

    private static EnforcedStep Step(EnforcementAct act, string failure, string? amount, Address? harmed, string? compensation = null) => new(
        act, Keccak.Hash("subject"), Node, Operator, failure, Sum(amount), harmed, Sum(compensation));

    private static TokenSum? Sum(string? text) => text?.Split(' ') is [var tokens, var symbol] ? new TokenSum(tokens, symbol) : null;
}
