using System.Text.Json.Nodes;

namespace Jeju.Infra.Core;

/// <summary>The limits of a network's web application firewall.</summary>
/// <param name="RequestsPerFiveMinutes">Requests of one address in five minutes before it is blocked, 10 and up.</param>
public sealed record FirewallPlan(int RequestsPerFiveMinutes)
{
    /// <summary>The default limits of a network.</summary>
    public static FirewallPlan For(NetworkName network) => new(network == NetworkName.Mainnet ? 10_000 : 2_000);

    /// <summary>How much one address may ask of a class of endpoints: pages are fetched in bursts by people, RPC by machines all the time.</summary>
    public int LimitOf(RateClass rateClass) => rateClass == RateClass.Content ? RequestsPerFiveMinutes / 2 : RequestsPerFiveMinutes;

    /// <summary>
    /// The rules for AWS WAF (API reference, type <c>Rule</c>). Two rules of the managed sets hurt an RPC network and are handled here: the limit of 8 KB
    /// on bodies is only counted, and then enforced on every host but those of RPC, because a contract deployment is larger; and the list of hosting providers is
    /// not used at all, because that is where RPC clients live.
    /// </summary>
    /// <param name="table">The endpoints behind the firewall.</param>
    /// <param name="metricPrefix">The stem of the rules' metric names.</param>
    public string ToAwsRules(EndpointTable table, string metricPrefix)
    {
        List<JsonObject> rules = [];
        foreach (RateClass rateClass in Enum.GetValues<RateClass>())
        {
            string[] hosts = [.. HostsOf(table, rateClass)];
            if (hosts.Length > 0)
            {
                rules.Add(Rule($"rate-{rateClass.ToString().ToLowerInvariant()}", Blocked(), new JsonObject
                {
                    ["RateBasedStatement"] = new JsonObject
                    {
                        ["AggregateKeyType"] = "IP",
                        ["EvaluationWindowSec"] = 300,
                        ["Limit"] = LimitOf(rateClass),
                        ["ScopeDownStatement"] = AnyHost(hosts),
                    },
                }));
            }
        }

        rules.Add(Managed("AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY"));
        rules.Add(Managed("AWSManagedRulesKnownBadInputsRuleSet"));
        rules.Add(Rule("body-limit-outside-rpc", Blocked(), new JsonObject
        {
            ["AndStatement"] = new JsonObject
            {
                ["Statements"] = new JsonArray(
                    new JsonObject
                    {
                        ["LabelMatchStatement"] = new JsonObject
                        {
                            ["Scope"] = "LABEL",
                            ["Key"] = "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body",
                        },
                    },
                    new JsonObject { ["NotStatement"] = new JsonObject { ["Statement"] = AnyHost([.. HostsOf(table, RateClass.Rpc)]) } }),
            },
        }));

        JsonArray array = [];
        for (int priority = 0; priority < rules.Count; priority++)
        {
            rules[priority]["Priority"] = priority;
            rules[priority]["VisibilityConfig"] = new JsonObject
            {
                ["CloudWatchMetricsEnabled"] = true,
                ["SampledRequestsEnabled"] = true,
                ["MetricName"] = $"{metricPrefix}-{rules[priority]["Name"]}",
            };
            array.Add(rules[priority]);
        }

        return array.ToJsonString();
    }

    /// <summary>
    /// The condition, in the rules language of Cloud Armor, that a request is to a host of a class. It is one expression over all names, because a rule takes no more than
    /// five (Cloud Armor documentation, "Quotas and limits").
    /// </summary>
    /// <param name="table">The endpoints behind the firewall.</param>
    /// <param name="rateClass">The class.</param>
    /// <returns>The condition; <see langword="null"/> where no endpoint is of the class.</returns>
    public static string? ToArmorCondition(EndpointTable table, RateClass rateClass)
    {
        string[] labels = [.. table.Public
            .Where(endpoint => endpoint.RateClass == rateClass)
            .Select(endpoint => endpoint.IsWildcard ? $"[^.]+[.]{endpoint.HostLabel[2..]}" : endpoint.HostLabel)];
        string zones = string.Join('|', ((string?[])[table.Zone, table.StandbyZone]).OfType<string>().Select(zone => zone.Replace(".", "[.]", StringComparison.Ordinal)));
        return labels.Length == 0 ? null : $"request.headers['host'].lower().matches('^({string.Join('|', labels)})[.]({zones})$')";
    }

    private static IEnumerable<string> HostsOf(EndpointTable table, RateClass rateClass) => table.Routed
        .Where(endpoint => endpoint.RateClass == rateClass && endpoint.Exposure == EndpointExposure.Public)
        .Select(endpoint => endpoint.HostIn(table.Zone));

    private static JsonObject Blocked() => new() { ["Action"] = new JsonObject { ["Block"] = new JsonObject() } };

    private static JsonObject Rule(string name, JsonObject action, JsonObject statement)
    {
        action["Name"] = name;
        action["Statement"] = statement;
        return action;
    }

    private static JsonObject Managed(string name, string? countedRule = null)
    {
        JsonObject statement = new() { ["VendorName"] = "AWS", ["Name"] = name };
        if (countedRule is not null)
        {
            statement["RuleActionOverrides"] = new JsonArray(new JsonObject
            {
                ["Name"] = countedRule,
                ["ActionToUse"] = new JsonObject { ["Count"] = new JsonObject() },
            });
        }

        return Rule(
            name,
            new JsonObject { ["OverrideAction"] = new JsonObject { ["None"] = new JsonObject() } },
            new JsonObject { ["ManagedRuleGroupStatement"] = statement });
    }

    private static JsonObject AnyHost(IReadOnlyList<string> hosts)
    {
        JsonObject[] matches = [.. hosts.Select(host => new JsonObject
        {
            ["ByteMatchStatement"] = new JsonObject
            {
                ["FieldToMatch"] = new JsonObject { ["SingleHeader"] = new JsonObject { ["Name"] = "host" } },

                // A wildcard host matches by its suffix.
                ["PositionalConstraint"] = host.StartsWith("*.", StringComparison.Ordinal) ? "ENDS_WITH" : "EXACTLY",
                ["SearchString"] = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host,
                ["TextTransformations"] = new JsonArray(new JsonObject { ["Priority"] = 0, ["Type"] = "LOWERCASE" }),
            },
        })];
        return matches.Length == 1
            ? matches[0]
            : new JsonObject { ["OrStatement"] = new JsonObject { ["Statements"] = new JsonArray([.. matches]) } };
    }
}
