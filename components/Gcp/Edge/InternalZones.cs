using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Dns;
using Pulumi.Gcp.Dns.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What the internal names are.</summary>
public sealed class InternalZonesArgs : ResourceArgs
{
    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>The endpoints; each internal one has a zone of its own.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The network that may ask.</summary>
    [Input("networkId", required: true)]
    public Input<string> NetworkId { get; set; } = null!;

    /// <summary>Who writes the records, as a member of a policy.</summary>
    [Input("writer", required: true)]
    public Input<string> Writer { get; set; } = null!;

    /// <summary>Whether the zones refuse to be deleted.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// A private zone for each internal endpoint, of exactly its name, so that it hides no public one. Its records are the addresses of pods, written by the
/// cluster's operator, which has rights on these zones alone.
/// </summary>
public sealed class InternalZones : ComponentResource
{
    /// <summary>Declares the zones.</summary>
    public InternalZones(string name, InternalZonesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:InternalZones", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        Dictionary<string, Output<string>> zones = [];
        foreach (Endpoint endpoint in args.Endpoints.Internal)
        {
            string resource = $"{name}-{endpoint.Name}-internal";
            ManagedZone zone = new(resource, new ManagedZoneArgs
            {
                Name = resource,
                DnsName = $"{endpoint.HostIn(args.Endpoints.Zone)}.",
                Description = $"The pods of {endpoint.Service}, inside the network only",
                Visibility = "private",
                ForceDestroy = true,
                PrivateVisibilityConfig = new ManagedZonePrivateVisibilityConfigArgs
                {
                    Networks = new ManagedZonePrivateVisibilityConfigNetworkArgs { NetworkUrl = args.NetworkId },
                },
            }, new CustomResourceOptions { Parent = this, Protect = args.Protect });
            _ = new DnsManagedZoneIamMember(resource, new DnsManagedZoneIamMemberArgs { ManagedZone = zone.Name, Role = "roles/dns.admin", Member = args.Writer }, child);
            zones[endpoint.HostIn(args.Endpoints.Zone)] = zone.Name;
        }

        // Zones can be listed in the whole project only; listing shows names, and changes nothing.
        _ = new Pulumi.Gcp.Projects.IAMMember($"{name}-internal-zones", new Pulumi.Gcp.Projects.IAMMemberArgs
        {
            Project = args.Project,
            Role = "roles/dns.reader",
            Member = args.Writer,
        }, child);
        ZoneIds = zones;
        RegisterOutputs();
    }

    /// <summary>The zone of each internal host.</summary>
    public IReadOnlyDictionary<string, Output<string>> ZoneIds { get; }
}
