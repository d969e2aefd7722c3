using System.Globalization;

namespace Jeju.Infra.Core;

/// <summary>The names of the workloads of the chain services, and the host names under which they find each other.</summary>
public static class WorkloadNames
{
    /// <summary>The execution client that builds blocks.</summary>
    public const string ExecutionSequencer = "op-geth-sequencer";

    /// <summary>The execution clients that answer requests.</summary>
    public const string Execution = "op-geth";

    /// <summary>The consensus client that sequences.</summary>
    public const string ConsensusSequencer = "op-node-sequencer";

    /// <summary>The consensus clients that follow.</summary>
    public const string Consensus = "op-node";

    /// <summary>Writes the chain's transactions to Ethereum.</summary>
    public const string Batcher = "op-batcher";

    /// <summary>Writes the chain's outputs to Ethereum.</summary>
    public const string Proposer = "op-proposer";

    /// <summary>Signs for batcher and proposer.</summary>
    public const string Signer = "op-signer";

    /// <summary>Answers queries of the index.</summary>
    public const string Indexer = "indexer";

    /// <summary>Writes the index.</summary>
    public const string IndexerProcessor = "indexer-processor";

    /// <summary>Brings the index's tables to the newest form.</summary>
    public const string IndexerMigrations = "indexer-migrations";

    /// <summary>The public API.</summary>
    public const string Gateway = "gateway";

    /// <summary>The bundler of account abstraction.</summary>
    public const string Bundler = "bundler";

    /// <summary>The Farcaster hub.</summary>
    public const string FarcasterHub = "farcaster-hub";

    /// <summary>CovenantSQL's block producer.</summary>
    public const string CovenantSqlProducer = "covenantsql-producer";

    /// <summary>CovenantSQL's miners.</summary>
    public const string CovenantSqlMiner = "covenantsql-miner";

    /// <summary>The messaging relay.</summary>
    public const string MessagingRelay = "messaging-relay";

    /// <summary>The key service of messaging.</summary>
    public const string MessagingKms = "messaging-kms";

    /// <summary>The agent of the network's own provider node.</summary>
    public const string DwsAgent = "dws-agent";

    /// <summary>The entry of the leases that the agent runs.</summary>
    public const string LeaseGateway = "lease-gateway";

    /// <summary>The name of the service without an address of its own that gives each pod of a stateful workload a host name.</summary>
    /// <param name="workload">The workload.</param>
    public static string PeersOf(string workload) => $"{workload}-peers";

    /// <summary>The host name of all pods of a workload.</summary>
    /// <param name="plan">The workload.</param>
    public static string HostOf(WorkloadPlan plan) => $"{plan.Name}.{plan.Namespace}.svc.cluster.local";

    /// <summary>The host name of one pod of a stateful workload.</summary>
    /// <param name="plan">The workload.</param>
    /// <param name="ordinal">The pod's number as text, from 0; a reference to a variable such as <c>$(POD_INDEX)</c> is fine.</param>
    public static string HostOf(WorkloadPlan plan, string ordinal) => $"{plan.Name}-{ordinal}.{PeersOf(plan.Name)}.{plan.Namespace}.svc.cluster.local";

    /// <summary>The host name of one pod of a stateful workload.</summary>
    /// <param name="plan">The workload.</param>
    /// <param name="ordinal">The pod's number, from 0.</param>
    public static string HostOf(WorkloadPlan plan, int ordinal) => HostOf(plan, ordinal.ToString(CultureInfo.InvariantCulture));
}
