using Jeju.Infra.Components.Gcp;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;
using GcpProvider = Pulumi.Gcp.Provider;

namespace Jeju.Infra.Stacks;

/// <summary>Phase 1 on Google Cloud: what there is, in the order in which it depends on each other.</summary>
internal sealed class GcpCloud
{
    private readonly EndpointTable _endpoints;
    private readonly Cdn _sites;

    public GcpCloud(GcpSettings settings, NetworkProfile profile, EndpointTable endpoints, IReadOnlyList<string> recipients, IReadOnlyList<ClusterSecret> secrets)
    {
        string name = $"jeju-{profile.StackName}";
        bool isMainnet = profile.Name == NetworkName.Mainnet;
        GcpAddressPlan addresses = AddressPlan.ForGcp(profile);
        DatabasePlan databasePlan = settings.DatabasePlanFor(profile);
        GcpProvider switching = new("gcp-services", new Pulumi.Gcp.ProviderArgs
        {
            Project = settings.Project,
            Region = settings.Region,
            DefaultLabels = CloudTags.Of(profile),
        });
        ProjectServices services = new(name, new ProjectServicesArgs { Project = settings.Project }, new ComponentResourceOptions { Provider = switching });
        GcpProvider provider = new("gcp", new Pulumi.Gcp.ProviderArgs
        {
            Project = services.Project,
            Region = settings.Region,

            // Budgets and findings are asked for in no project of their own: with a person's login the services refuse a request that names none to count it in.
            BillingProject = settings.Project,
            UserProjectOverride = true,
            DefaultLabels = CloudTags.Of(profile),
        });
        ComponentResourceOptions options = new() { Provider = provider };

        Keys keys = new(name, new KeysArgs { Region = settings.Region, ProjectNumber = settings.ProjectNumber, StorageAgent = services.StorageAgent, Protect = isMainnet }, options);
        Network network = new(name, new NetworkArgs
        {
            Addresses = addresses,
            Region = settings.Region,
            EntryPorts = [.. endpoints.Public.Select(endpoint => endpoint.Port).Distinct()],
        }, options);
        PrivateBucket logs = new($"{name}-logs", new PrivateBucketArgs
        {
            Region = settings.Region,
            DataKeyId = keys.LogKeyId,
            ExpireDays = 365,
            ReceivesAccessLogs = true,
            Protect = isMainnet,
        }, options);
        Registry registry = new(name, new RegistryArgs { Project = settings.Project, Region = settings.Region, DataKeyId = keys.DataKeyId }, options);
        Cluster cluster = new(name, new ClusterArgs
        {
            Project = settings.Project,
            Region = settings.Region,
            NetworkId = network.NetworkId,
            SubnetworkId = network.SubnetworkId,
            ControlPlaneAddresses = addresses.ControlPlane,
            AllowedAddresses = settings.AllowedAddresses,
            NodeGroups = settings.NodeGroupsFor(profile),
            DataKeyId = keys.DataKeyId,
            Protect = isMainnet,
        }, options);
        Database database = new($"{name}-postgres", new DatabaseArgs
        {
            Plan = databasePlan,
            MajorVersion = AwsCloud.PostgresVersion,
            Region = settings.Region,
            NetworkId = network.PrivateServicesNetworkId,
            DataKeyId = keys.DataKeyId,
            Labels = CloudTags.Of(profile),
        }, options);
        Zone zone = new(name, new ZoneArgs { Endpoints = endpoints, Protect = isMainnet }, options);
        LoadBalancer entry = new(name, new LoadBalancerArgs
        {
            Endpoints = endpoints,
            Firewall = settings.FirewallPlanFor(profile),
            ZoneName = zone.ZoneName,
        }, options);
        LeaseEntry leases = new(name, new LeaseEntryArgs { Endpoints = endpoints, Region = settings.Region, ZoneName = zone.ZoneName }, options);
        Cdn sites = new(name, new CdnArgs
        {
            Endpoints = endpoints,
            Region = settings.Region,
            ProjectNumber = settings.ProjectNumber,
            ZoneName = zone.ZoneName,
            CertificateMapId = zone.CertificateMapId,
            DataKeyId = keys.DataKeyId,
            LogBucket = logs.BucketName,
            Protect = isMainnet,
        }, options);
        AlarmRecipients readers = new(name, new AlarmRecipientsArgs { Recipients = recipients }, options);
        Guard guard = new(name, new GuardArgs
        {
            Channels = readers.Channels,
            Project = settings.Project,
            Region = settings.Region,
            ProjectNumber = settings.ProjectNumber,
            BillingAccount = settings.BillingAccount,
            MonthlyBudgetDollars = settings.MonthlyBudget,
            ClusterId = cluster.ClusterName.Apply(cluster => $"projects/{settings.Project}/locations/{settings.Region}/clusters/{cluster}"),
            BackupKeyId = keys.BackupKeyId,
            LogKeyId = keys.LogKeyId,
            BackupDays = databasePlan.BackupDays,
            ReportsFindings = settings.SecurityCommandCenter ?? true,
        }, options);
        _ = new Monitoring(name, new MonitoringArgs
        {
            Project = settings.Project,
            Endpoints = endpoints,
            Database = databasePlan,
            FirewallPolicy = entry.PolicyName,
            FindingsTopic = guard.FindingsTopic,
            Channels = readers.Channels,
        }, options);
        WorkloadAccount signer = new($"{name}-op-signer", new WorkloadAccountArgs
        {
            WorkloadPool = cluster.WorkloadPool,
            AccountId = "op-signer",
            Namespace = "op-stack",
            ServiceAccount = "op-signer",
        }, options);
        foreach ((string purpose, Output<string> key) in ((string, Output<string>)[])[("batcher", keys.BatcherKeyId), ("proposer", keys.ProposerKeyId)])
        {
            _ = new Pulumi.Gcp.Kms.CryptoKeyIAMMember($"{name}-op-signer-{purpose}", new Pulumi.Gcp.Kms.CryptoKeyIAMMemberArgs
            {
                CryptoKeyId = key,
                Role = "roles/cloudkms.signerVerifier",
                Member = signer.Member,
            }, new CustomResourceOptions { Provider = provider });
        }

        Ground = new GcpPlatform.Ground(keys, network, cluster, database, entry, leases, zone, secrets)
        {
            Sequencer = new PeerIdentity($"{name}-gcp-sequencer", new PeerIdentityArgs()),
        };
        Platform = GcpPlatform.Declare(settings, profile, endpoints, Ground, options);
        _endpoints = endpoints;
        _sites = sites;
        Provider = provider;
        NameServers = zone.NameServers;
        Services = new ChainGround
        {
            Cloud = CloudName.Gcp,
            NodeGroups = settings.NodeGroupsFor(profile),
            Platform = Platform,
            Endpoints = endpoints,
            Registry = $"{settings.Region}-docker.pkg.dev/{settings.Project}/{name}",
            DatabaseHost = database.Host,
            DatabaseReadHost = database.ReplicaHost,
            SequencerPeerId = Ground.Sequencer.PeerId,

            // The signer names a version of a key, and a signing key has but one.
            BatcherKey = keys.BatcherKeyId.Apply(id => $"{id}/cryptoKeyVersions/1"),
            ProposerKey = keys.ProposerKeyId.Apply(id => $"{id}/cryptoKeyVersions/1"),
            SignerIdentity = new Dictionary<string, Output<string>> { ["iam.gke.io/gcp-service-account"] = signer.Email },
        };
        Outputs = new Dictionary<string, object?>
        {
            ["cluster"] = cluster.ClusterName,
            ["database"] = database.Host,
            ["registry"] = registry.Url,
            ["sequencerPeerId"] = Ground.Sequencer.PeerId,
            ["entry"] = entry.Address,
            ["nameServers"] = zone.NameServers,
        };
    }

    /// <summary>The servers of this cloud's zone, to which the authority delegates.</summary>
    public Output<System.Collections.Immutable.ImmutableArray<string>> NameServers { get; }

    /// <summary>The project's provider.</summary>
    public ProviderResource Provider { get; }

    /// <summary>What the cluster stands on.</summary>
    public GcpPlatform.Ground Ground { get; }

    /// <summary>The cluster, ready for services.</summary>
    public ClusterPlatform Platform { get; }

    /// <summary>What the chain services take from this cloud.</summary>
    public ChainGround Services { get; }

    /// <summary>What the stack's outputs say of this cloud.</summary>
    public IDictionary<string, object?> Outputs { get; }

    /// <summary>Routes the hosts to the services, once these are declared.</summary>
    /// <param name="services">The services behind the routes.</param>
    public void Route(IEnumerable<Resource> services) => GcpPlatform.Route(Platform, _endpoints, Ground, services);

    /// <summary>This cloud as the one that answers while the other has no healthy target.</summary>
    /// <param name="label">The label of this cloud's zone.</param>
    /// <param name="zone">The zone above it.</param>
    public Components.Aws.Standby StandbyOf(string label, string zone) => new(Ground.Entry.Address, _sites.Address, _sites.AddressV6, $"{label}.{zone}");

    /// <summary>Writes the records that prove the names stood by for into the zone of their authority.</summary>
    /// <param name="authority">The cloud that has the zone.</param>
    public void ProveStandbyNames(AwsCloud authority)
    {
        foreach ((string label, Output<ValidationRecord> record) in Ground.Zone.StandbyValidations)
        {
            _ = new Pulumi.Aws.Route53.Record($"{Platform.Name}-standby-{label}", new Pulumi.Aws.Route53.RecordArgs
            {
                ZoneId = authority.ZoneId,
                Name = record.Apply(value => value.Name),
                Type = record.Apply(value => value.Type),
                Records = { record.Apply(value => value.Data) },
                Ttl = 300,
            }, new CustomResourceOptions { Provider = authority.Provider });
        }
    }
}
