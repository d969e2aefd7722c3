using Jeju.Infra.Components.Aws;
using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>The platform of the cluster on AWS, with a role for each operator.</summary>
internal static class AwsPlatform
{
    /// <summary>What it stands on.</summary>
    internal sealed record Ground(Keys Keys, Network Network, Cluster Cluster, Database Database, LoadBalancer Entry, LeaseEntry Leases, Monitoring Monitoring, IReadOnlyList<ClusterSecret> Secrets)
    {
        /// <summary>Whom the consensus clients that follow look for.</summary>
        public required PeerIdentity Sequencer { get; init; }
    }

    public static ClusterPlatform Declare(AwsSettings settings, NetworkProfile profile, EndpointTable endpoints, Ground ground, ComponentResourceOptions options)
    {
        string name = $"jeju-{profile.StackName}";
        AwsAddressPlan addresses = AddressPlan.ForAws(profile);
        Cluster cluster = ground.Cluster;
        SecretStore store = new(name, new SecretStoreArgs
        {
            StackName = profile.StackName,
            Secrets = ground.Secrets,
            DataKeyArn = ground.Keys.DataKeyArn,
            Generated = new Dictionary<ClusterSecret, Output<string>> { [SecretCatalog.SequencerPeer] = ground.Sequencer.PrivateKey.Apply(SecretCatalog.SequencerPeer.ToJson) },
            RecoveryDays = settings.SecretRecoveryDaysFor(profile),
            Protect = profile.Name == NetworkName.Mainnet,
        }, options);
        InternalZones internalZones = new(name, new InternalZonesArgs { Endpoints = endpoints, VpcId = ground.Network.VpcId, Protect = profile.Name == NetworkName.Mainnet }, options);

        WorkloadRole Role(string @namespace, string serviceAccount, Output<string> policy) => new($"{name}-{serviceAccount}", new WorkloadRoleArgs
        {
            ClusterName = cluster.ClusterName,
            Namespace = @namespace,
            ServiceAccount = serviceAccount,
            Policy = policy,
        }, options);

        WorkloadRole[] roles =
        [
            Role(ClusterNamespaces.ExternalSecrets, OperatorAccounts.ExternalSecrets, Output.Tuple(store.SecretArns, ground.Database.LoginSecretArn, ground.Keys.DataKeyArn)
                .Apply(values => OperatorPolicies.ReadSecrets([.. values.Item1, values.Item2], values.Item3, settings.Region).ToJson())),
            Role(ClusterNamespaces.ExternalDns, OperatorAccounts.ExternalDns, Output.All(internalZones.ZoneIds.Values)
                .Apply(ids => OperatorPolicies.WriteRecords(ids).ToJson())),
            Role(ClusterNamespaces.LoadBalancer, OperatorAccounts.LoadBalancer, Output.Tuple(ground.Entry.TargetGroupArns, ground.Leases.TargetGroupArns)
                .Apply(arns => OperatorPolicies.RegisterTargets([.. arns.Item1.Concat(arns.Item2).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)]).ToJson())),
            Role(ClusterNamespaces.Autoscaler, OperatorAccounts.Autoscaler, cluster.ClusterName.Apply(clusterName => OperatorPolicies.ScaleNodes(clusterName).ToJson())),
            Role(ClusterNamespaces.Monitoring, OperatorAccounts.Prometheus, ground.Monitoring.PrometheusArn.Apply(arn => OperatorPolicies.WriteMetrics(arn).ToJson())),
            Role(ClusterNamespaces.Monitoring, OperatorAccounts.AlertManager, Output.Tuple(ground.Monitoring.TopicArn, ground.Keys.LogKeyArn)
                .Apply(values => OperatorPolicies.SendAlerts(values.Item1, values.Item2).ToJson())),
        ];
        return new ClusterPlatform(
            name,
            CloudName.Aws,
            Output.Tuple(cluster.ClusterName, cluster.Endpoint, cluster.CertificateAuthority)
                .Apply(values => Kubeconfig.ForEks(values.Item1, values.Item2, values.Item3, settings.Region)),
            ground.Keys.DataKeyArn,
            (namespaces, after) => new OperatorsArgs
            {
                Namespaces = namespaces,
                After = after,
                Cloud = CloudName.Aws,
                Region = settings.Region,
                IsMainnet = profile.Name == NetworkName.Mainnet,
                ClusterName = cluster.ClusterName,
                KubernetesVersion = settings.KubernetesVersion,
                VpcId = ground.Network.VpcId,
                ControlPlaneAddresses = addresses.Network,
                NodeAddresses = addresses.Network,
                InternalZones = internalZones.ZoneIds,
                MetricsEndpoint = ground.Monitoring.PrometheusEndpoint,
                AlarmTopic = ground.Monitoring.TopicArn,
            },
            (namespaces, operators) => new ClusterSecretsArgs
            {
                Namespaces = namespaces,
                Operators = operators,
                Cloud = CloudName.Aws,
                StackName = profile.StackName,
                Secrets = ground.Secrets,
                Region = settings.Region,
                DatabaseSecret = ground.Database.LoginSecretArn,
            },
            [cluster, .. roles]);
    }

    /// <summary>Lets the load balancer in and binds each host to the pods of its service.</summary>
    /// <param name="platform">The cluster.</param>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="ground">What the platform stands on.</param>
    /// <param name="services">The services of the chain, behind the routes.</param>
    /// <param name="options">The options of what is declared in the account.</param>
    public static void Route(ClusterPlatform platform, EndpointTable endpoints, Ground ground, IEnumerable<Resource> services, ComponentResourceOptions options)
    {
        foreach (int port in endpoints.Public.Select(endpoint => endpoint.Port).Distinct())
        {
            _ = new Pulumi.Aws.Vpc.SecurityGroupIngressRule($"{platform.Name}-entry-{port}", new Pulumi.Aws.Vpc.SecurityGroupIngressRuleArgs
            {
                SecurityGroupId = ground.Cluster.SecurityGroupId,
                ReferencedSecurityGroupId = ground.Entry.SecurityGroupId,
                IpProtocol = "tcp",
                FromPort = port,
                ToPort = port,
                Description = "The load balancer to pods",
            }, new CustomResourceOptions { Provider = options.Provider });
        }

        foreach (int port in LeaseAccess.Ports.Append(LeaseAccess.HealthPort))
        {
            _ = new Pulumi.Aws.Vpc.SecurityGroupIngressRule($"{platform.Name}-leases-{port}", new Pulumi.Aws.Vpc.SecurityGroupIngressRuleArgs
            {
                SecurityGroupId = ground.Cluster.SecurityGroupId,
                ReferencedSecurityGroupId = ground.Leases.SecurityGroupId,
                IpProtocol = "tcp",
                FromPort = port,
                ToPort = port,
                Description = "The entry of the leases to its gateway",
            }, new CustomResourceOptions { Provider = options.Provider });
        }

        _ = new LeaseRoutes($"{platform.Name}-leases", new LeaseRoutesArgs
        {
            VpcId = ground.Network.VpcId,
            TargetGroupArns = ground.Leases.TargetGroupArns,
            After = [.. platform.Ready, .. services],
        }, new ComponentResourceOptions { Provider = platform.Provider });
        _ = new TargetGroupRoutes($"{platform.Name}-routes", new TargetGroupRoutesArgs
        {
            Endpoints = endpoints,
            VpcId = ground.Network.VpcId,
            TargetGroupArns = ground.Entry.TargetGroupArns,
            After = [.. platform.Ready, .. services],
        }, new ComponentResourceOptions { Provider = platform.Provider });
    }
}
