using System.Text.Json.Nodes;

namespace Jeju.Infra.Core;

/// <summary>The limits of a network's web application firewall.</summary>
/// <param name="RequestsPerFiveMinutes">Requests of one address in five minutes before it is blocked, 10 and up.</param>
public sealed record FirewallPlan(int RequestsPerFiveMinutes)
{
    /// <summary>The rules of the common set that are enforced on every host but those that take payloads: what they are called here and there, and the label that a request gets.</summary>
    private static readonly (string Name, string Counted, string Label)[] ForBrowsers =
    [
        ("body-limit", "SizeRestrictions_BODY", "SizeRestrictions_Body"),
        ("user-agent", "NoUserAgent_HEADER", "NoUserAgent_Header"),
    ];

    /// <summary>The default limits of a network.</summary>
    public static FirewallPlan For(NetworkName network) => new(network == NetworkName.Mainnet ? 10_000 : 2_000);

    /// <summary>How much one address may ask of a class of endpoints: pages are fetched in bursts by people, RPC by machines all the time.</summary>
    public int LimitOf(RateClass rateClass) => rateClass == RateClass.Content ? RequestsPerFiveMinutes / 2 : RequestsPerFiveMinutes;

    /// <summary>
    /// The rules for AWS WAF (API reference, type <c>Rule</c>). Some rules of the managed sets hurt an RPC network and are handled here: the limit of 8 KB
    /// on bodies and the demand for the name of a browser are only counted, and then enforced on every host but those that take payloads, because a contract deployment or a push of git is larger and the libraries
    /// that programs call with have no name; and the list of hosting providers is not used at all, because that is where RPC clients live.
    /// </summary>
    /// <param name="table">The stack's endpoints.</param>
    /// <param name="metricPrefix">The stem of the rules' metric names.</param>
    public string ToAwsRules(EndpointTable table, string metricPrefix)
    {
        ILookup<RateClass, string> hosts = table.Public.ToLookup(endpoint => endpoint.RateClass, endpoint => endpoint.HostIn(table.Zone));
        List<JsonObject> rules = Rates(hosts);
        rules.Add(Managed("AWSManagedRulesCommonRuleSet", ForBrowsers.Select(rule => rule.Counted)));
        rules.Add(Managed("AWSManagedRulesKnownBadInputsRuleSet", []));
        rules.AddRange(ForBrowsers.Select(rule => Rule($"{rule.Name}-for-browsers", Blocked(), new JsonObject
        {
            ["AndStatement"] = new JsonObject
            {
                ["Statements"] = new JsonArray(
                    new JsonObject { ["LabelMatchStatement"] = new JsonObject { ["Scope"] = "LABEL", ["Key"] = $"awswaf:managed:aws:core-rule-set:{rule.Label}" } },
                    new JsonObject { ["NotStatement"] = new JsonObject { ["Statement"] = AnyHost([.. table.Public.Where(endpoint => endpoint.TakesPayloads).Select(endpoint => endpoint.HostIn(table.Zone))]) } }),
            },
        })));
        return Ordered(rules, metricPrefix);
    }

    /// <summary>The rules for AWS WAF in front of the sites: a rate, and the managed sets as they are. Nobody sends them a body.</summary>
    /// <param name="table">The stack's endpoints.</param>
    /// <param name="metricPrefix">The stem of the rules' metric names.</param>
    public string ToAwsSiteRules(EndpointTable table, string metricPrefix) => Ordered(
        [
            .. Rates(table.Sites.ToLookup(site => site.RateClass, site => site.HostIn(table.Zone))),
            Managed("AWSManagedRulesCommonRuleSet", []),
            Managed("AWSManagedRulesKnownBadInputsRuleSet", []),
        ],
        metricPrefix);

    /// <summary>A limit for each class of hosts.</summary>
    private List<JsonObject> Rates(ILookup<RateClass, string> hosts) =>
    [
        .. Enum.GetValues<RateClass>().Where(hosts.Contains).Select(rateClass => Rule($"rate-{rateClass.ToString().ToLowerInvariant()}", Blocked(), new JsonObject
        {
            ["RateBasedStatement"] = new JsonObject
            {
                ["AggregateKeyType"] = "IP",
                ["EvaluationWindowSec"] = 300,
                ["Limit"] = LimitOf(rateClass),
                ["ScopeDownStatement"] = AnyHost([.. hosts[rateClass]]),
            },
        })),
    ];

    private static string Ordered(List<JsonObject> rules, string metricPrefix)
    {
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

    /// <summary>The condition, in the rules language of Cloud Armor, that a request is to a host of a class.</summary>
    /// <param name="table">The endpoints behind the firewall.</param>
    /// <param name="rateClass">The class.</param>
    /// <returns>The condition; <see langword="null"/> where no endpoint is of the class.</returns>
    public static string? ToArmorCondition(EndpointTable table, RateClass rateClass) => ToArmorCondition(table, endpoint => endpoint.RateClass == rateClass);

    /// <summary>The condition that a request is to a host that takes payloads.</summary>
    /// <inheritdoc cref="ToArmorCondition(EndpointTable, RateClass)"/>
    public static string? ToArmorPayloadCondition(EndpointTable table) => ToArmorCondition(table, endpoint => endpoint.TakesPayloads);

    /// <summary>
    /// The condition that a request is to one of some hosts. It is one expression over all names, because a rule takes no more than
    /// five (Cloud Armor documentation, "Quotas and limits").
    /// </summary>
    private static string? ToArmorCondition(EndpointTable table, Func<Endpoint, bool> chosen)
    {
        string[] labels = [.. table.Public
            .Where(chosen)
            .Select(endpoint => endpoint.IsWildcard ? $"[^.]+[.]{endpoint.HostLabel[2..]}" : endpoint.HostLabel)];
        string zones = string.Join('|', ((string?[])[table.Zone, table.StandbyZone]).OfType<string>().Select(zone => zone.Replace(".", "[.]", StringComparison.Ordinal)));
        return labels.Length == 0 ? null : $"request.headers['host'].lower().matches('^({string.Join('|', labels)})[.]({zones})$')";
    }

    private static JsonObject Blocked() => new() { ["Action"] = new JsonObject { ["Block"] = new JsonObject() } };

    private static JsonObject Rule(string name, JsonObject action, JsonObject statement)
    {
        action["Name"] = name;
        action["Statement"] = statement;
        return action;
    }

    private static JsonObject Managed(string name, IEnumerable<string> counted)
    {
        JsonObject statement = new() { ["VendorName"] = "AWS", ["Name"] = name };
        JsonObject[] overrides = [.. counted.Select(rule => new JsonObject { ["Name"] = rule, ["ActionToUse"] = new JsonObject { ["Count"] = new JsonObject() } })];
        if (overrides.Length > 0)
        {
            statement["RuleActionOverrides"] = new JsonArray([.. overrides]);
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
