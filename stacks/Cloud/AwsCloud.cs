using System.Collections.Immutable;
using Jeju.Infra.Components.Aws;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;
using AwsProvider = Pulumi.Aws.Provider;

namespace Jeju.Infra.Stacks;

/// <summary>Phase 1 on Amazon Web Services: what there is, in the order in which it depends on each other.</summary>
internal sealed class AwsCloud
{
    /// <summary>The major version of PostgreSQL on every cloud.</summary>
    public const string PostgresVersion = "17";

    /// <summary>CloudFront reads certificates and firewalls from this region alone.</summary>
    private const string EdgeRegion = "us-east-1";

    private readonly EndpointTable _endpoints;
    private readonly ComponentResourceOptions _options;

    public AwsCloud(
        AwsSettings settings,
        NetworkProfile profile,
        EndpointTable endpoints,
        IReadOnlyList<string> recipients,
        IReadOnlyList<ClusterSecret> secrets,
        IReadOnlyDictionary<string, Input<ImmutableArray<string>>> delegations,
        Standby? standby)
    {
        string name = $"jeju-{profile.StackName}";
        bool isMainnet = profile.Name == NetworkName.Mainnet;
        AwsAddressPlan addresses = AddressPlan.ForAws(profile);
        DatabasePlan databasePlan = settings.DatabasePlanFor(profile);
        FirewallPlan firewall = settings.FirewallPlanFor(profile);
        AwsProvider provider = ProviderOf("aws", settings, settings.Region, profile);
        AwsProvider edge = ProviderOf("aws-edge", settings, EdgeRegion, profile);
        ComponentResourceOptions options = new() { Provider = provider };

        Keys keys = new(name, new KeysArgs { AccountId = settings.AccountId, Region = settings.Region, Protect = isMainnet }, options);
        Network network = new(name, new NetworkArgs
        {
            Addresses = addresses,
            Region = settings.Region,
            LogKeyArn = keys.LogKeyArn,
            NatPerZone = settings.NatPerZone ?? AwsSettings.NatPerZoneByDefault(profile),
            FlowLogRetentionDays = settings.LogRetentionDays,
        }, options);
        PrivateBucket logs = new($"{name}-logs", new PrivateBucketArgs
        {
            ExpireDays = 365,
            Protect = isMainnet,
            Statements = arn => LogDelivery(arn, settings),
        }, options);
        Registry registry = new(name, new RegistryArgs { Images = ChainImages.All, DataKeyArn = keys.DataKeyArn, Protect = isMainnet }, options);
        Cluster cluster = new(name, new ClusterArgs
        {
            Version = settings.KubernetesVersion,
            SubnetIds = network.PrivateSubnetIds,
            ServiceAddresses = addresses.Services,
            AllowedAddresses = settings.AllowedAddresses,
            AdministratorRoleArns = settings.AdministratorRoles,
            NodeGroups = settings.NodeGroupsFor(profile),
            DataKeyArn = keys.DataKeyArn,
            LogKeyArn = keys.LogKeyArn,
            LogRetentionDays = settings.LogRetentionDays,
            Tags = CloudTags.Of(profile),
            Protect = isMainnet,
        }, options);
        Database database = new($"{name}-postgres", new DatabaseArgs
        {
            Plan = databasePlan,
            MajorVersion = PostgresVersion,
            VpcId = network.VpcId,
            SubnetIds = network.DataSubnetIds,
            ClientSecurityGroupId = cluster.SecurityGroupId,
            DataKeyArn = keys.DataKeyArn,
            LogKeyArn = keys.LogKeyArn,
            LogRetentionDays = settings.LogRetentionDays,
            SecretRecoveryDays = settings.SecretRecoveryDaysFor(profile),
        }, options);
        Zone zone = new(name, new ZoneArgs { Endpoints = endpoints, Delegations = delegations, Parent = ParentOf(settings), EdgeProvider = edge, Protect = isMainnet }, options);
        LoadBalancer entry = new(name, new LoadBalancerArgs
        {
            Endpoints = endpoints,
            Firewall = firewall,
            VpcId = network.VpcId,
            SubnetIds = network.PublicSubnetIds,
            NetworkAddresses = addresses.Network,
            CertificateArn = zone.CertificateArn,
            LogBucket = logs.BucketName,
            Protect = isMainnet,
        }, options);
        LeaseEntry leases = new(name, new LeaseEntryArgs
        {
            Endpoints = endpoints,
            VpcId = network.VpcId,
            SubnetIds = network.PublicSubnetIds,
            NetworkAddresses = addresses.Network,
            ZoneId = zone.ZoneId,
            Protect = isMainnet,
        }, options);
        Cdn sites = new(name, new CdnArgs
        {
            Endpoints = endpoints,
            Firewall = firewall,
            AccountId = settings.AccountId,
            EdgeCertificateArn = zone.EdgeCertificateArn,
            DataKeyArn = keys.DataKeyArn,
            ZoneId = zone.ZoneId,
            LogBucket = logs.BucketName,
            Standby = standby,
            EdgeProvider = edge,
            Protect = isMainnet,
        }, options);
        Monitoring monitoring = new(name, new MonitoringArgs
        {
            AccountId = settings.AccountId,
            Region = settings.Region,
            Endpoints = endpoints,
            Database = databasePlan,
            DatabaseInstances = database.Instances,
            LoadBalancerSuffix = entry.ArnSuffix,
            TargetGroupArns = entry.TargetGroupArns,
            LeaseBalancerSuffix = leases.ArnSuffix,
            LeaseTargetGroupArns = leases.TargetGroupArns,
            CertificateArn = zone.CertificateArn,
            FirewallMetric = name,
            LogKeyArn = keys.LogKeyArn,
            SignIn = settings.Grafana.SignInOf(),
            Recipients = recipients,
        }, options);
        EntryNames names = new(name, new EntryNamesArgs
        {
            Endpoints = endpoints,
            ZoneId = zone.ZoneId,
            EntryName = entry.DnsName,
            EntryZoneId = entry.DnsZoneId,
            Region = settings.Region,
            UptimeAlarms = monitoring.UptimeAlarms,
            Standby = standby,
        }, options);
        _ = new OutsideMonitoring(
            name,
            new OutsideMonitoringArgs
            {
                AccountId = settings.AccountId,
                Endpoints = endpoints,
                Checks = names.Checks.Concat(sites.Checks).ToDictionary(),
                LeaseCheck = leases.Check,
                Distributions = sites.Distributions,
                CertificateArn = zone.EdgeCertificateArn,
                FirewallMetric = $"{name}-edge",
                Recipients = recipients,
                Protect = isMainnet,
            },
            new ComponentResourceOptions { Provider = edge });
        _ = new Guard(name, new GuardArgs
        {
            AccountId = settings.AccountId,
            LogBucket = logs.BucketName,
            LogKeyArn = keys.LogKeyArn,
            BackupKeyArn = keys.BackupKeyArn,
            TopicArn = monitoring.TopicArn,
            MonthlyBudgetDollars = settings.MonthlyBudget,
            Recipients = recipients,
            BackupDays = databasePlan.BackupDays,
            ThreatDetectionElsewhere = settings.ThreatDetectionElsewhere,
            Protect = isMainnet,
        }, options);
        _ = new WorkloadRole($"{name}-op-signer", new WorkloadRoleArgs
        {
            ClusterName = cluster.ClusterName,
            Namespace = "op-stack",
            ServiceAccount = "op-signer",
            Policy = Output.Tuple(keys.BatcherKeyArn, keys.ProposerKeyArn).Apply(arns => new IamPolicyDocument(
                new IamStatement("SignForTheChain", ["kms:Sign", "kms:GetPublicKey"], [arns.Item1, arns.Item2])).ToJson()),
        }, options);

        Ground = new AwsPlatform.Ground(keys, network, cluster, database, entry, leases, monitoring, secrets)
        {
            Sequencer = new PeerIdentity($"{name}-aws-sequencer", new PeerIdentityArgs()),
        };
        Platform = AwsPlatform.Declare(settings, profile, endpoints, Ground, options);
        _endpoints = endpoints;
        _options = options;
        Provider = provider;
        ZoneId = zone.ZoneId;
        Services = new ChainGround
        {
            Cloud = CloudName.Aws,
            NodeGroups = settings.NodeGroupsFor(profile),
            Platform = Platform,
            Endpoints = endpoints,
            Registry = $"{settings.AccountId}.dkr.ecr.{settings.Region}.amazonaws.com/{name}",
            DatabaseHost = database.Host,
            DatabaseReadHost = database.ReplicaHost,
            SequencerPeerId = Ground.Sequencer.PeerId,
            BatcherKey = keys.BatcherKeyArn,
            ProposerKey = keys.ProposerKeyArn,
        };
        Outputs = new Dictionary<string, object?>
        {
            ["cluster"] = cluster.ClusterName,
            ["database"] = database.Host,
            ["databaseLoginSecret"] = database.LoginSecretArn,
            ["registry"] = registry.Urls,
            ["sequencerPeerId"] = Ground.Sequencer.PeerId,
            ["entry"] = entry.DnsName,

            // Nothing below the zone can be proved, and so nothing be certified, before the registry or the zone above names these.
            ["nameServers"] = zone.NameServers,
        };
    }

    /// <summary>The provider of the stack's region.</summary>
    public ProviderResource Provider { get; }

    /// <summary>The zone that this cloud is the authority of.</summary>
    public Output<string> ZoneId { get; }

    /// <summary>What the cluster stands on.</summary>
    public AwsPlatform.Ground Ground { get; }

    /// <summary>The cluster, ready for services.</summary>
    public ClusterPlatform Platform { get; }

    /// <summary>What the chain services take from this cloud.</summary>
    public ChainGround Services { get; }

    /// <summary>What the stack's outputs say of this cloud.</summary>
    public IDictionary<string, object?> Outputs { get; }

    /// <summary>Routes the hosts to the services, once these are declared.</summary>
    /// <param name="services">The services behind the routes.</param>
    public void Route(IEnumerable<Resource> services) => AwsPlatform.Route(Platform, _endpoints, Ground, services, _options);

    private static AwsProvider ProviderOf(string name, AwsSettings settings, string region, NetworkProfile profile) => new(name, new Pulumi.Aws.ProviderArgs
    {
        Region = region,
        AllowedAccountIds = { settings.AccountId },
        DefaultTags = new Pulumi.Aws.Inputs.ProviderDefaultTagsArgs { Tags = CloudTags.Of(profile) },
    });

    private static ParentZone? ParentOf(AwsSettings settings)
    {
        if (settings.ParentZone is not { } parent)
        {
            return null;
        }

        Pulumi.Aws.ProviderArgs provider = new() { Region = settings.Region };
        if (parent.Role is { } role)
        {
            provider.AssumeRoles = new Pulumi.Aws.Inputs.ProviderAssumeRoleArgs { RoleArn = role };
        }

        return new ParentZone(parent.ZoneId, new AwsProvider("aws-parent-zone", provider));
    }

    /// <summary>
    /// Who writes logs, and only those of this account: load balancers write below the account that they belong to (their user guide, "Access logs"), the trail names itself in its requests (CloudTrail user guide,
    /// "Amazon S3 bucket policy"), the bucket's own logs name the account.
    /// </summary>
    private static IamStatement[] LogDelivery(string arn, AwsSettings settings)
    {
        (string Operator, string Key, string Value)[] ownTrails = [("ArnLike", "aws:SourceArn", $"arn:aws:cloudtrail:{settings.Region}:{settings.AccountId}:trail/*")];
        Dictionary<string, string> trail = new() { ["Service"] = "cloudtrail.amazonaws.com" };
        return
        [
            new IamStatement("LoadBalancerLogs", ["s3:PutObject"], [$"{arn}/*/AWSLogs/{settings.AccountId}/*"])
            {
                Principals = new Dictionary<string, string> { ["Service"] = "logdelivery.elasticloadbalancing.amazonaws.com" },
            },
            new IamStatement("BucketAccessLogs", ["s3:PutObject"], [$"{arn}/*"])
            {
                Principals = new Dictionary<string, string> { ["Service"] = "logging.s3.amazonaws.com" },
                Conditions = [("StringEquals", "aws:SourceAccount", settings.AccountId)],
            },
            new IamStatement("TrailChecksBucket", ["s3:GetBucketAcl"], [arn]) { Principals = trail, Conditions = ownTrails },
            new IamStatement("TrailLogs", ["s3:PutObject"], [$"{arn}/trail/AWSLogs/{settings.AccountId}/*"]) { Principals = trail, Conditions = ownTrails },
        ];
    }
}
