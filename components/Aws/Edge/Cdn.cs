using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.CloudFront;
using Pulumi.Aws.CloudFront.Inputs;
using Pulumi.Aws.Route53;
using Pulumi.Aws.Route53.Inputs;
using Pulumi.Aws.WafV2;
using Pulumi.Aws.WafV2.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its content network.</summary>
public sealed class CdnArgs : ResourceArgs
{
    /// <summary>The endpoints; those marked as cached become sites here.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The firewall's limits.</summary>
    public required FirewallPlan Firewall { get; init; }

    /// <summary>The account, for the bucket's policy.</summary>
    public required string AccountId { get; init; }

    /// <summary>The validated certificate in <c>us-east-1</c>.</summary>
    [Input("edgeCertificateArn", required: true)]
    public Input<string> EdgeCertificateArn { get; set; } = null!;

    /// <summary>The key that encrypts the sites.</summary>
    [Input("dataKeyArn", required: true)]
    public Input<string> DataKeyArn { get; set; } = null!;

    /// <summary>The DNS zone.</summary>
    [Input("zoneId", required: true)]
    public Input<string> ZoneId { get; set; } = null!;

    /// <summary>The bucket for the buckets' access logs.</summary>
    [Input("logBucket", required: true)]
    public Input<string> LogBucket { get; set; } = null!;

    /// <summary>Where visitors go while a site's distribution does not answer; nowhere where absent.</summary>
    public Standby? Standby { get; init; }

    /// <summary>The provider of <c>us-east-1</c>, where CloudFront's firewalls live.</summary>
    public required ProviderResource EdgeProvider { get; init; }

    /// <summary>Whether the sites' bucket outlives the stack.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// Static assets and frontend apps on CloudFront: a private bucket that only the distributions can read, a firewall of its own, security headers, and a cache that keeps
/// fingerprinted assets for a year and pages for a minute.
/// </summary>
public sealed class Cdn : ComponentResource
{
    private const int YearSeconds = 31_536_000;
    private const string OriginId = "sites";

    private readonly string _name;
    private readonly CdnArgs _args;

    /// <summary>Declares the sites.</summary>
    public Cdn(string name, CdnArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Cdn", name, args, options)
    {
        _name = name;
        _args = args;
        CustomResourceOptions child = new() { Parent = this };
        PrivateBucket bucket = new(
            $"{name}-sites",
            new PrivateBucketArgs { DataKeyArn = args.DataKeyArn, LogBucket = args.LogBucket, BackUp = true, Protect = args.Protect, Statements = ReadByDistributions },
            new ComponentResourceOptions { Parent = this });
        OriginAccessControl access = new(name, new OriginAccessControlArgs
        {
            OriginAccessControlOriginType = "s3",
            SigningBehavior = "always",
            SigningProtocol = "sigv4",
            Description = $"The sites of {name}",
        }, child);
        WebAcl firewall = new(
            $"{name}-edge",
            new WebAclArgs
            {
                Scope = "CLOUDFRONT",
                Description = $"Guards the sites of {name}",
                DefaultAction = new WebAclDefaultActionArgs { Allow = new WebAclDefaultActionAllowArgs() },
                RuleJson = args.Firewall.ToAwsSiteRules(args.Endpoints, $"{name}-edge"),
                VisibilityConfig = new WebAclVisibilityConfigArgs { CloudwatchMetricsEnabled = true, SampledRequestsEnabled = true, MetricName = $"{name}-edge" },
            },
            new CustomResourceOptions { Parent = this, Provider = args.EdgeProvider });
        ResponseHeadersPolicy headers = SecurityHeaders(child);
        CachePolicy pages = Cache("pages", 60, 300, child);
        CachePolicy assets = Cache("assets", YearSeconds, YearSeconds, child);
        Dictionary<string, Output<string>> distributions = [];
        Dictionary<string, Output<string>> checks = [];
        foreach (Endpoint site in args.Endpoints.Sites)
        {
            distributions[site.Name] = Site(site, bucket, access, firewall, headers, pages, assets, child);
            checks[site.Name] = OutsideCheck.Declare($"{name}-{site.Name}", site.HostIn(args.Endpoints.Zone), site, child);
        }

        Distributions = distributions;
        Checks = checks;

        BucketName = bucket.BucketName;
        RegisterOutputs(new Dictionary<string, object?> { ["bucketName"] = BucketName });
    }

    /// <summary>The bucket that releases upload to, one folder per site.</summary>
    [Output("bucketName")]
    public Output<string> BucketName { get; private set; }

    /// <summary>The distribution of each site, by its name.</summary>
    public IReadOnlyDictionary<string, Output<string>> Distributions { get; }

    /// <summary>The check from outside of each site, by its name.</summary>
    public IReadOnlyDictionary<string, Output<string>> Checks { get; }

    /// <summary>
    /// The distributions of this account read objects. They may list them, too, because only then does the bucket say 404 of one that is not there; a visitor cannot, because every request is for an object below a
    /// site's folder. One by one they are not known yet: they need the bucket first.
    /// </summary>
    private IReadOnlyList<IamStatement> ReadByDistributions(string arn)
    {
        IamStatement ByDistributions(string name, string action, string resource) => new(name, [action], [resource])
        {
            Principals = new Dictionary<string, string> { ["Service"] = "cloudfront.amazonaws.com" },
            Conditions = [("ArnLike", "aws:SourceArn", $"arn:aws:cloudfront::{_args.AccountId}:distribution/*")],
        };
        return [ByDistributions("DistributionsReadSites", "s3:GetObject", $"{arn}/*"), ByDistributions("DistributionsTellWhatIsMissing", "s3:ListBucket", arn)];
    }

    private Output<string> Site(
        Endpoint site,
        PrivateBucket bucket,
        OriginAccessControl access,
        WebAcl firewall,
        ResponseHeadersPolicy headers,
        CachePolicy pages,
        CachePolicy assets,
        CustomResourceOptions child)
    {
        string host = site.HostIn(_args.Endpoints.Zone);
        Distribution distribution = new($"{_name}-{site.Name}", new DistributionArgs
        {
            Enabled = true,
            Comment = host,
            Aliases = { host },
            HttpVersion = "http2and3",
            IsIpv6Enabled = true,
            DefaultRootObject = "index.html",
            WebAclId = firewall.Arn,
            Origins = new DistributionOriginArgs
            {
                OriginId = OriginId,
                DomainName = bucket.DomainName,
                OriginPath = $"/{site.Service}",
                OriginAccessControlId = access.Id,
            },
            DefaultCacheBehavior = new DistributionDefaultCacheBehaviorArgs
            {
                TargetOriginId = OriginId,
                ViewerProtocolPolicy = "redirect-to-https",
                AllowedMethods = { "GET", "HEAD", "OPTIONS" },
                CachedMethods = { "GET", "HEAD" },
                Compress = true,
                CachePolicyId = pages.Id,
                ResponseHeadersPolicyId = headers.Id,
            },
            OrderedCacheBehaviors = new DistributionOrderedCacheBehaviorArgs
            {
                PathPattern = "/assets/*",
                TargetOriginId = OriginId,
                ViewerProtocolPolicy = "redirect-to-https",
                AllowedMethods = { "GET", "HEAD", "OPTIONS" },
                CachedMethods = { "GET", "HEAD" },
                Compress = true,
                CachePolicyId = assets.Id,
                ResponseHeadersPolicyId = headers.Id,
            },

            // A single-page app routes by itself. What the firewall or the bucket refuses stays refused: it must not look healthy.
            CustomErrorResponses = new DistributionCustomErrorResponseArgs
            {
                ErrorCode = 404,
                ResponseCode = 200,
                ResponsePagePath = "/index.html",
                ErrorCachingMinTtl = 10,
            },
            Restrictions = new DistributionRestrictionsArgs
            {
                GeoRestriction = new DistributionRestrictionsGeoRestrictionArgs { RestrictionType = "none" },
            },
            ViewerCertificate = new DistributionViewerCertificateArgs
            {
                AcmCertificateArn = _args.EdgeCertificateArn,
                MinimumProtocolVersion = "TLSv1.2_2021",
                SslSupportMethod = "sni-only",
            },
        }, child);
        Names(site, host, distribution, child);
        return distribution.Id;
    }

    private void Names(Endpoint site, string host, Distribution distribution, CustomResourceOptions child)
    {
        string resource = $"{_name}-{site.Name}";

        // The distribution is asked by its own name: by the site's, it would seem well as soon as the other cloud answers, and get the visitors back.
        (Standby Cloud, Output<string> Here, Output<string> There)? standby = _args.Standby is { } cloud
            ? (cloud, OutsideCheck.Declare($"{resource}-primary", distribution.DomainName, site, child), OutsideCheck.Declare($"{resource}-standby", site.HostIn(cloud.Zone), site, child))
            : null;
        foreach (string type in (string[])["A", "AAAA"])
        {
            string name = $"{resource}-{type.ToLowerInvariant()}";
            RecordArgs record = new()
            {
                ZoneId = _args.ZoneId,
                Name = host,
                Type = type,
                Aliases = new RecordAliasArgs { Name = distribution.DomainName, ZoneId = distribution.HostedZoneId, EvaluateTargetHealth = false },
            };
            if (standby is var (other, here, there))
            {
                record.SetIdentifier = "primary";
                record.FailoverRoutingPolicies = new RecordFailoverRoutingPolicyArgs { Type = "PRIMARY" };
                record.HealthCheckId = here;
                _ = new Record($"{name}-standby", new RecordArgs
                {
                    ZoneId = _args.ZoneId,
                    Name = host,
                    Type = type,
                    Ttl = Standby.TimeToLiveSeconds,
                    Records = { type == "A" ? other.SiteAddress : other.SiteAddressV6 },
                    SetIdentifier = "standby",
                    FailoverRoutingPolicies = new RecordFailoverRoutingPolicyArgs { Type = "SECONDARY" },
                    HealthCheckId = there,
                }, child);
            }

            _ = new Record(name, record, child);
        }
    }

    private ResponseHeadersPolicy SecurityHeaders(CustomResourceOptions child) => new($"{_name}-headers", new ResponseHeadersPolicyArgs
    {
        Comment = $"Security headers of {_name}",
        SecurityHeadersConfig = new ResponseHeadersPolicySecurityHeadersConfigArgs
        {
            StrictTransportSecurity = new ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs
            {
                AccessControlMaxAgeSec = SiteHeaders.TransportSecuritySeconds,
                IncludeSubdomains = true,
                Override = true,
            },
            ContentTypeOptions = new ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs { Override = true },
            FrameOptions = new ResponseHeadersPolicySecurityHeadersConfigFrameOptionsArgs { FrameOption = SiteHeaders.FrameOptions, Override = true },
            ReferrerPolicy = new ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs
            {
                ReferrerPolicy = SiteHeaders.ReferrerPolicy,
                Override = true,
            },
            ContentSecurityPolicy = new ResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicyArgs
            {
                ContentSecurityPolicy = SiteHeaders.ContentSecurityPolicy,
                Override = true,
            },
        },
    }, child);

    private CachePolicy Cache(string purpose, int defaultSeconds, int maximumSeconds, CustomResourceOptions child) => new($"{_name}-{purpose}", new CachePolicyArgs
    {
        Comment = $"The {purpose} of {_name}",
        MinTtl = 0,
        DefaultTtl = defaultSeconds,
        MaxTtl = maximumSeconds,
        ParametersInCacheKeyAndForwardedToOrigin = new CachePolicyParametersInCacheKeyAndForwardedToOriginArgs
        {
            EnableAcceptEncodingBrotli = true,
            EnableAcceptEncodingGzip = true,
            CookiesConfig = new CachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfigArgs { CookieBehavior = "none" },
            HeadersConfig = new CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfigArgs { HeaderBehavior = "none" },
            QueryStringsConfig = new CachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfigArgs { QueryStringBehavior = "none" },
        },
    }, child);
}
