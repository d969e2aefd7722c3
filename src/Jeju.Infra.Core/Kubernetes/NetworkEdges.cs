namespace Jeju.Infra.Core;

/// <summary>One permission of the cluster's network: these pods may open connections to that port of those.</summary>
/// <param name="From">A workload, or one of <see cref="NetworkParties"/>.</param>
/// <param name="To">A workload, or one of <see cref="NetworkParties"/>.</param>
/// <param name="Port">The port, or <see cref="AnyPort"/>.</param>
/// <param name="Protocol">What travels.</param>
public sealed record NetworkEdge(string From, string To, int Port, TransportProtocol Protocol = TransportProtocol.Tcp)
{
    /// <summary>Stands for every port, where the other side chooses it.</summary>
    public const int AnyPort = 0;
}

/// <summary>Ends of an edge that are no workload of ours.</summary>
public static class NetworkParties
{
    /// <summary>The public load balancer.</summary>
    public const string LoadBalancer = "the load balancer";

    /// <summary>Prometheus.</summary>
    public const string Prometheus = "Prometheus";

    /// <summary>Everything outside the stack's own networks.</summary>
    public const string Internet = "the internet";

    /// <summary>The managed database.</summary>
    public const string Database = "the database";

    /// <summary>The node's service that gives a pod its cloud credentials.</summary>
    public const string CloudIdentity = "the cloud's identity service";

    /// <summary>The control plane of the cluster.</summary>
    public const string KubernetesApi = "the Kubernetes API";

    /// <summary>The pods of the provider node's customers.</summary>
    public const string Tenants = "the tenants";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [LoadBalancer, Prometheus, Internet, Database, CloudIdentity, KubernetesApi, Tenants];
}

/// <summary>
/// The one table of who talks to whom. Every network policy, in both directions, is made from it; what is not in it is refused. Name resolution is the only thing that every pod
/// may do besides.
/// </summary>
public static class NetworkEdges
{
    private const int Https = 443;
    private const int PostgresPort = 5432;

    /// <summary>Only where another cluster sequences.</summary>
    private static readonly NetworkEdge ToRemoteSequencer = new(WorkloadNames.Execution, NetworkParties.Internet, Https);

    private static readonly NetworkEdge[] Declared =
    [
        // The engine port takes blocks without question: nobody but the consensus client of the same pair.
        new(WorkloadNames.ConsensusSequencer, WorkloadNames.ExecutionSequencer, ExecutionPorts.Engine),
        new(WorkloadNames.Consensus, WorkloadNames.Execution, ExecutionPorts.Engine),

        // Blocks travel between execution clients, and unsafe blocks between consensus clients.
        .. BothTransports(WorkloadNames.Execution, WorkloadNames.Execution, ExecutionPorts.Peers),
        .. BothTransports(WorkloadNames.Execution, WorkloadNames.ExecutionSequencer, ExecutionPorts.Peers),
        .. BothTransports(WorkloadNames.ExecutionSequencer, WorkloadNames.Execution, ExecutionPorts.Peers),
        .. BothTransports(WorkloadNames.Consensus, WorkloadNames.Consensus, ConsensusPorts.Peers),
        .. BothTransports(WorkloadNames.Consensus, WorkloadNames.ConsensusSequencer, ConsensusPorts.Peers),
        .. BothTransports(WorkloadNames.ConsensusSequencer, WorkloadNames.Consensus, ConsensusPorts.Peers),

        // Transactions that a node is given go on to the sequencer; where another cloud has it, over the public endpoint.
        new(WorkloadNames.Execution, WorkloadNames.ExecutionSequencer, ExecutionPorts.Rpc),
        ToRemoteSequencer,

        // Ethereum's endpoints, and peers of the chain elsewhere.
        new(WorkloadNames.ConsensusSequencer, NetworkParties.Internet, Https),
        new(WorkloadNames.Consensus, NetworkParties.Internet, Https),
        .. BothTransports(WorkloadNames.Consensus, NetworkParties.Internet, ConsensusPorts.Peers),
        new(WorkloadNames.Batcher, NetworkParties.Internet, Https),
        new(WorkloadNames.Proposer, NetworkParties.Internet, Https),

        new(WorkloadNames.Batcher, WorkloadNames.ExecutionSequencer, ExecutionPorts.Rpc),
        new(WorkloadNames.Batcher, WorkloadNames.ConsensusSequencer, ConsensusPorts.Rpc),
        new(WorkloadNames.Batcher, WorkloadNames.Signer, SignerPort),
        new(WorkloadNames.Proposer, WorkloadNames.ConsensusSequencer, ConsensusPorts.Rpc),
        new(WorkloadNames.Proposer, WorkloadNames.Signer, SignerPort),

        // The signer asks the cloud's key service.
        new(WorkloadNames.Signer, NetworkParties.CloudIdentity, CloudIdentityPort),
        new(WorkloadNames.Signer, NetworkParties.Internet, Https),

        new(WorkloadNames.IndexerProcessor, WorkloadNames.Execution, ExecutionPorts.Rpc),
        new(WorkloadNames.IndexerProcessor, NetworkParties.Database, PostgresPort),
        new(WorkloadNames.IndexerMigrations, NetworkParties.Database, PostgresPort),
        new(WorkloadNames.Indexer, NetworkParties.Database, PostgresPort),

        new(WorkloadNames.Gateway, WorkloadNames.Execution, ExecutionPorts.Rpc),
        new(WorkloadNames.Gateway, WorkloadNames.Execution, ExecutionPorts.WebSocket),
        new(WorkloadNames.Gateway, WorkloadNames.Indexer, 4350),
        new(WorkloadNames.Gateway, WorkloadNames.Bundler, 4337),
        // What a name stands for is read from the settlement chain, and asked at the lease's own endpoint.
        new(WorkloadNames.Gateway, NetworkParties.Internet, Https),
        new(WorkloadNames.Gateway, NetworkParties.Database, PostgresPort),
        new(WorkloadNames.Bundler, WorkloadNames.Execution, ExecutionPorts.Rpc),

        // The hub finds its peers, its snapshots and two chains outside.
        new(WorkloadNames.FarcasterHub, NetworkParties.Internet, Https),
        new(WorkloadNames.FarcasterHub, NetworkParties.Internet, 3382, TransportProtocol.Udp),

        .. CovenantSql(),

        // Keys are given to the relay alone.
        new(WorkloadNames.MessagingRelay, WorkloadNames.MessagingKms, 3300),
        new(WorkloadNames.MessagingRelay, WorkloadNames.MessagingRelay, 3201),

        new(WorkloadNames.DwsAgent, NetworkParties.KubernetesApi, Https),
        new(WorkloadNames.DwsAgent, NetworkParties.Internet, Https),

        // The agent asks each leased workload by its own protocol how it is.
        new(WorkloadNames.DwsAgent, NetworkParties.Tenants, NetworkEdge.AnyPort),

        // Consumers come to the entry of the leases, through the load balancer's addresses or with their own; the agent asks each lease on the same way, because that is what its consumer has.
        new(NetworkParties.LoadBalancer, WorkloadNames.LeaseGateway, LeaseAccess.HealthPort),
        .. LeaseAccess.Ports.SelectMany(port => (NetworkEdge[])
        [
            new(NetworkParties.LoadBalancer, WorkloadNames.LeaseGateway, port),
            new(NetworkParties.Internet, WorkloadNames.LeaseGateway, port),
            new(WorkloadNames.DwsAgent, WorkloadNames.LeaseGateway, port),
            new(WorkloadNames.DwsAgent, NetworkParties.Internet, port),
            new(WorkloadNames.LeaseGateway, NetworkParties.Tenants, port),
        ]),
    ];

    /// <summary>The port of op-signer.</summary>
    public const int SignerPort = 8080;

    /// <summary>The port of the node's identity service on both clouds.</summary>
    public const int CloudIdentityPort = 80;

    /// <summary>The edges among the workloads that a cluster has, with those that follow from the endpoints and the figures' ports.</summary>
    /// <param name="workloads">The cluster's workloads.</param>
    /// <param name="endpoints">The stack's endpoints: the load balancer reaches the service and port of each public one, and nothing else.</param>
    /// <exception cref="InvalidOperationException">An endpoint has no workload.</exception>
    public static IReadOnlyList<NetworkEdge> Of(IReadOnlyList<WorkloadPlan> workloads, EndpointTable endpoints)
    {
        HashSet<string> names = [.. workloads.Select(workload => workload.Name), .. NetworkParties.All];
        return
        [
            .. Declared.Where(edge => names.Contains(edge.From) && names.Contains(edge.To)
                && !(edge == ToRemoteSequencer && names.Contains(WorkloadNames.ExecutionSequencer))),
            .. endpoints.Routed
                .Where(endpoint => endpoint.Exposure == EndpointExposure.Public)
                .Select(endpoint => new NetworkEdge(NetworkParties.LoadBalancer, workloads.Single(workload => workload.Name == endpoint.Service).Name, endpoint.Port))
                .Distinct(),
            .. workloads.Where(workload => workload.FiguresPort is not null)
                .Select(workload => new NetworkEdge(NetworkParties.Prometheus, workload.Name, workload.PortOf(workload.FiguresPort!))),
        ];
    }

    /// <summary>The rows as they are declared, for every workload of every cluster.</summary>
    public static IReadOnlyList<NetworkEdge> All => Declared;

    private static NetworkEdge[] BothTransports(string from, string to, int port) =>
        [new(from, to, port), new(from, to, port, TransportProtocol.Udp)];

    private static IEnumerable<NetworkEdge> CovenantSql()
    {
        string[] nodes = [WorkloadNames.CovenantSqlProducer, WorkloadNames.CovenantSqlMiner];
        return from one in nodes from other in nodes from port in (int[])[4661, 4662, 4663] select new NetworkEdge(one, other, port);
    }
}

/// <summary>The ports of execution clients.</summary>
public static class ExecutionPorts
{
    /// <summary>JSON-RPC over HTTP.</summary>
    public const int Rpc = 8545;

    /// <summary>JSON-RPC over WebSocket.</summary>
    public const int WebSocket = 8546;

    /// <summary>The engine API, for the consensus client alone.</summary>
    public const int Engine = 8551;

    /// <summary>Other execution clients.</summary>
    public const int Peers = 30303;

    /// <summary>Figures for Prometheus.</summary>
    public const int Metrics = 6060;
}

/// <summary>The ports of consensus clients.</summary>
public static class ConsensusPorts
{
    /// <summary>The rollup's JSON-RPC.</summary>
    public const int Rpc = 9545;

    /// <summary>Other consensus clients.</summary>
    public const int Peers = 9003;

    /// <summary>Figures for Prometheus, also of batcher and proposer.</summary>
    public const int Metrics = 7300;
}
