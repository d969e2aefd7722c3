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
    private const int PageSeconds = 60;
    private const int MostPageSeconds = 300;
    private const int YearSeconds = 31_536_000;

    /// <summary>Declares the sites.</summary>
    public Cdn(string name, CdnArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Cdn", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        GlobalAddress address = new($"{name}-sites", new GlobalAddressArgs { Name = $"{name}-sites", AddressType = "EXTERNAL", IpVersion = "IPV4" }, child);
        GlobalAddress addressV6 = new($"{name}-sites-v6", new GlobalAddressArgs { Name = $"{name}-sites-v6", AddressType = "EXTERNAL", IpVersion = "IPV6" }, child);
        List<(Endpoint Site, BackendBucket Pages, BackendBucket Assets)> sites = [.. args.Endpoints.Sites.Select(site => Site(name, site, args))];
        URLMap routes = new($"{name}-sites", new URLMapArgs
        {
            Name = $"{name}-sites",

            // A host that no rule knows gets the first site's bucket, which has no such object: 404.
            DefaultService = sites[0].Pages.Id,
            HostRules = sites.Select(entry => new URLMapHostRuleArgs
            {
                Hosts = args.Endpoints.HostsOf(entry.Site).ToArray(),
                PathMatcher = entry.Site.Name,
            }).ToArray(),
            PathMatchers = sites.Select(entry => new URLMapPathMatcherArgs
            {
                Name = entry.Site.Name,
                DefaultService = entry.Pages.Id,
                PathRules = new URLMapPathMatcherPathRuleArgs { Paths = { "/assets/*" }, Service = entry.Assets.Id },

                // A single-page app routes by itself, and a bucket has no object of the name "/". A refusal stays one: it must not look healthy.
                DefaultCustomErrorResponsePolicy = new URLMapPathMatcherDefaultCustomErrorResponsePolicyArgs
                {
                    ErrorService = entry.Pages.Id,
                    ErrorResponseRules = new URLMapPathMatcherDefaultCustomErrorResponsePolicyErrorResponseRuleArgs
                    {
                        MatchResponseCodes = { "404" },
                        Path = "/index.html",
                        OverrideResponseCode = 200,
                    },
                },
            }).ToArray(),
        }, child);
        TargetHttpsProxy proxy = new($"{name}-sites", new TargetHttpsProxyArgs
        {
            Name = $"{name}-sites",
            UrlMap = routes.Id,
            CertificateMap = args.CertificateMapId.ToOutput().Apply(map => $"//certificatemanager.googleapis.com/{map}"),
        }, child);
        Rule($"{name}-sites", address, proxy.Id, "443", child);
        Rule($"{name}-sites-v6", addressV6, proxy.Id, "443", child);
        URLMap redirect = new($"{name}-redirect", new URLMapArgs
        {
            Name = $"{name}-redirect",
            DefaultUrlRedirect = new URLMapDefaultUrlRedirectArgs { HttpsRedirect = true, StripQuery = false },
        }, child);
        TargetHttpProxy plain = new($"{name}-redirect", new TargetHttpProxyArgs { Name = $"{name}-redirect", UrlMap = redirect.Id }, child);
        Rule($"{name}-redirect", address, plain.Id, "80", child);
        Rule($"{name}-redirect-v6", addressV6, plain.Id, "80", child);
        foreach ((Endpoint site, _, _) in sites)
        {
            foreach ((string suffix, string type, GlobalAddress to) in ((string, string, GlobalAddress)[])[("", "A", address), ("-v6", "AAAA", addressV6)])
            {
                _ = new RecordSet($"{name}-{site.Name}{suffix}", new RecordSetArgs
                {
                    ManagedZone = args.ZoneName,
                    Name = $"{site.HostIn(args.Endpoints.Zone)}.",
                    Type = type,
                    Ttl = RecordTimeToLiveSeconds,
                    Rrdatas = { to.Address },
                }, child);
            }
        }

        Address = address.Address;
        AddressV6 = addressV6.Address;
        RegisterOutputs(new Dictionary<string, object?> { ["address"] = Address, ["addressV6"] = AddressV6 });
    }

    /// <summary>The sites' address.</summary>
    [Output("address")]
    public Output<string> Address { get; private set; }

    /// <summary>The sites' address in version 6.</summary>
    [Output("addressV6")]
    public Output<string> AddressV6 { get; private set; }

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

    /// <summary>One bucket behind two backends, because how long something is kept belongs to the backend: pages for a minute, fingerprinted assets for a year.</summary>
    private (Endpoint Site, BackendBucket Pages, BackendBucket Assets) Site(string name, Endpoint site, CdnArgs args)
    {
        CustomResourceOptions child = new() { Parent = this };
        string resource = $"{name}-{site.Name}";
        PrivateBucket bucket = new(
            resource,
            new PrivateBucketArgs { Region = args.Region, DataKeyId = args.DataKeyId, LogBucket = args.LogBucket, Protect = args.Protect },
            new ComponentResourceOptions { Parent = this });
        BackendBucket pages = Backend(resource, bucket, new BackendBucketCdnPolicyArgs
        {
            CacheMode = "CACHE_ALL_STATIC",
            DefaultTtl = PageSeconds,
            ClientTtl = PageSeconds,
            MaxTtl = MostPageSeconds,
            NegativeCaching = true,
        });
        BackendBucket assets = Backend($"{resource}-assets", bucket, new BackendBucketCdnPolicyArgs
        {
            CacheMode = "FORCE_CACHE_ALL",
            DefaultTtl = YearSeconds,
            ClientTtl = YearSeconds,
            NegativeCaching = true,
        });

        // Google makes the account that reads with a project's first backend of this kind, and knows nobody of that name before.
        _ = new BucketIAMMember(resource, new BucketIAMMemberArgs
        {
            Bucket = bucket.BucketName,
            Role = "roles/storage.objectViewer",
            Member = args.ProjectNumber.ToOutput().Apply(number => $"serviceAccount:service-{number}@https-lb.iam.gserviceaccount.com"),
        }, new CustomResourceOptions { Parent = this, DependsOn = { pages } });
        return (site, pages, assets);
    }

    private BackendBucket Backend(string resource, PrivateBucket bucket, BackendBucketCdnPolicyArgs policy) => new(
        resource,
        new BackendBucketArgs
        {
            Name = resource,
            BucketName = bucket.BucketName,
            EnableCdn = true,
            LoadBalancingScheme = "EXTERNAL_MANAGED",
            CompressionMode = "AUTOMATIC",
            CdnPolicy = policy,
            CustomResponseHeaders = SiteHeaders.Lines.ToArray(),
        },
        new CustomResourceOptions { Parent = this });
}
