using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Container;
using Pulumi.Gcp.Container.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its GKE cluster.</summary>
public sealed class ClusterArgs : ResourceArgs
{
    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>The region; the control plane and the nodes span its zones.</summary>
    public required string Region { get; init; }

    /// <summary>The network.</summary>
    [Input("networkId", required: true)]
    public Input<string> NetworkId { get; set; } = null!;

    /// <summary>The network's subnet for the cluster.</summary>
    [Input("subnetworkId", required: true)]
    public Input<string> SubnetworkId { get; set; } = null!;

    /// <summary>The control plane's addresses, a /28.</summary>
    public required CidrBlock ControlPlaneAddresses { get; init; }

    /// <summary>Who may reach the control plane. Empty closes the public endpoint: then only the network itself reaches it.</summary>
    public required IReadOnlyList<CidrBlock> AllowedAddresses { get; init; }

    /// <summary>The groups of nodes.</summary>
    public required IReadOnlyList<NodeGroup> NodeGroups { get; init; }

    /// <summary>The key that encrypts Kubernetes secrets and the nodes' disks.</summary>
    [Input("dataKeyId", required: true)]
    public Input<string> DataKeyId { get; set; } = null!;

    /// <summary>Whether the cluster refuses to be deleted.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// A regional GKE cluster: private nodes, a control plane with an allow-list, Workload Identity, Shielded Nodes, Dataplane V2 (which enforces network policies), secrets
/// encrypted with the stack's key, the regular release channel inside a maintenance window, and one node pool for each kind of work.
/// </summary>
public sealed class Cluster : ComponentResource
{
    private readonly string _name;

    /// <summary>Declares the cluster.</summary>
    public Cluster(string name, ClusterArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Cluster", name, args, options)
    {
        _name = name;
        string pool = $"{args.Project}.svc.id.goog";
        if (args.AllowedAddresses.Any(block => block.PrefixLength == 0))
        {
            throw new InfraException(
                new ErrorCode(730),
                $"The control plane of '{name}' would be open to everybody.",
                "List the addresses of your offices and build machines in gcp:allowedAddresses.",
                FailureKind.Refused);
        }

        Pulumi.Gcp.Container.Cluster cluster = new(
            name,
            new Pulumi.Gcp.Container.ClusterArgs
            {
                Name = name,
                Location = args.Region,
                Network = args.NetworkId,
                Subnetwork = args.SubnetworkId,
                NetworkingMode = "VPC_NATIVE",
                IpAllocationPolicy = new ClusterIpAllocationPolicyArgs
                {
                    ClusterSecondaryRangeName = Network.PodsRange,
                    ServicesSecondaryRangeName = Network.ServicesRange,
                },

                // Node pools are resources of their own; the pool that creation needs is removed at once.
                RemoveDefaultNodePool = true,
                InitialNodeCount = 1,
                DeletionProtection = args.Protect,
                DatapathProvider = "ADVANCED_DATAPATH",
                EnableShieldedNodes = true,
                PrivateClusterConfig = new ClusterPrivateClusterConfigArgs
                {
                    EnablePrivateNodes = true,
                    EnablePrivateEndpoint = args.AllowedAddresses.Count == 0,
                    MasterIpv4CidrBlock = args.ControlPlaneAddresses.ToString(),
                },
                MasterAuthorizedNetworksConfig = new ClusterMasterAuthorizedNetworksConfigArgs
                {
                    GcpPublicCidrsAccessEnabled = false,
                    CidrBlocks = args.AllowedAddresses
                        .Select(block => new ClusterMasterAuthorizedNetworksConfigCidrBlockArgs { CidrBlock = block.ToString(), DisplayName = "allowed" })
                        .ToArray(),
                },
                WorkloadIdentityConfig = new ClusterWorkloadIdentityConfigArgs { WorkloadPool = pool },
                DatabaseEncryption = new ClusterDatabaseEncryptionArgs { State = "ENCRYPTED", KeyName = args.DataKeyId },
                GatewayApiConfig = new ClusterGatewayApiConfigArgs { Channel = "CHANNEL_STANDARD" },
                AddonsConfig = new ClusterAddonsConfigArgs
                {
                    HttpLoadBalancing = new ClusterAddonsConfigHttpLoadBalancingArgs { Disabled = false },
                    GcePersistentDiskCsiDriverConfig = new ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs { Enabled = true },

                    // Without the agent the plan of backups has nobody who carries it out.
                    GkeBackupAgentConfig = new ClusterAddonsConfigGkeBackupAgentConfigArgs { Enabled = true },
                },
                ReleaseChannel = new ClusterReleaseChannelArgs { Channel = "REGULAR" },
                MaintenancePolicy = new ClusterMaintenancePolicyArgs
                {
                    DailyMaintenanceWindow = new ClusterMaintenancePolicyDailyMaintenanceWindowArgs { StartTime = "03:00" },
                },
                SecurityPostureConfig = new ClusterSecurityPostureConfigArgs { Mode = "BASIC" },
                LoggingConfig = new ClusterLoggingConfigArgs
                {
                    EnableComponents = { "SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "WORKLOADS" },
                },
                MonitoringConfig = new ClusterMonitoringConfigArgs
                {
                    EnableComponents = { "SYSTEM_COMPONENTS", "APISERVER", "SCHEDULER", "CONTROLLER_MANAGER", "STORAGE", "POD", "DEPLOYMENT", "STATEFULSET" },
                    ManagedPrometheus = new ClusterMonitoringConfigManagedPrometheusArgs { Enabled = true },
                },
            },
            new CustomResourceOptions { Parent = this, Protect = args.Protect, IgnoreChanges = { "initialNodeCount" } });

        Pulumi.Gcp.ServiceAccount.Account node = NodeIdentity(args);
        foreach (NodeGroup group in args.NodeGroups)
        {
            Pool(args, group, cluster, node);
        }

        ClusterName = cluster.Name;

        // With a project's first cluster comes its pool of identities, and a right given to a member of it before is refused.
        WorkloadPool = cluster.Name.Apply(_ => pool);
        Endpoint = cluster.Endpoint;
        CertificateAuthority = cluster.MasterAuth.Apply(auth => auth.ClusterCaCertificate!);
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["clusterName"] = ClusterName,
            ["workloadPool"] = WorkloadPool,
            ["endpoint"] = Endpoint,
            ["certificateAuthority"] = CertificateAuthority,
        });
    }

    /// <summary>The cluster's name.</summary>
    [Output("clusterName")]
    public Output<string> ClusterName { get; private set; }

    /// <summary>The pool of the workloads' identities, once it is there.</summary>
    [Output("workloadPool")]
    public Output<string> WorkloadPool { get; private set; }

    /// <summary>The API server's address.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; }

    /// <summary>The API server's certificate authority, base64.</summary>
    [Output("certificateAuthority")]
    public Output<string> CertificateAuthority { get; private set; }

    /// <summary>Nodes write logs and metrics and pull images, no more; pods take their rights from Workload Identity.</summary>
    private Pulumi.Gcp.ServiceAccount.Account NodeIdentity(ClusterArgs args)
    {
        CustomResourceOptions child = new() { Parent = this };
        Pulumi.Gcp.ServiceAccount.Account account = new($"{_name}-node", new Pulumi.Gcp.ServiceAccount.AccountArgs
        {
            AccountId = $"{_name}-node",
            DisplayName = $"The nodes of {_name}",
        }, child);
        foreach (string role in (string[])["logging.logWriter", "monitoring.metricWriter", "monitoring.viewer", "stackdriver.resourceMetadata.writer", "artifactregistry.reader"])
        {
            _ = new Pulumi.Gcp.Projects.IAMMember($"{_name}-node-{role.Replace('.', '-')}", new Pulumi.Gcp.Projects.IAMMemberArgs
            {
                Project = args.Project,
                Role = $"roles/{role}",
                Member = account.Email.Apply(email => $"serviceAccount:{email}"),
            }, child);
        }

        return account;
    }

    private void Pool(ClusterArgs args, NodeGroup group, Pulumi.Gcp.Container.Cluster cluster, Pulumi.Gcp.ServiceAccount.Account node)
    {
        NodePoolNodeConfigArgs config = new()
        {
            MachineType = group.MachineType,
            DiskSizeGb = group.DiskGigabytes,
            DiskType = "pd-ssd",
            BootDiskKmsKey = args.DataKeyId,
            ServiceAccount = node.Email,
            OauthScopes = { "https://www.googleapis.com/auth/cloud-platform" },
            Labels = { [group.Label.Key] = group.Label.Value },
            ShieldedInstanceConfig = new NodePoolNodeConfigShieldedInstanceConfigArgs { EnableSecureBoot = true, EnableIntegrityMonitoring = true },

            // Pods see Google's metadata server for workloads, never the node's credentials.
            WorkloadMetadataConfig = new NodePoolNodeConfigWorkloadMetadataConfigArgs { Mode = "GKE_METADATA" },
        };
        if (group.IsTainted)
        {
            config.Taints = new NodePoolNodeConfigTaintArgs { Key = NodeGroup.WorkloadKey, Value = group.Name, Effect = "NO_SCHEDULE" };
        }

        if (group.Confidential)
        {
            config.ConfidentialNodes = new NodePoolNodeConfigConfidentialNodesArgs { Enabled = true };
        }

        _ = new NodePool(
            $"{_name}-{group.Name}",
            new NodePoolArgs
            {
                Name = group.Name,
                Cluster = cluster.Id,
                Location = args.Region,
                InitialNodeCount = 1,

                // The counts of the design are for the whole cluster, not for each zone.
                Autoscaling = new NodePoolAutoscalingArgs { TotalMinNodeCount = group.Minimum, TotalMaxNodeCount = group.Maximum, LocationPolicy = "BALANCED" },
                Management = new NodePoolManagementArgs { AutoRepair = true, AutoUpgrade = true },
                UpgradeSettings = new NodePoolUpgradeSettingsArgs { Strategy = "SURGE", MaxSurge = 1, MaxUnavailable = 0 },
                NodeConfig = config,
            },
            new CustomResourceOptions { Parent = this, IgnoreChanges = { "initialNodeCount" } });
    }
}
