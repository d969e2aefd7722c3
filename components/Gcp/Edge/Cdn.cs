using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Compute;
using Pulumi.Gcp.Compute.Inputs;
using Pulumi.Gcp.Dns;
using Pulumi.Gcp.Storage;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its content network.</summary>
public sealed class CdnArgs : ResourceArgs
{
    /// <summary>The endpoints; those marked as cached become sites here.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The region of the sites' buckets.</summary>
    public required string Region { get; init; }

    /// <summary>The project's number, from which the content network's own account follows.</summary>
    [Input("projectNumber", required: true)]
    public Input<string> ProjectNumber { get; set; } = null!;

    /// <summary>The DNS zone.</summary>
    [Input("zoneName", required: true)]
    public Input<string> ZoneName { get; set; } = null!;

    /// <summary>The certificates.</summary>
    [Input("certificateMapId", required: true)]
    public Input<string> CertificateMapId { get; set; } = null!;

    /// <summary>The key that encrypts the sites.</summary>
    [Input("dataKeyId", required: true)]
    public Input<string> DataKeyId { get; set; } = null!;

    /// <summary>The bucket for access logs.</summary>
    [Input("logBucket", required: true)]
    public Input<string> LogBucket { get; set; } = null!;

    /// <summary>Whether the sites' buckets outlive the stack.</summary>
    public bool Protect { get; init; }
}

/// <summary>Static assets and frontend apps on Cloud CDN: a private bucket for each site, readable by the content network alone, security headers, HTTPS only.</summary>
public sealed class Cdn : ComponentResource
{
    private const int RecordTimeToLiveSeconds = 300;

    /// <summary>Declares the sites.</summary>
    public Cdn(string name, CdnArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Cdn", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        GlobalAddress address = new($"{name}-sites", new GlobalAddressArgs { Name = $"{name}-sites", AddressType = "EXTERNAL", IpVersion = "IPV4" }, child);
        List<(Endpoint Site, BackendBucket Backend)> sites = [.. args.Endpoints.Sites.Select(site => (site, Site(name, site, args)))];
        URLMap routes = new($"{name}-sites", new URLMapArgs
        {
            Name = $"{name}-sites",

            // A host that no rule knows gets the assets' bucket, which has no such object: 404.
            DefaultService = sites[0].Backend.Id,
            HostRules = sites.Select(entry => new URLMapHostRuleArgs
            {
                Hosts = { entry.Site.HostIn(args.Endpoints.Zone) },
                PathMatcher = entry.Site.Name,
            }).ToArray(),
            PathMatchers = sites.Select(entry => new URLMapPathMatcherArgs { Name = entry.Site.Name, DefaultService = entry.Backend.Id }).ToArray(),
        }, child);
        TargetHttpsProxy proxy = new($"{name}-sites", new TargetHttpsProxyArgs
        {
            Name = $"{name}-sites",
            UrlMap = routes.Id,
            CertificateMap = args.CertificateMapId.ToOutput().Apply(map => $"//certificatemanager.googleapis.com/{map}"),
        }, child);
        Rule($"{name}-sites", address, proxy.Id, "443", child);
        URLMap redirect = new($"{name}-redirect", new URLMapArgs
        {
            Name = $"{name}-redirect",
            DefaultUrlRedirect = new URLMapDefaultUrlRedirectArgs { HttpsRedirect = true, StripQuery = false },
        }, child);
        TargetHttpProxy plain = new($"{name}-redirect", new TargetHttpProxyArgs { Name = $"{name}-redirect", UrlMap = redirect.Id }, child);
        Rule($"{name}-redirect", address, plain.Id, "80", child);
        foreach ((Endpoint site, _) in sites)
        {
            _ = new RecordSet($"{name}-{site.Name}", new RecordSetArgs
            {
                ManagedZone = args.ZoneName,
                Name = $"{site.HostIn(args.Endpoints.Zone)}.",
                Type = "A",
                Ttl = RecordTimeToLiveSeconds,
                Rrdatas = { address.Address },
            }, child);
        }

        RegisterOutputs();
    }

    private static void Rule(string name, GlobalAddress address, Output<string> target, string port, CustomResourceOptions child) =>
        _ = new GlobalForwardingRule(name, new GlobalForwardingRuleArgs
        {
            Name = name,
            IpAddress = address.Id,
            IpProtocol = "TCP",
            PortRange = port,
            Target = target,
            LoadBalancingScheme = "EXTERNAL_MANAGED",
        }, child);

    private BackendBucket Site(string name, Endpoint site, CdnArgs args)
    {
        CustomResourceOptions child = new() { Parent = this };
        string resource = $"{name}-{site.Name}";
        PrivateBucket bucket = new(
            resource,
            new PrivateBucketArgs { Region = args.Region, DataKeyId = args.DataKeyId, LogBucket = args.LogBucket, Protect = args.Protect },
            new ComponentResourceOptions { Parent = this });
        BackendBucket backend = new(resource, new BackendBucketArgs
        {
            Name = resource,
            BucketName = bucket.BucketName,
            EnableCdn = true,
            LoadBalancingScheme = "EXTERNAL_MANAGED",
            CompressionMode = "AUTOMATIC",
            CdnPolicy = new BackendBucketCdnPolicyArgs { CacheMode = "USE_ORIGIN_HEADERS", NegativeCaching = true },
            CustomResponseHeaders =
            {
                "Strict-Transport-Security: max-age=31536000; includeSubDomains",
                "X-Content-Type-Options: nosniff",
                "X-Frame-Options: DENY",
                "Referrer-Policy: strict-origin-when-cross-origin",
            },
        }, child);

        // Google makes the account that reads with a project's first backend of this kind, and knows nobody of that name before.
        _ = new BucketIAMMember(resource, new BucketIAMMemberArgs
        {
            Bucket = bucket.BucketName,
            Role = "roles/storage.objectViewer",
            Member = args.ProjectNumber.ToOutput().Apply(number => $"serviceAccount:service-{number}@https-lb.iam.gserviceaccount.com"),
        }, new CustomResourceOptions { Parent = this, DependsOn = { backend } });
        return backend;
    }
}
