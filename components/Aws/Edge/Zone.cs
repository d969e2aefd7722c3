using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Acm;
using Pulumi.Aws.Route53;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its DNS zone.</summary>
public sealed class ZoneArgs : ResourceArgs
{
    /// <summary>The endpoints; the zone's name is theirs.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>Zones below this one that another cloud answers for: label and name servers.</summary>
    public IReadOnlyDictionary<string, Input<ImmutableArray<string>>> Delegations { get; init; } = new Dictionary<string, Input<ImmutableArray<string>>>();

    /// <summary>The zone above this one, into which the delegation is written; by hand where absent.</summary>
    public ParentZone? Parent { get; init; }

    /// <summary>The provider of <c>us-east-1</c>, the one region that CloudFront reads certificates from.</summary>
    public required ProviderResource EdgeProvider { get; init; }

    /// <summary>Whether the zone outlives the stack.</summary>
    public bool Protect { get; init; }
}

/// <summary>The zone above a stack's.</summary>
/// <param name="ZoneId">Its id.</param>
/// <param name="Provider">Who may write there.</param>
public sealed record ParentZone(string ZoneId, ProviderResource Provider);

/// <summary>
/// The stack's DNS zone, of which this cloud is the one authority, and the certificates for its names: one in the stack's region for the load balancer, one in
/// <c>us-east-1</c>, the only region CloudFront reads. Both are validated by records in the zone.
/// </summary>
public sealed class Zone : ComponentResource
{
    private const int DelegationTimeToLiveSeconds = 3600;

    private readonly string _name;
    private readonly Resource[] _found = [];

    /// <summary>Declares the zone.</summary>
    public Zone(string name, ZoneArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Zone", name, args, options)
    {
        _name = name;
        Pulumi.Aws.Route53.Zone zone = new(
            name,
            new Pulumi.Aws.Route53.ZoneArgs { Name = args.Endpoints.Zone, Comment = $"The names of {name}" },
            new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
        foreach ((string label, Input<ImmutableArray<string>> nameServers) in args.Delegations)
        {
            _ = new Record($"{name}-delegation-{label}", new RecordArgs
            {
                ZoneId = zone.ZoneId,
                Name = $"{label}.{args.Endpoints.Zone}",
                Type = "NS",
                Ttl = DelegationTimeToLiveSeconds,
                Records = nameServers.ToOutput(),
            }, new CustomResourceOptions { Parent = this });
        }

        ZoneId = zone.ZoneId;
        NameServers = zone.NameServers;
        if (args.Parent is { } parent)
        {
            _found = [new Record($"{name}-delegation", new RecordArgs
            {
                ZoneId = parent.ZoneId,
                Name = args.Endpoints.Zone,
                Type = "NS",
                Ttl = DelegationTimeToLiveSeconds,
                Records = zone.NameServers,
            }, new CustomResourceOptions { Parent = this, Provider = parent.Provider })];
        }

        CertificateArn = CertificateFor("regional", args.Endpoints, records: true, new CustomResourceOptions { Parent = this });
        EdgeCertificateArn = CertificateFor("edge", args.Endpoints, records: false, new CustomResourceOptions { Parent = this, Provider = args.EdgeProvider });
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["zoneId"] = ZoneId,
            ["nameServers"] = NameServers,
            ["certificateArn"] = CertificateArn,
            ["edgeCertificateArn"] = EdgeCertificateArn,
        });
    }

    /// <summary>The zone's id.</summary>
    [Output("zoneId")]
    public Output<string> ZoneId { get; private set; }

    /// <summary>The servers that the registry, or the zone above, must name.</summary>
    [Output("nameServers")]
    public Output<ImmutableArray<string>> NameServers { get; private set; }

    /// <summary>The validated certificate in the stack's region.</summary>
    [Output("certificateArn")]
    public Output<string> CertificateArn { get; private set; }

    /// <summary>The validated certificate for CloudFront.</summary>
    [Output("edgeCertificateArn")]
    public Output<string> EdgeCertificateArn { get; private set; }

    /// <summary>
    /// One certificate for all names. The validation record of a name is the same in every region, so only the first certificate declares the records; <c>*.zone</c> is proved by the record of <c>zone</c>.
    /// </summary>
    private Output<string> CertificateFor(string purpose, EndpointTable endpoints, bool records, CustomResourceOptions certificateOptions)
    {
        IReadOnlyList<string> names = endpoints.WildcardNames();
        Certificate certificate = new($"{_name}-{purpose}", new CertificateArgs
        {
            DomainName = names[0],
            SubjectAlternativeNames = names.Skip(1).ToArray(),
            ValidationMethod = "DNS",
        }, certificateOptions);
        string[] validated = [.. names.Select(name => name[2..])];
        foreach (string name in records ? validated : [])
        {
            // Which option belongs to a name is found by the name: the service returns them in no order.
            Output<Pulumi.Aws.Acm.Outputs.CertificateDomainValidationOption> option = certificate.DomainValidationOptions
                .Apply(all => all.First(candidate => candidate.DomainName == $"*.{name}"));
            _ = new Record($"{_name}-validation-{name.Split('.')[0]}", new RecordArgs
            {
                ZoneId = ZoneId,
                Name = option.Apply(value => value.ResourceRecordName!),
                Type = option.Apply(value => value.ResourceRecordType!),
                Records = { option.Apply(value => value.ResourceRecordValue!) },
                Ttl = 300,
            }, new CustomResourceOptions { Parent = this });
        }

        // Nobody can look the records up before the zone above knows this one.
        CustomResourceOptions afterDelegation = new() { Parent = this, Provider = certificateOptions.Provider, DependsOn = _found.Select(record => (Input<Resource>)record).ToArray() };
        return new CertificateValidation($"{_name}-{purpose}", new CertificateValidationArgs { CertificateArn = certificate.Arn }, afterDelegation).CertificateArn;
    }
}
