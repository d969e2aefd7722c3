using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>The network's second provider node, on the cluster of the other cloud: an operator of its own, whose stake and leases are its own.</summary>
public sealed record StandbyNodeSettings : ICheckedSettings
{
    /// <summary>The key that owns the node.</summary>
    [Setting("The key that stakes for and owns the node; not the first node's, nor the consumer's.")]
    public required SignerSettings Operator { get; init; }

    /// <summary>The account that sends heartbeats.</summary>
    [Setting("The account with which the node's agent reports; not the first node's.")]
    public required Address AgentAddress { get; init; }

    /// <summary>The public endpoint of the agent.</summary>
    [Setting("The public endpoint of the node's agent, 'dws' in the other cloud's zone.", Pattern = "https://.+", PatternMeaning = "an https address")]
    public required string Endpoint { get; init; }

    /// <summary>The region that the node announces.</summary>
    [Setting("The region that the node announces.", Pattern = "[a-z0-9][a-z0-9-]{0,30}", PatternMeaning = "a region's lower-case name")]
    public required string Region { get; init; }

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        if (AgentAddress.IsZero)
        {
            yield return new SettingRefusal(["agentAddress"], "the zero address is nobody's", "write an address");
        }
        else if (DevelopmentAccounts.IsWellKnown(AgentAddress))
        {
            yield return new SettingRefusal(["agentAddress"], DevelopmentAccounts.Refusal(AgentAddress), "write an account whose key you alone have");
        }
    }

    /// <summary>What is wrong between the node and the stack that it belongs to.</summary>
    internal IEnumerable<SettingRefusal> CheckIn(MarketSettings stack)
    {
        if (stack.Aws is null || stack.Gcp is null || stack.Operator is null)
        {
            yield return new SettingRefusal(["standbyNode"], "it needs two clouds and a first node, and the stack has not all of these", "add the missing cloud or the operator, or leave the setting out");
        }

        if (stack.Operator is { } first && first.Type == Operator.Type && first.Key == Operator.Key)
        {
            yield return new SettingRefusal(["standbyNode", "operator", "key"], $"'{Operator.Key}' is the first node's key", "use another: the stake of one would answer for both");
        }

        if (stack.Consumer.Type == Operator.Type && stack.Consumer.Key == Operator.Key)
        {
            yield return new SettingRefusal(["standbyNode", "operator", "key"], $"'{Operator.Key}' is the consumer's key", "use another: a network must not buy from itself with one account");
        }

        if (stack.AgentAddress == AgentAddress)
        {
            yield return new SettingRefusal(["standbyNode", "agentAddress"], $"'{AgentAddress}' is the first node's agent", "use another account: two agents would race for its nonces");
        }
    }
}
