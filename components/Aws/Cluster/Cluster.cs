using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Eks;
using Pulumi.Aws.Eks.Inputs;
using Pulumi.Aws.Iam;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its EKS cluster.</summary>
public sealed class ClusterArgs : ResourceArgs
{
    /// <summary>The Kubernetes version, for example <c>1.36</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The network's private subnets; control plane interfaces and nodes live there.</summary>
    [Input("subnetIds", required: true)]
    public InputList<string> SubnetIds { get; set; } = [];

    /// <summary>Kubernetes service addresses.</summary>
    public required CidrBlock ServiceAddresses { get; init; }

    /// <summary>Who may reach the public endpoint of the control plane. Empty closes it: then only the network itself reaches it.</summary>
    public required IReadOnlyList<CidrBlock> AllowedAddresses { get; init; }

    /// <summary>Roles that administer the cluster, as ARNs.</summary>
    public required IReadOnlyList<string> AdministratorRoleArns { get; init; }

    /// <summary>The groups of nodes.</summary>
    public required IReadOnlyList<Jeju.Infra.Core.NodeGroup> NodeGroups { get; init; }

    /// <summary>The key that encrypts Kubernetes secrets and the nodes' disks.</summary>
    [Input("dataKeyArn", required: true)]
    public Input<string> DataKeyArn { get; set; } = null!;

    /// <summary>The key that encrypts the control plane's log.</summary>
    [Input("logKeyArn", required: true)]
    public Input<string> LogKeyArn { get; set; } = null!;

    /// <summary>How long the control plane's log is kept, in days.</summary>
    public int LogRetentionDays { get; init; } = 90;

    /// <summary>Tags of the machines and their disks, which the provider's default tags do not reach.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the cluster refuses to be deleted.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// An EKS cluster: private endpoint with an allow-list, all control plane logs, secrets encrypted with the stack's key, access by entries alone (no
/// aws-auth map that can lock everybody out), workload identity by pod identity, and one managed group of nodes for each kind of work.
/// </summary>
public sealed class Cluster : ComponentResource
{
    private static readonly ImmutableArray<string> ControlPlaneLogs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

    private readonly string _name;

    /// <summary>Declares the cluster.</summary>
    public Cluster(string name, ClusterArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Cluster", name, args, options)
    {
        _name = name;
        CustomResourceOptions child = new() { Parent = this };
        if (args.AllowedAddresses.Any(block => block.PrefixLength == 0))
        {
            throw new InfraException(
                new ErrorCode(730),
                $"The control plane of '{name}' would be open to {args.AllowedAddresses.First(block => block.PrefixLength == 0)}.",
                "List the addresses of your offices and build machines in aws:allowedAddresses.",
                FailureKind.Refused);
        }

        // EKS writes to this name; declared first, the log has our retention and key instead of none.
        Pulumi.Aws.CloudWatch.LogGroup log = new($"{name}-control-plane", new Pulumi.Aws.CloudWatch.LogGroupArgs
        {
            Name = $"/aws/eks/{name}/cluster",
            RetentionInDays = args.LogRetentionDays,
            KmsKeyId = args.LogKeyArn,
        }, child);
        Output<string> role = ServiceRole("cluster", "eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], "AmazonEKSClusterPolicy");
        Pulumi.Aws.Eks.Cluster cluster = new(
            name,
            new Pulumi.Aws.Eks.ClusterArgs
            {
                Name = name,
                Version = args.Version,
                RoleArn = role,
                AccessConfig = new ClusterAccessConfigArgs { AuthenticationMode = "API", BootstrapClusterCreatorAdminPermissions = false },
                BootstrapSelfManagedAddons = false,
                DeletionProtection = args.Protect,
                EnabledClusterLogTypes = ControlPlaneLogs,
                EncryptionConfig = new ClusterEncryptionConfigArgs
                {
                    Provider = new ClusterEncryptionConfigProviderArgs { KeyArn = args.DataKeyArn },
                    Resources = { "secrets" },
                },
                KubernetesNetworkConfig = new ClusterKubernetesNetworkConfigArgs { ServiceIpv4Cidr = args.ServiceAddresses.ToString() },
                UpgradePolicy = new ClusterUpgradePolicyArgs { SupportType = "STANDARD" },
                VpcConfig = new ClusterVpcConfigArgs
                {
                    SubnetIds = args.SubnetIds,
                    EndpointPrivateAccess = true,
                    EndpointPublicAccess = args.AllowedAddresses.Count > 0,
                    PublicAccessCidrs = args.AllowedAddresses.Select(block => block.ToString()).ToArray(),
                },
            },
            new CustomResourceOptions { Parent = this, Protect = args.Protect, DependsOn = { log } });

        foreach ((string administrator, int index) in args.AdministratorRoleArns.Select((arn, index) => (arn, index)))
        {
            AccessEntry entry = new($"{name}-administrator-{index}", new AccessEntryArgs { ClusterName = cluster.Name, PrincipalArn = administrator }, child);
            _ = new AccessPolicyAssociation($"{name}-administrator-{index}", new AccessPolicyAssociationArgs
            {
                ClusterName = cluster.Name,
                PrincipalArn = entry.PrincipalArn,
                PolicyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                AccessScope = new AccessPolicyAssociationAccessScopeArgs { Type = "cluster" },
            }, child);
        }

        _ = new OpenIdConnectProvider($"{name}-workloads", new OpenIdConnectProviderArgs
        {
            Url = cluster.Identities.Apply(identities => identities[0].Oidcs[0].Issuer!),
            ClientIdLists = { "sts.amazonaws.com" },
        }, child);
        Pulumi.Aws.Eks.NodeGroup[] groups = Nodes(args, cluster, CoreAddons(cluster));
        WorkloadAddons(cluster, groups, args.DataKeyArn);
        WorkloadLogs(args, cluster, groups);

        ClusterName = cluster.Name;
        Endpoint = cluster.Endpoint;
        CertificateAuthority = cluster.CertificateAuthority.Apply(authority => authority.Data!);
        SecurityGroupId = cluster.VpcConfig.Apply(vpc => vpc.ClusterSecurityGroupId!);
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["clusterName"] = ClusterName,
            ["endpoint"] = Endpoint,
            ["certificateAuthority"] = CertificateAuthority,
            ["securityGroupId"] = SecurityGroupId,
        });
    }

    /// <summary>The cluster's name.</summary>
    [Output("clusterName")]
    public Output<string> ClusterName { get; private set; }

    /// <summary>The API server's address.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; }

    /// <summary>The API server's certificate authority, base64.</summary>
    [Output("certificateAuthority")]
    public Output<string> CertificateAuthority { get; private set; }

    /// <summary>The group of the control plane and the nodes; the load balancer and the database let it in.</summary>
    [Output("securityGroupId")]
    public Output<string> SecurityGroupId { get; private set; }

    /// <summary>A role with managed policies. Its ARN is known only once they are attached: before, whoever takes it is refused.</summary>
    private Output<string> ServiceRole(string purpose, string service, string[] actions, params string[] managedPolicies) =>
        WithPolicies(DeclareRole(purpose, service, actions), purpose, managedPolicies);

    private Role DeclareRole(string purpose, string service, string[] actions) => new(
        $"{_name}-{purpose}",
        new RoleArgs { Description = $"The {purpose} of {_name}", AssumeRolePolicy = ServiceTrust.Of(service, actions) },
        new CustomResourceOptions { Parent = this });

    private Output<string> WithPolicies(Role role, string purpose, string[] managedPolicies)
    {
        CustomResourceOptions child = new() { Parent = this };
        IEnumerable<Output<string>> attached = managedPolicies.Select(policy => new RolePolicyAttachment($"{_name}-{purpose}-{policy}", new RolePolicyAttachmentArgs
        {
            Role = role.Name,
            PolicyArn = $"arn:aws:iam::aws:policy/{policy}",
        }, child).Id);
        return Output.All([role.Arn, .. attached]).Apply(known => known[0]);
    }

    /// <summary>What nodes need to become ready: without the CNI no node ever does, and the CNI has its rights from the identity agent.</summary>
    private Addon[] CoreAddons(Pulumi.Aws.Eks.Cluster cluster)
    {
        Output<string> cni = ServiceRole("cni", "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], "AmazonEKS_CNI_Policy");
        return
        [
            AddonOf(cluster, "vpc-cni", [], """{"enableNetworkPolicy":"true"}""", ("aws-node", cni)),
            AddonOf(cluster, "kube-proxy", []),
            AddonOf(cluster, "eks-pod-identity-agent", []),
        ];
    }

    private void WorkloadAddons(Pulumi.Aws.Eks.Cluster cluster, Pulumi.Aws.Eks.NodeGroup[] groups, Input<string> dataKeyArn)
    {
        Role volumes = DeclareRole("volumes", "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);

        // The managed policy knows no key of the account's own: without this no volume of the storage class could be made.
        _ = new RolePolicy($"{_name}-volumes-key", new RolePolicyArgs
        {
            Role = volumes.Id,
            Policy = dataKeyArn.ToOutput().Apply(key => new IamPolicyDocument(
                new IamStatement("EncryptVolumes", ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"], [key]),
                new IamStatement("GrantVolumesToNodes", ["kms:CreateGrant"], [key]) { Conditions = [("Bool", "kms:GrantIsForAWSResource", "true")] }).ToJson()),
        }, new CustomResourceOptions { Parent = this });
        AddonOf(cluster, "coredns", groups);
        AddonOf(cluster, "aws-ebs-csi-driver", groups, null, ("ebs-csi-controller-sa", WithPolicies(volumes, "volumes", ["service-role/AmazonEBSCSIDriverPolicy"])));
    }

    /// <summary>
    /// What containers write goes to CloudWatch. The agent would make the groups itself, without a key and for ever; declared first, they have ours.
    /// </summary>
    private void WorkloadLogs(ClusterArgs args, Pulumi.Aws.Eks.Cluster cluster, Pulumi.Aws.Eks.NodeGroup[] groups)
    {
        foreach (string source in (string[])["application", "dataplane", "host", "performance"])
        {
            _ = new Pulumi.Aws.CloudWatch.LogGroup($"{_name}-{source}", new Pulumi.Aws.CloudWatch.LogGroupArgs
            {
                Name = $"/aws/containerinsights/{_name}/{source}",
                RetentionInDays = args.LogRetentionDays,
                KmsKeyId = args.LogKeyArn,
            }, new CustomResourceOptions { Parent = this });
        }

        Output<string> writer = ServiceRole("logs", "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], "CloudWatchAgentServerPolicy");
        AddonOf(cluster, "amazon-cloudwatch-observability", groups, """{"containerLogs":{"enabled":true}}""", ("cloudwatch-agent", writer));
    }

    private Addon AddonOf(
        Pulumi.Aws.Eks.Cluster cluster,
        string addon,
        Pulumi.Aws.Eks.NodeGroup[] after,
        string? configuration = null,
        (string ServiceAccount, Output<string> RoleArn)? identity = null)
    {
        AddonArgs args = new()
        {
            ClusterName = cluster.Name,
            AddonName = addon,
            ResolveConflictsOnCreate = "OVERWRITE",
            ResolveConflictsOnUpdate = "OVERWRITE",
        };
        if (configuration is not null)
        {
            args.ConfigurationValues = configuration;
        }

        if (identity is var (serviceAccount, roleArn))
        {
            args.PodIdentityAssociations = new AddonPodIdentityAssociationArgs { ServiceAccount = serviceAccount, RoleArn = roleArn };
        }

        return new Addon($"{_name}-{addon}", args, new CustomResourceOptions { Parent = this, DependsOn = after.Select(group => (Input<Resource>)group).ToArray() });
    }

    private Pulumi.Aws.Eks.NodeGroup[] Nodes(ClusterArgs args, Pulumi.Aws.Eks.Cluster cluster, Addon[] core)
    {
        // Pods take their rights from pod identity; the node's role can pull images and join, no more.
        Output<string> role = ServiceRole("node", "ec2.amazonaws.com", ["sts:AssumeRole"], "AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly");
        return [.. args.NodeGroups.Select(group => new Pulumi.Aws.Eks.NodeGroup(
            $"{_name}-{group.Name}",
            new NodeGroupArgs
            {
                ClusterName = cluster.Name,
                NodeRoleArn = role,
                SubnetIds = args.SubnetIds,
                InstanceTypes = { group.MachineType },
                AmiType = "AL2023_x86_64_STANDARD",
                LaunchTemplate = LaunchTemplateOf(args, group),
                ScalingConfig = new NodeGroupScalingConfigArgs { MinSize = group.Minimum, MaxSize = group.Maximum, DesiredSize = group.Minimum },
                UpdateConfig = new NodeGroupUpdateConfigArgs { MaxUnavailable = 1 },
                NodeRepairConfig = new NodeGroupNodeRepairConfigArgs { Enabled = true },
                Labels = { [group.Label.Key] = group.Label.Value },
                Taints = group.IsTainted
                    ? [new NodeGroupTaintArgs { Key = Jeju.Infra.Core.NodeGroup.WorkloadKey, Value = group.Name, Effect = "NO_SCHEDULE" }]
                    : [],
            },
            new CustomResourceOptions
            {
                Parent = this,
                DependsOn = core.Select(addon => (Input<Resource>)addon).ToArray(),

                // The autoscaler owns the number of nodes between the bounds.
                IgnoreChanges = { "scalingConfig.desiredSize" },
            }))];
    }

    private Pulumi.Aws.Ec2.Inputs.LaunchTemplateTagSpecificationArgs Tagged(string resource, ClusterArgs args, Jeju.Infra.Core.NodeGroup group) => new()
    {
        ResourceType = resource,
        Tags = new Dictionary<string, string>(args.Tags) { ["Name"] = $"{_name}-{group.Name}" },
    };

    private NodeGroupLaunchTemplateArgs LaunchTemplateOf(ClusterArgs args, Jeju.Infra.Core.NodeGroup group)
    {
        Pulumi.Aws.Ec2.LaunchTemplateArgs templateArgs = new()
        {
            BlockDeviceMappings = new Pulumi.Aws.Ec2.Inputs.LaunchTemplateBlockDeviceMappingArgs
            {
                DeviceName = "/dev/xvda",
                Ebs = new Pulumi.Aws.Ec2.Inputs.LaunchTemplateBlockDeviceMappingEbsArgs
                {
                    Encrypted = "true",
                    KmsKeyId = args.DataKeyArn,
                    VolumeSize = group.DiskGigabytes,
                    VolumeType = "gp3",
                    DeleteOnTermination = "true",
                },
            },

            // Version 2 with one hop: a pod cannot take the node's credentials from the metadata service.
            MetadataOptions = new Pulumi.Aws.Ec2.Inputs.LaunchTemplateMetadataOptionsArgs
            {
                HttpEndpoint = "enabled",
                HttpTokens = "required",
                HttpPutResponseHopLimit = 1,
            },
            TagSpecifications = { Tagged("instance", args, group), Tagged("volume", args, group) },
        };
        if (group.Confidential)
        {
            templateArgs.CpuOptions = new Pulumi.Aws.Ec2.Inputs.LaunchTemplateCpuOptionsArgs { AmdSevSnp = "enabled" };
        }

        Pulumi.Aws.Ec2.LaunchTemplate template = new($"{_name}-{group.Name}", templateArgs, new CustomResourceOptions { Parent = this });
        return new NodeGroupLaunchTemplateArgs { Id = template.Id, Version = template.LatestVersion.Apply(version => $"{version}") };
    }
}
