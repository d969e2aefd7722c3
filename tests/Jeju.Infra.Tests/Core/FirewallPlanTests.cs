using System.Text.Json;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Core;

public sealed class FirewallPlanTests
{
    private static readonly EndpointTable Table = EndpointTable.For("testnet.jejunetwork.org");

    private static readonly JsonElement[] Rules = RulesOf(FirewallPlan.For(NetworkName.Testnet));

    [Theory]
    [InlineData(NetworkName.Testnet, 2_000)]
    [InlineData(NetworkName.Mainnet, 10_000)]
    public void EveryClassOfEndpointsHasItsLimitPerAddress(NetworkName network, int requests)
    {
        FirewallPlan plan = FirewallPlan.For(network);
        JsonElement[] rates = [.. RulesOf(plan).Where(rule => rule.GetProperty("Statement").TryGetProperty("RateBasedStatement", out _))];

        Assert.Equal(["rate-rpc", "rate-api", "rate-content"], rates.Select(Name));
        Assert.Equal([requests, requests, requests / 2], rates.Select(rule => rule.GetProperty("Statement").GetProperty("RateBasedStatement").GetProperty("Limit").GetInt32()));
        Assert.All(rates, rule => Assert.Equal(300, rule.GetProperty("Statement").GetProperty("RateBasedStatement").GetProperty("EvaluationWindowSec").GetInt32()));
    }

    [Fact]
    public void EveryPublicHostIsInExactlyOneRateRule()
    {
        string[] limited = [.. Rules.Where(rule => Name(rule).StartsWith("rate-", StringComparison.Ordinal)).SelectMany(rule => Searched(rule.GetProperty("Statement")))];
        Assert.Equal(
            Table.Public.Select(endpoint => endpoint.HostIn(Table.Zone)).Select(host => host.StartsWith('*') ? host[1..] : host).Order(StringComparer.Ordinal),
            limited.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AWildcardHostIsMatchedByItsSuffix()
    {
        string match = Rules.Single(rule => Name(rule) == "rate-content").ToString();
        Assert.Contains("\"PositionalConstraint\":\"ENDS_WITH\",\"SearchString\":\".jns.testnet.jejunetwork.org\"", match.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatHurtsProgramsIsLiftedWhereTheySendPayloadsAndKeptOnTheOtherHosts()
    {
        JsonElement common = Rules.Single(rule => Name(rule) == "AWSManagedRulesCommonRuleSet").GetProperty("Statement").GetProperty("ManagedRuleGroupStatement");
        JsonElement[] counted = [.. common.GetProperty("RuleActionOverrides").EnumerateArray()];
        Assert.Equal(["NoUserAgent_HEADER", "SizeRestrictions_BODY"], counted.Select(rule => Name(rule)).Order(StringComparer.Ordinal));
        Assert.All(counted, rule => Assert.True(rule.GetProperty("ActionToUse").TryGetProperty("Count", out _)));

        foreach (string lifted in (string[])["body-limit-for-browsers", "user-agent-for-browsers"])
        {
            IsLiftedForPrograms(Rules.Single(rule => Name(rule) == lifted));
        }
    }

    /// <summary>The sites have hosts of their own: rules about the entry's hosts would never meet a request there.</summary>
    [Fact]
    public void TheSitesHaveALimitOnTheirOwnHosts()
    {
        using JsonDocument document = JsonDocument.Parse(FirewallPlan.For(NetworkName.Testnet).ToAwsSiteRules(Table, "jeju-testnet-edge"));
        JsonElement rate = document.RootElement.EnumerateArray().Single(rule => rule.GetProperty("Statement").TryGetProperty("RateBasedStatement", out _));
        Assert.Equal(Table.Sites.Select(site => site.HostIn(Table.Zone)).Order(StringComparer.Ordinal), Searched(rate).Order(StringComparer.Ordinal));
    }

    private static void IsLiftedForPrograms(JsonElement limit)
    {
        Assert.True(limit.GetProperty("Action").TryGetProperty("Block", out _));
        JsonElement exempt = limit.GetProperty("Statement").GetProperty("AndStatement").GetProperty("Statements")[1].GetProperty("NotStatement");

        // A contract deployment goes through the gateway as well, and a push of git or a stored file is larger still.
        Assert.Equal(
            ["api", "bundler", "git", "hub", "relay", "rpc", "storage", "ws"],
            Searched(exempt).Select(host => host[..host.IndexOf('.', StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    /// <summary>A web ACL has 1500 units of capacity (WAF developer guide, "Web ACL capacity units"): 2 for a match of a text, 10 for a transformation, 2 for a rate, 1 for a label.</summary>
    [Fact]
    public void TheRulesFitIntoTheCapacityOfAFirewall()
    {
        Assert.InRange(Rules.Sum(Capacity), 900, 1500);

        static int Capacity(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Sum(member => member.Name switch
            {
                "ByteMatchStatement" => 2 + (10 * member.Value.GetProperty("TextTransformations").GetArrayLength()),
                "RateBasedStatement" => 2 + Capacity(member.Value),
                "LabelMatchStatement" => 1,
                "ManagedRuleGroupStatement" => member.Value.GetProperty("Name").GetString() == "AWSManagedRulesCommonRuleSet" ? 700 : 200,
                _ => Capacity(member.Value),
            }),
            JsonValueKind.Array => element.EnumerateArray().Sum(Capacity),
            _ => 0,
        };
    }

    [Fact]
    public void ArmorLiftsTheSameHosts()
    {
        string condition = FirewallPlan.ToArmorPayloadCondition(Table)!;
        Assert.Contains("'^(rpc|ws|api|bundler|storage|git|relay|hub)[.](testnet[.]jejunetwork[.]org)$'", condition, StringComparison.Ordinal);
    }

    [Fact]
    public void TheManagedRulesAreTheCommonAndTheBadInputsAndNoListOfHostingProviders() =>
        Assert.Equal(
            ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"],
            Rules.Where(rule => rule.GetProperty("Statement").TryGetProperty("ManagedRuleGroupStatement", out _)).Select(Name));

    [Fact]
    public void PrioritiesAreDistinctAndTheLabelIsGivenBeforeItIsRead()
    {
        Assert.Equal(Rules.Length, Rules.Select(rule => rule.GetProperty("Priority").GetInt32()).Distinct().Count());
        int PriorityOf(string name) => Rules.Single(rule => Name(rule) == name).GetProperty("Priority").GetInt32();
        Assert.True(PriorityOf("AWSManagedRulesCommonRuleSet") < PriorityOf("body-limit-for-browsers"));
    }

    [Fact]
    public void ArmorKnowsEveryHostByExactlyOneClassAlsoThoseItStandsByFor()
    {
        EndpointTable standby = EndpointTable.For("gcp.testnet.jejunetwork.org").StandingByFor("testnet.jejunetwork.org");
        Dictionary<RateClass, Regex> classes = Enum.GetValues<RateClass>().ToDictionary(one => one, one => Pattern(FirewallPlan.ToArmorCondition(standby, one)!));
        Assert.All(standby.Public, endpoint => Assert.All(standby.HostsOf(endpoint), host =>
        {
            string asked = host.Replace("*", "bob", StringComparison.Ordinal);
            Assert.Equal([endpoint.RateClass], classes.Where(pair => pair.Value.IsMatch(asked)).Select(pair => pair.Key));
        }));
        Assert.All(classes.Values, pattern => Assert.False(pattern.IsMatch("rpc.testnetxjejunetwork.org") || pattern.IsMatch("evil-rpc.testnet.jejunetwork.org")));

        static Regex Pattern(string condition) => new(condition[(condition.IndexOf('\'', condition.IndexOf("matches", StringComparison.Ordinal)) + 1)..^2], RegexOptions.CultureInvariant);
    }

    private static JsonElement[] RulesOf(FirewallPlan plan)
    {
        using JsonDocument document = JsonDocument.Parse(plan.ToAwsRules(Table, "jeju-testnet"));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static string Name(JsonElement rule) => rule.GetProperty("Name").GetString()!;

    private static IEnumerable<string> Searched(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == "SearchString" ? [member.Value.GetString()!] : Searched(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Searched),
        _ => [],
    };
}
