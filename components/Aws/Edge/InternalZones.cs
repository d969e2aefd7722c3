using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Route53.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What the internal names are.</summary>
public sealed class InternalZonesArgs : ResourceArgs
{
    /// <summary>The endpoints; each internal one has a zone of its own.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The network that may ask.</summary>
    [Input("vpcId", required: true)]
    public Input<string> VpcId { get; set; } = null!;

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
        : base("jeju:aws:InternalZones", name, args, options)
    {
        ZoneIds = args.Endpoints.Internal.ToDictionary(endpoint => endpoint.HostIn(args.Endpoints.Zone), endpoint => new Pulumi.Aws.Route53.Zone(
            $"{name}-{endpoint.Name}-internal",
            new Pulumi.Aws.Route53.ZoneArgs
            {
                Name = endpoint.HostIn(args.Endpoints.Zone),
                Comment = $"The pods of {endpoint.Service}, inside the network only",
                Vpcs = new ZoneVpcArgs { VpcId = args.VpcId },
                ForceDestroy = true,
            },
            new CustomResourceOptions { Parent = this, Protect = args.Protect }).ZoneId);
        RegisterOutputs();
    }

    /// <summary>The zone of each internal host.</summary>
    public IReadOnlyDictionary<string, Output<string>> ZoneIds { get; }
}
