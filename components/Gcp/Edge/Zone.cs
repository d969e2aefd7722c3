using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.CertificateManager;
using Pulumi.Gcp.CertificateManager.Inputs;
using Pulumi.Gcp.Dns;
using Pulumi.Gcp.Dns.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its DNS zone on Google Cloud.</summary>
public sealed class ZoneArgs : ResourceArgs
{
    /// <summary>The endpoints; the zone's name is theirs. Beside AWS it is a zone below that cloud's, which delegates it.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>Whether the zone outlives the stack.</summary>
    public bool Protect { get; init; }
}

/// <summary>A record that proves a name.</summary>
/// <param name="Name">The record's full name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Data">What it says.</param>
public sealed record ValidationRecord(string Name, string Type, string Data);

/// <summary>The DNS zone with DNSSEC, and one managed certificate for its public names, proved by records in the zone, in a map that the load balancers read.</summary>
public sealed class Zone : ComponentResource
{
    private const int ValidationTimeToLiveSeconds = 300;

    /// <summary>Declares the zone.</summary>
    public Zone(string name, ZoneArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Zone", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        ManagedZone zone = new(
            name,
            new ManagedZoneArgs
            {
                Name = name,
                DnsName = $"{args.Endpoints.Zone}.",
                Description = $"The names of {name}",
                Visibility = "public",
                DnssecConfig = new ManagedZoneDnssecConfigArgs { State = "on" },
                CloudLoggingConfig = new ManagedZoneCloudLoggingConfigArgs { EnableLogging = true },
            },
            new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
        CertificateMap map = new(name, new CertificateMapArgs { Name = name, Description = $"The certificates of {name}" }, child);

        // An authorization proves a name and its wildcard at once; a certificate holds at most a hundred names.
        foreach (IGrouping<string, string> names in args.Endpoints.CertificateNames().GroupBy(Proved))
        {
            Output<ValidationRecord> record = Certify($"{name}-{Label(names)}", names, map, child);
            _ = new RecordSet($"{name}-{Label(names)}-validation", new RecordSetArgs
            {
                ManagedZone = zone.Name,
                Name = record.Apply(value => value.Name),
                Type = record.Apply(value => value.Type),
                Ttl = ValidationTimeToLiveSeconds,
                Rrdatas = { record.Apply(value => value.Data) },
            }, child);
        }

        // The names stood by for are proved by records in the zone of the cloud that has them.
        StandbyValidations = args.Endpoints.StandbyCertificateNames().GroupBy(Proved)
            .ToDictionary(Label, names => Certify($"{name}-standby-{Label(names)}", names, map, child));

        ZoneName = zone.Name;
        NameServers = zone.NameServers;
        CertificateMapName = map.Name;
        CertificateMapId = map.Id;
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["zoneName"] = ZoneName,
            ["nameServers"] = NameServers,
            ["certificateMapName"] = CertificateMapName,
            ["certificateMapId"] = CertificateMapId,
        });
    }

    /// <summary>The zone's name in Cloud DNS.</summary>
    [Output("zoneName")]
    public Output<string> ZoneName { get; private set; }

    /// <summary>The servers to which the zone above delegates.</summary>
    [Output("nameServers")]
    public Output<ImmutableArray<string>> NameServers { get; private set; }

    /// <summary>The certificate map's name, which the cluster's gateway takes.</summary>
    [Output("certificateMapName")]
    public Output<string> CertificateMapName { get; private set; }

    /// <summary>The certificate map, which a proxy takes.</summary>
    [Output("certificateMapId")]
    public Output<string> CertificateMapId { get; private set; }

    /// <summary>For each name stood by for, the record that its zone must have; keyed by the name's first label.</summary>
    public IReadOnlyDictionary<string, Output<ValidationRecord>> StandbyValidations { get; }

    private static string Proved(string host) => host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;

    private static string Label(IGrouping<string, string> names) => names.Key.Split('.')[0];

    private static Output<ValidationRecord> Certify(string resource, IGrouping<string, string> names, CertificateMap map, CustomResourceOptions child)
    {
        DnsAuthorization authorization = new(resource, new DnsAuthorizationArgs { Name = resource, Domain = names.Key }, child);
        Certificate certificate = new(resource, new CertificateArgs
        {
            Name = resource,
            Managed = new CertificateManagedArgs { Domains = names.ToArray(), DnsAuthorizations = { authorization.Id } },
        }, child);
        foreach (string host in names)
        {
            string entry = host == names.Key ? resource : $"{resource}-wildcard";
            _ = new CertificateMapEntry(entry, new CertificateMapEntryArgs
            {
                Name = entry,
                Map = map.Name,
                Hostname = host,
                Certificates = { certificate.Id },
            }, child);
        }

        return authorization.DnsResourceRecords.Apply(records => new ValidationRecord(records[0].Name!, records[0].Type!, records[0].Data!));
    }
}
