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
        foreach (IGrouping<string, string> names in args.Endpoints.CertificateNames()
            .GroupBy(host => host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host))
        {
            Certify(name, names, zone, map, child);
        }

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

    private static void Certify(string name, IGrouping<string, string> names, ManagedZone zone, CertificateMap map, CustomResourceOptions child)
    {
        string label = names.Key.Split('.')[0];
        string resource = $"{name}-{label}";
        DnsAuthorization authorization = new(resource, new DnsAuthorizationArgs { Name = resource, Domain = names.Key }, child);
        Output<Pulumi.Gcp.CertificateManager.Outputs.DnsAuthorizationDnsResourceRecord> record = authorization.DnsResourceRecords.Apply(records => records[0]);
        _ = new RecordSet($"{resource}-validation", new RecordSetArgs
        {
            ManagedZone = zone.Name,
            Name = record.Apply(value => value.Name!),
            Type = record.Apply(value => value.Type!),
            Ttl = ValidationTimeToLiveSeconds,
            Rrdatas = { record.Apply(value => value.Data!) },
        }, child);
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
    }
}
