using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Compute;
using Pulumi.Gcp.Compute.Inputs;
using Pulumi.Gcp.Dns;
using SecurityPolicyRuleArgs = Pulumi.Gcp.Compute.Inputs.SecurityPolicyRuleArgs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its public entry.</summary>
public sealed class LoadBalancerArgs : ResourceArgs
{
    /// <summary>The endpoints; those behind a load balancer get a record here and a route in the cluster.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The firewall's limits.</summary>
    public required FirewallPlan Firewall { get; init; }

    /// <summary>The DNS zone.</summary>
    [Input("zoneName", required: true)]
    public Input<string> ZoneName { get; set; } = null!;
}

/// <summary>
/// The public entry: one global address, a Cloud Armor policy, and a DNS record for each endpoint. The load balancer itself belongs to the Gateway in the
/// cluster, which takes the address, the policy and the certificate map by name, so that routes and pods are always of one mind.
/// </summary>
public sealed class LoadBalancer : ComponentResource
{
    private const int RecordTimeToLiveSeconds = 300;
    private const int LowestPriority = 2_147_483_647;

    /// <summary>Declares the entry.</summary>
    public LoadBalancer(string name, LoadBalancerArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:LoadBalancer", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        GlobalAddress address = new(name, new GlobalAddressArgs { Name = name, AddressType = "EXTERNAL", IpVersion = "IPV4" }, child);
        SecurityPolicy policy = new(name, new SecurityPolicyArgs
        {
            Name = name,
            Type = "CLOUD_ARMOR",
            Description = $"Guards the entry of {name}",
            Rules = Rules(args),
            AdaptiveProtectionConfig = new SecurityPolicyAdaptiveProtectionConfigArgs
            {
                Layer7DdosDefenseConfig = new SecurityPolicyAdaptiveProtectionConfigLayer7DdosDefenseConfigArgs { Enable = true },
            },
        }, child);
        foreach (Endpoint endpoint in args.Endpoints.Public)
        {
            _ = new RecordSet($"{name}-{endpoint.Name}", new RecordSetArgs
            {
                ManagedZone = args.ZoneName,
                Name = $"{endpoint.HostIn(args.Endpoints.Zone)}.",
                Type = "A",
                Ttl = RecordTimeToLiveSeconds,
                Rrdatas = { address.Address },
            }, child);
        }

        SSLPolicy tls = new(name, new SSLPolicyArgs
        {
            Name = name,
            Profile = "MODERN",
            MinTlsVersion = "TLS_1_2",
            Description = $"The oldest TLS that {name} speaks",
        }, child);
        AddressName = address.Name;
        TlsPolicyName = tls.Name;
        Address = address.Address;
        PolicyName = policy.Name;
        RegisterOutputs(new Dictionary<string, object?> { ["addressName"] = AddressName, ["address"] = Address, ["policyName"] = PolicyName, ["tlsPolicyName"] = TlsPolicyName });
    }

    /// <summary>The address's name, which the Gateway takes.</summary>
    [Output("addressName")]
    public Output<string> AddressName { get; private set; }

    /// <summary>The address.</summary>
    [Output("address")]
    public Output<string> Address { get; private set; }

    /// <summary>The policy's name, which the cluster attaches to each backend.</summary>
    [Output("policyName")]
    public Output<string> PolicyName { get; private set; }

    /// <summary>The name of the TLS policy, which the gateway takes.</summary>
    [Output("tlsPolicyName")]
    public Output<string> TlsPolicyName { get; private set; }

    /// <summary>
    /// The same promises as on AWS: a rate for each class of hosts, the common rules everywhere but where programs send what they make, which is large and looks like anything, and no
    /// list of hosting providers.
    /// </summary>
    private static SecurityPolicyRuleArgs[] Rules(LoadBalancerArgs args)
    {
        const int priorityStep = 100;
        List<SecurityPolicyRuleArgs> rules = [];
        foreach (RateClass rateClass in Enum.GetValues<RateClass>())
        {
            if (FirewallPlan.ToArmorCondition(args.Endpoints, rateClass) is not { } hosts)
            {
                continue;
            }

            rules.Add(new SecurityPolicyRuleArgs
            {
                Priority = (rules.Count + 10) * priorityStep,
                Action = "throttle",
                Description = $"Requests of one address to {rateClass} hosts",
                Match = Expression(hosts),
                RateLimitOptions = new SecurityPolicyRuleRateLimitOptionsArgs
                {
                    ConformAction = "allow",
                    ExceedAction = "deny(429)",
                    EnforceOnKey = "IP",
                    RateLimitThreshold = new SecurityPolicyRuleRateLimitOptionsRateLimitThresholdArgs
                    {
                        Count = args.Firewall.LimitOf(rateClass),
                        IntervalSec = 300,
                    },
                },
            });
        }

        // A throttle rule that conforms ends the evaluation, so what denies must come before it: lower numbers win.
        string forBrowsers = FirewallPlan.ToArmorPayloadCondition(args.Endpoints) is { } payloads ? $"!{payloads} && " : "";
        string[] ruleSets = ["sqli-v33-stable", "xss-v33-stable", "lfi-v33-stable", "rce-v33-stable", "cve-canary"];
        rules.AddRange(ruleSets.Select((ruleSet, index) => new SecurityPolicyRuleArgs
        {
            Priority = (index + 1) * priorityStep,
            Action = "deny(403)",
            Description = $"Known attacks: {ruleSet}",
            Match = Expression($"{forBrowsers}evaluatePreconfiguredWaf('{ruleSet}', {{'sensitivity': 1}})"),
        }));
        rules.Add(new SecurityPolicyRuleArgs
        {
            Priority = LowestPriority,
            Action = "allow",
            Description = "Default",
            Match = new SecurityPolicyRuleMatchArgs
            {
                VersionedExpr = "SRC_IPS_V1",
                Config = new SecurityPolicyRuleMatchConfigArgs { SrcIpRanges = { "*" } },
            },
        });
        return [.. rules];
    }

    private static SecurityPolicyRuleMatchArgs Expression(string text) => new() { Expr = new SecurityPolicyRuleMatchExprArgs { Expression = text } };
}
