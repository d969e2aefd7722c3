using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Route53;
using Pulumi.Aws.Route53.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>Where the public names lead.</summary>
public sealed class EntryNamesArgs : ResourceArgs
{
    /// <summary>The endpoints; those behind the load balancer get their names here.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The DNS zone.</summary>
    [Input("zoneId", required: true)]
    public Input<string> ZoneId { get; set; } = null!;

    /// <summary>The load balancer's own name.</summary>
    [Input("entryName", required: true)]
    public Input<string> EntryName { get; set; } = null!;

    /// <summary>The cloud's zone in which that name is.</summary>
    [Input("entryZoneId", required: true)]
    public Input<string> EntryZoneId { get; set; } = null!;

    /// <summary>The region of the alarms.</summary>
    public required string Region { get; init; }

    /// <summary>Per endpoint, the alarm that it has no healthy pod here.</summary>
    public required IReadOnlyDictionary<string, Output<string>> UptimeAlarms { get; init; }

    /// <summary>Where requests go while no pod here is healthy; nowhere where absent.</summary>
    public Standby? Standby { get; init; }
}

/// <summary>
/// The public names of the entry: each leads to the load balancer, is asked from outside, and, where another cloud stands by, leads there while no pod of its own service is healthy here. The health of
/// the load balancer as a whole decides nothing: one service without pods would take all others with it.
/// </summary>
public sealed class EntryNames : ComponentResource
{
    private readonly string _name;
    private readonly EntryNamesArgs _args;
    private readonly CustomResourceOptions _child;

    /// <summary>Declares the names.</summary>
    public EntryNames(string name, EntryNamesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:EntryNames", name, args, options)
    {
        _name = name;
        _args = args;
        _child = new CustomResourceOptions { Parent = this };
        Dictionary<string, Output<string>> checks = [];
        foreach (Endpoint endpoint in args.Endpoints.Public)
        {
            Primary(endpoint);
            if (args.Endpoints.AskedFor(endpoint) == endpoint)
            {
                checks[endpoint.Name] = OutsideCheck.Declare($"{name}-{endpoint.Name}", endpoint.HostIn(args.Endpoints.Zone), endpoint, _child);
            }
        }

        Checks = checks;
        RegisterOutputs();
    }

    /// <summary>The check from outside of each endpoint that answers plain requests, by its name.</summary>
    public IReadOnlyDictionary<string, Output<string>> Checks { get; }

    private void Primary(Endpoint endpoint)
    {
        string child = $"{_name}-{endpoint.Name}";
        RecordArgs record = new()
        {
            ZoneId = _args.ZoneId,
            Name = endpoint.HostIn(_args.Endpoints.Zone),
            Type = "A",
            Aliases = new RecordAliasArgs { Name = _args.EntryName, ZoneId = _args.EntryZoneId, EvaluateTargetHealth = false },
        };
        if (_args.Standby is { } standby)
        {
            record.SetIdentifier = "primary";
            record.FailoverRoutingPolicies = new RecordFailoverRoutingPolicyArgs { Type = "PRIMARY" };
            record.HealthCheckId = new HealthCheck($"{child}-primary", new HealthCheckArgs
            {
                Type = "CLOUDWATCH_METRIC",
                CloudwatchAlarmName = _args.UptimeAlarms[endpoint.Name],
                CloudwatchAlarmRegion = _args.Region,
                InsufficientDataHealthStatus = "LastKnownStatus",
            }, _child).Id;
            Secondary(child, endpoint, standby);
        }

        _ = new Record(child, record, _child);
    }

    /// <summary>The name's other address, given out while the first has no healthy pod.</summary>
    private void Secondary(string child, Endpoint endpoint, Standby standby)
    {
        Endpoint asked = _args.Endpoints.AskedFor(endpoint);
        _ = new Record($"{child}-standby", new RecordArgs
        {
            ZoneId = _args.ZoneId,
            Name = endpoint.HostIn(_args.Endpoints.Zone),
            Type = "A",
            Ttl = Standby.TimeToLiveSeconds,
            Records = { standby.Address },
            SetIdentifier = "standby",
            FailoverRoutingPolicies = new RecordFailoverRoutingPolicyArgs { Type = "SECONDARY" },
            HealthCheckId = OutsideCheck.Declare($"{child}-standby", asked.HostIn(standby.Zone), asked, _child),
        }, _child);
    }
}
