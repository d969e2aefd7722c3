using Jeju.Infra.Components.Gcp;
using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>The platform of the cluster on Google Cloud, with an account for each operator.</summary>
internal static class GcpPlatform
{
    /// <summary>What it stands on.</summary>
    internal sealed record Ground(Keys Keys, Network Network, Cluster Cluster, Database Database, LoadBalancer Entry, LeaseEntry Leases, Zone Zone, IReadOnlyList<ClusterSecret> Secrets)
    {
        /// <summary>Whom the consensus clients that follow look for.</summary>
        public required PeerIdentity Sequencer { get; init; }
    }

    public static ClusterPlatform Declare(GcpSettings settings, NetworkProfile profile, EndpointTable endpoints, Ground ground, ComponentResourceOptions options)
    {
        string name = $"jeju-{profile.StackName}";
        GcpAddressPlan addresses = AddressPlan.ForGcp(profile);
        Cluster cluster = ground.Cluster;

        WorkloadAccount Account(string @namespace, string serviceAccount) => new($"{name}-{serviceAccount}", new WorkloadAccountArgs
        {
            WorkloadPool = cluster.WorkloadPool,
            AccountId = serviceAccount,
            Namespace = @namespace,
            ServiceAccount = serviceAccount,
        }, options);

        WorkloadAccount secretReader = Account(ClusterNamespaces.ExternalSecrets, OperatorAccounts.ExternalSecrets);
        WorkloadAccount recordWriter = Account(ClusterNamespaces.ExternalDns, OperatorAccounts.ExternalDns);
        WorkloadAccount metricWriter = Account(ClusterNamespaces.Monitoring, OperatorAccounts.Prometheus);
        SecretStore store = new(name, new SecretStoreArgs
        {
            StackName = profile.StackName,
            Secrets = ground.Secrets,
            Region = settings.Region,
            DataKeyId = ground.Keys.DataKeyId,
            Generated = new Dictionary<ClusterSecret, Output<string>> { [SecretCatalog.SequencerPeer] = ground.Sequencer.PrivateKey.Apply(SecretCatalog.SequencerPeer.ToJson) },
            Reader = secretReader.Member,
            Protect = profile.Name == NetworkName.Mainnet,
        }, options);
        foreach (ClusterSecret login in ground.Secrets.Where(secret => secret.Source == SecretSource.Database))
        {
            _ = new DatabaseUser($"{name}-{login.Namespace}-database", new DatabaseUserArgs
            {
                Instance = ground.Database.Identifier,
                UserName = login.Namespace,
                SecretId = store.SecretIds[login],
                Protect = profile.Name == NetworkName.Mainnet,
            }, options);
        }

        InternalZones internalZones = new(name, new InternalZonesArgs
        {
            Project = settings.Project,
            Endpoints = endpoints,
            NetworkId = ground.Network.NetworkId,
            Writer = recordWriter.Member,
            Protect = profile.Name == NetworkName.Mainnet,
        }, options);

        // Metrics belong to the project: there is no narrower resource to write them to.
        Pulumi.Gcp.Projects.IAMMember metrics = new($"{name}-prometheus-metrics", new Pulumi.Gcp.Projects.IAMMemberArgs
        {
            Project = settings.Project,
            Role = "roles/monitoring.metricWriter",
            Member = metricWriter.Member,
        }, new CustomResourceOptions { Provider = options.Provider });
        return new ClusterPlatform(
            name,
            CloudName.Gcp,
            Output.Tuple(cluster.ClusterName, cluster.Endpoint, cluster.CertificateAuthority)
                .Apply(values => Kubeconfig.ForGke(values.Item1, values.Item2, values.Item3)),
            ground.Keys.DataKeyId,
            (namespaces, after) => new OperatorsArgs
            {
                Namespaces = namespaces,
                After = after,
                Cloud = CloudName.Gcp,
                Region = settings.Region,
                Project = settings.Project,
                IsMainnet = profile.Name == NetworkName.Mainnet,
                ClusterName = cluster.ClusterName,
                ControlPlaneAddresses = addresses.ControlPlane,
                NodeAddresses = addresses.Nodes,
                InternalZones = internalZones.ZoneIds,
                Accounts = new Dictionary<string, Output<string>>
                {
                    [OperatorAccounts.ExternalSecrets] = secretReader.Email,
                    [OperatorAccounts.ExternalDns] = recordWriter.Email,
                    [OperatorAccounts.Prometheus] = metricWriter.Email,
                },
            },
            (namespaces, operators) => new ClusterSecretsArgs
            {
                Namespaces = namespaces,
                Operators = operators,
                Cloud = CloudName.Gcp,
                StackName = profile.StackName,
                Secrets = ground.Secrets,
                Project = settings.Project,
            },
            [cluster, store, internalZones, metrics]);
    }

    /// <summary>Routes each host to the pods of its service.</summary>
    /// <param name="platform">The cluster.</param>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="ground">What the platform stands on.</param>
    /// <param name="services">The services of the chain, behind the routes.</param>
    public static void Route(ClusterPlatform platform, EndpointTable endpoints, Ground ground, IEnumerable<Resource> services)
    {
        _ = new LeaseRoutes($"{platform.Name}-leases", new LeaseRoutesArgs
        {
            Address = ground.Leases.Address,
            After = [.. platform.Ready, .. services],
        }, new ComponentResourceOptions { Provider = platform.Provider });
        _ = new GatewayRoutes($"{platform.Name}-routes", new GatewayRoutesArgs
        {
            Endpoints = endpoints,
            AddressName = ground.Entry.AddressName,
            CertificateMapName = ground.Zone.CertificateMapName,
            SecurityPolicyName = ground.Entry.PolicyName,
            TlsPolicyName = ground.Entry.TlsPolicyName,
            After = [.. platform.Ready, .. services],
        }, new ComponentResourceOptions { Provider = platform.Provider });
    }
}
