namespace Jeju.Infra.Core;

/// <summary>
/// The workloads of the chain services on each network and cloud: the table of the design as code. The default sizes fit the default node groups of both clouds; a test adds them up.
/// </summary>
public static class WorkloadPlans
{
    private static readonly TimeSpan QuickStart = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SlowStart = TimeSpan.FromMinutes(30);

    /// <summary>All workloads of a network's cluster.</summary>
    /// <param name="network">The network; not localnet, which has no cluster.</param>
    /// <param name="groups">The cluster's node groups, from which selectors and tolerations are taken.</param>
    /// <param name="sequences">
    /// Whether this is the cluster that builds the chain. Of all clusters of a network exactly one does; the others follow and answer requests.
    /// </param>
    /// <param name="sizes">How many pods and how large volumes there are.</param>
    /// <exception cref="InvalidOperationException">A group is missing.</exception>
    public static IReadOnlyList<WorkloadPlan> For(NetworkName network, IReadOnlyList<NodeGroup> groups, bool sequences, WorkloadSizes sizes)
    {
        Sizing sizing = new(network == NetworkName.Mainnet, name => groups.Single(group => group.Name == name), sizes);
        return
        [
            .. sequences ? Sequencing(sizing) : [],
            .. Following(sizing),
            .. Indexing(sizing),
            .. PublicServices(sizing),
            .. CovenantSql(sizing),
            .. Messaging(sizing),
            Agent(sizing),
            LeaseGateway(sizing),
        ];
    }

    /// <summary>All workloads of a network's cluster on a cloud, in their default sizes and on node groups of theirs.</summary>
    /// <param name="network">The network; not localnet, which has no cluster.</param>
    /// <param name="cloud">The cloud.</param>
    /// <param name="sequences">Whether this is the cluster that builds the chain.</param>
    /// <exception cref="ArgumentException">The network has no cluster there.</exception>
    public static IReadOnlyList<WorkloadPlan> For(NetworkName network, CloudName cloud, bool sequences) =>
        For(network, NodeGroups.For(network, cloud), sequences, WorkloadSizes.For(network));

    private static IEnumerable<WorkloadPlan> Sequencing(Sizing sizing)
    {
        NodeGroup nodes = sizing.IsMainnet ? sizing.Nodes(NodeGroups.Sequencer) : sizing.Nodes(NodeGroups.Rpc);
        yield return ExecutionClient(WorkloadNames.ExecutionSequencer, 1, nodes, sizing.Of(1500, 7168, 6000, 24576), sizing);
        yield return ConsensusClient(WorkloadNames.ConsensusSequencer, 1, nodes, sizing.Of(500, 2048, 2000, 6144), sizing) with
        {
            Secrets = [SecretCatalog.EngineJwt, SecretCatalog.L1Endpoints, SecretCatalog.SequencerKey, SecretCatalog.SequencerPeer],
        };
        yield return Submitter(WorkloadNames.Batcher, SecretCatalog.BatcherClient, sizing);
        yield return Submitter(WorkloadNames.Proposer, SecretCatalog.ProposerClient, sizing);
        yield return new WorkloadPlan
        {
            Name = WorkloadNames.Signer,
            Service = WorkloadNames.Signer,
            Kind = WorkloadKind.Deployment,
            Replicas = 2,
            Ports = [new("sign", NetworkEdges.SignerPort), new("metrics", ConsensusPorts.Metrics)],
            FiguresPort = "metrics",
            Health = new WorkloadHealth("sign", "/healthz", QuickStart, IsTls: true),
            Resources = sizing.Of(100, 256, 250, 512),
            Nodes = sizing.Nodes(NodeGroups.General),
            Secrets = [SecretCatalog.SignerServer],
        };
    }

    private static IEnumerable<WorkloadPlan> Following(Sizing sizing)
    {
        NodeGroup nodes = sizing.Nodes(NodeGroups.Rpc);
        int replicas = sizing.Sizes.RpcReplicas;
        yield return ExecutionClient(WorkloadNames.Execution, replicas, nodes, sizing.Of(1500, 7168, 5000, 18432), sizing);
        yield return ConsensusClient(WorkloadNames.Consensus, replicas, nodes, sizing.Of(500, 2048, 1500, 5120), sizing);
    }

    private static WorkloadPlan ExecutionClient(string name, int replicas, NodeGroup nodes, WorkloadResources resources, Sizing sizing) => new()
    {
        Name = name,
        Service = WorkloadNames.Execution,
        Kind = WorkloadKind.StatefulSet,
        Replicas = replicas,
        Ports =
        [
            new("rpc", ExecutionPorts.Rpc),
            new("websocket", ExecutionPorts.WebSocket),
            new("engine", ExecutionPorts.Engine, IsPerPod: true),
            new("peers", ExecutionPorts.Peers, IsPerPod: true),
            new("peers-udp", ExecutionPorts.Peers, TransportProtocol.Udp, IsPerPod: true),
            new("metrics", ExecutionPorts.Metrics),
        ],
        FiguresPort = "metrics",
        FiguresPath = "/debug/metrics/prometheus",
        Health = new WorkloadHealth("rpc", "/", SlowStart),
        Resources = resources,
        Nodes = nodes,
        Volume = new WorkloadVolume(sizing.Sizes.ExecutionGigabytes),
        Secrets = [SecretCatalog.EngineJwt],

        // The client writes its caches to disk before it stops; killed earlier, it repeats hours of work.
        StopTimeout = TimeSpan.FromMinutes(5),
    };

    private static WorkloadPlan ConsensusClient(string name, int replicas, NodeGroup nodes, WorkloadResources resources, Sizing sizing) => new()
    {
        Name = name,
        Service = WorkloadNames.Consensus,
        Kind = WorkloadKind.StatefulSet,
        Replicas = replicas,
        Ports =
        [
            new("rpc", ConsensusPorts.Rpc),
            new("peers", ConsensusPorts.Peers, IsPerPod: true),
            new("peers-udp", ConsensusPorts.Peers, TransportProtocol.Udp, IsPerPod: true),
            new("metrics", ConsensusPorts.Metrics),
        ],
        FiguresPort = "metrics",
        Health = new WorkloadHealth("rpc", "/healthz", SlowStart),
        Resources = resources,
        Nodes = nodes,
        Volume = new WorkloadVolume(sizing.Sizes.ConsensusGigabytes),
        Secrets = [SecretCatalog.EngineJwt, SecretCatalog.L1Endpoints],
        StopTimeout = TimeSpan.FromMinutes(1),
    };

    /// <summary>Batcher or proposer. Two of a kind would race for the same nonces, so the old one is gone before the new one comes.</summary>
    private static WorkloadPlan Submitter(string name, ClusterSecret certificate, Sizing sizing) => new()
    {
        Name = name,
        Service = name,
        Kind = WorkloadKind.Deployment,
        Replicas = 1,
        IsReplacedAtOnce = true,
        Ports = [new("metrics", ConsensusPorts.Metrics)],
        FiguresPort = "metrics",
        Health = new WorkloadHealth("metrics", "/metrics", QuickStart),
        Resources = sizing.Of(250, 512, 500, 1024),
        Nodes = sizing.Nodes(NodeGroups.General),
        Secrets = [SecretCatalog.L1Endpoints, certificate],

        // What was sent is waited for, as far as a minute allows.
        StopTimeout = TimeSpan.FromMinutes(1),
    };

    private static IEnumerable<WorkloadPlan> Indexing(Sizing sizing)
    {
        NodeGroup nodes = sizing.Nodes(NodeGroups.Indexer);
        yield return new WorkloadPlan
        {
            Name = WorkloadNames.IndexerMigrations,
            Service = WorkloadNames.Indexer,
            Kind = WorkloadKind.Job,
            Replicas = 1,
            Resources = sizing.Of(250, 512, 500, 1024),
            Nodes = nodes,
            Secrets = [SecretCatalog.IndexerDatabase],
        };
        yield return OwnService(WorkloadNames.IndexerProcessor, 4350, 1, sizing.Of(1000, 6144, 3000, 16384), nodes, SecretCatalog.IndexerDatabase) with
        {
            Service = WorkloadNames.Indexer,
            IsReplacedAtOnce = true,
        };
        yield return OwnService(WorkloadNames.Indexer, 4350, sizing.Sizes.IndexerReplicas, sizing.Of(500, 2048, 1000, 4096), nodes, SecretCatalog.IndexerDatabase);
    }

    private static IEnumerable<WorkloadPlan> PublicServices(Sizing sizing)
    {
        NodeGroup general = sizing.Nodes(NodeGroups.General);
        yield return OwnService(WorkloadNames.Gateway, 4000, sizing.Sizes.GatewayReplicas, sizing.Of(500, 1024, 1000, 2048), general, SecretCatalog.GatewayDatabase) with
        {
            Scaling = new WorkloadScaling(sizing.Sizes.GatewayMaximumReplicas, 70),
        };

        // Pods with names: each signs with a key of its own. Two that share one send two bundles with one nonce.
        yield return OwnService(WorkloadNames.Bundler, 4337, sizing.Sizes.BundlerReplicas, sizing.Of(500, 1024, 1000, 2048), general, SecretCatalog.BundlerKeys) with
        {
            Kind = WorkloadKind.StatefulSet,
        };

        // The hub asks for 16 GB of memory on mainnet, which the general nodes of Google Cloud do not have.
        yield return new WorkloadPlan
        {
            Name = WorkloadNames.FarcasterHub,
            Service = WorkloadNames.FarcasterHub,
            Kind = WorkloadKind.StatefulSet,
            Replicas = 1,
            Ports =
            [
                new("http", 3381),
                new("gossip-udp", 3382, TransportProtocol.Udp),
                new("gossip", 3382),
                new("grpc", 3383),
                new("metrics", WorkloadPlan.MetricsPort),
            ],
            FiguresPort = "metrics",
            Health = new WorkloadHealth("http", "/v1/info", TimeSpan.FromHours(6)),
            Resources = sizing.Of(1500, 8192, 4000, 16384),
            Nodes = sizing.Nodes(NodeGroups.Rpc),
            Volume = new WorkloadVolume(sizing.Sizes.FarcasterHubGigabytes),
            Secrets = [SecretCatalog.FarcasterHub],
            StopTimeout = TimeSpan.FromMinutes(2),
        };
    }

    private static IEnumerable<WorkloadPlan> CovenantSql(Sizing sizing)
    {
        foreach ((string name, int replicas, int gigabytes) in ((string, int, int)[])
            [
                (WorkloadNames.CovenantSqlProducer, 1, sizing.Sizes.CovenantSqlProducerGigabytes),
                (WorkloadNames.CovenantSqlMiner, sizing.Sizes.CovenantSqlMiners, sizing.Sizes.CovenantSqlMinerGigabytes),
            ])
        {
            yield return new WorkloadPlan
            {
                Name = name,
                Service = "covenantsql",
                Kind = WorkloadKind.StatefulSet,
                Replicas = replicas,
                Ports = [new("rpc", 4661), new("chain", 4662), new("peers", 4663), new("http", 8546), new("metrics", WorkloadPlan.MetricsPort)],
                FiguresPort = "metrics",
                Health = new WorkloadHealth("rpc", null, TimeSpan.FromMinutes(10)),
                Resources = sizing.Of(250, 1024, 1000, 4096),
                Nodes = sizing.Nodes(NodeGroups.General),
                Volume = new WorkloadVolume(gigabytes),
                Secrets = [SecretCatalog.CovenantSqlKeys],
                StopTimeout = TimeSpan.FromMinutes(2),
            };
        }
    }

    private static IEnumerable<WorkloadPlan> Messaging(Sizing sizing)
    {
        NodeGroup general = sizing.Nodes(NodeGroups.General);
        WorkloadPlan relay = OwnService(WorkloadNames.MessagingRelay, 3200, sizing.Sizes.RelayReplicas, sizing.Of(250, 512, 500, 1024), general, SecretCatalog.RelayKeys);
        yield return relay with { Ports = [.. relay.Ports, new("peers", 3201)] };
        yield return OwnService(WorkloadNames.MessagingKms, 3300, sizing.Sizes.KmsReplicas, sizing.Of(100, 256, 250, 512), general, SecretCatalog.KmsKeys);
    }

    private static WorkloadPlan Agent(Sizing sizing) =>
        OwnService(WorkloadNames.DwsAgent, 4030, 1, sizing.Of(500, 1024, 1000, 2048), sizing.Nodes(NodeGroups.General), SecretCatalog.AgentKey) with
        {
            Kind = WorkloadKind.StatefulSet,

            // Ready is an agent that has compared chain and cluster; while the chain's node is away, another start brings it no nearer.
            Health = new WorkloadHealth("http", "/health", QuickStart, LivePath: "/live"),
            Volume = new WorkloadVolume(sizing.Sizes.DwsAgentGigabytes),
            UsesKubernetes = true,
            StopTimeout = TimeSpan.FromMinutes(2),
        };

    /// <summary>The entry of the leases: it keeps nothing, so two of them do what one does.</summary>
    private static WorkloadPlan LeaseGateway(Sizing sizing)
    {
        WorkloadPlan gateway = OwnService(WorkloadNames.LeaseGateway, LeaseAccess.HealthPort, 2, sizing.Of(100, 256, 500, 1024), sizing.Nodes(NodeGroups.General));
        return gateway with
        {
            Ports = [.. gateway.Ports, .. LeaseAccess.Ports.Select(port => new WorkloadPort(LeaseAccess.PortName(port), port))],

            // What clients have open may end by itself.
            StopTimeout = TimeSpan.FromMinutes(2),
        };
    }

    /// <summary>A program of the network's own: it answers <c>/health</c> on its port by its own state, and serves figures on a port of their own.</summary>
    private static WorkloadPlan OwnService(string name, int port, int replicas, WorkloadResources resources, NodeGroup nodes, params ClusterSecret[] secrets) => new()
    {
        Name = name,
        Service = name,
        Kind = WorkloadKind.Deployment,
        Replicas = replicas,
        Ports = [new("http", port), new("metrics", WorkloadPlan.MetricsPort)],
        FiguresPort = "metrics",
        Health = new WorkloadHealth("http", "/health", QuickStart),
        Resources = resources,
        Nodes = nodes,
        Secrets = secrets,
    };

    /// <summary>What a workload is measured by: the stack's sizes, and the choice between testnet's resources and mainnet's.</summary>
    private sealed record Sizing(bool IsMainnet, Func<string, NodeGroup> Nodes, WorkloadSizes Sizes)
    {
        public WorkloadResources Of(int testnetMillicores, int testnetMebibytes, int mainnetMillicores, int mainnetMebibytes) =>
            IsMainnet ? new(mainnetMillicores, mainnetMebibytes) : new(testnetMillicores, testnetMebibytes);
    }
}
