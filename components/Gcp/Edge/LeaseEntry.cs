using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Compute;
using Pulumi.Gcp.Dns;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about the entry of its leases.</summary>
public sealed class LeaseEntryArgs : ResourceArgs
{
    /// <summary>The endpoints, whose zone the leases' names are below.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The region of the cluster.</summary>
    public required string Region { get; init; }

    /// <summary>The DNS zone.</summary>
    [Input("zoneName", required: true)]
    public Input<string> ZoneName { get; set; } = null!;
}

/// <summary>
/// Where consumers reach their leases: one address, and one name for every name below the leases' domain. The network load balancer itself belongs to the service in the cluster that takes the address.
/// </summary>
public sealed class LeaseEntry : ComponentResource
{
    private const int RecordTimeToLiveSeconds = 300;

    /// <summary>Declares the entry.</summary>
    public LeaseEntry(string name, LeaseEntryArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:LeaseEntry", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        string stem = $"{name}-leases";
        Pulumi.Gcp.Compute.Address address = new(stem, new AddressArgs { Name = stem, Region = args.Region, AddressType = "EXTERNAL", NetworkTier = "PREMIUM" }, child);
        _ = new RecordSet(stem, new RecordSetArgs
        {
            ManagedZone = args.ZoneName,
            Name = $"*.{LeaseAccess.DomainIn(args.Endpoints.Zone)}.",
            Type = "A",
            Ttl = RecordTimeToLiveSeconds,
            Rrdatas = { address.IPAddress },
        }, child);
        Address = address.IPAddress;
        RegisterOutputs(new Dictionary<string, object?> { ["address"] = Address });
    }

    /// <summary>The address, which the service in the cluster takes.</summary>
    [Output("address")]
    public Output<string> Address { get; private set; }
}
