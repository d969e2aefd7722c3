using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Core;

public sealed class WorkloadPlanTests
{
    private static readonly EndpointTable Endpoints = EndpointTable.For("testnet.jejunetwork.org");

    public static TheoryData<NetworkName, CloudName, bool> Clusters => new()
    {
        { NetworkName.Testnet, CloudName.Aws, true },
        { NetworkName.Testnet, CloudName.Aws, false },
        { NetworkName.Testnet, CloudName.Gcp, true },
        { NetworkName.Testnet, CloudName.Gcp, false },
        { NetworkName.Mainnet, CloudName.Aws, true },
        { NetworkName.Mainnet, CloudName.Aws, false },
        { NetworkName.Mainnet, CloudName.Gcp, true },
        { NetworkName.Mainnet, CloudName.Gcp, false },
    };

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryWorkloadRunsOnAGroupOfItsCluster(NetworkName network, CloudName cloud, bool sequences)
    {
        IReadOnlyList<NodeGroup> groups = NodeGroups.For(network, cloud);

        Assert.All(Plan(network, cloud, sequences), workload => Assert.Contains(workload.Nodes, groups));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryPodFitsOnANodeOfItsGroupAndAllOfThemOnTheLargestGroup(NetworkName network, CloudName cloud, bool sequences)
    {
        foreach (IGrouping<NodeGroup, WorkloadPlan> group in Plan(network, cloud, sequences).GroupBy(workload => workload.Nodes))
        {
            (int millicores, int mebibytes) = MachineSize.Find(cloud, group.Key.MachineType)!.Room;
            Assert.All(group, workload => Assert.InRange(workload.Resources.Millicores, 1, millicores));
            Assert.All(group, workload => Assert.InRange(workload.Resources.MemoryMebibytes, 1, mebibytes));

            // Three quarters of the largest group: pods do not fill nodes to the last byte, and operators are there too. What is really planned is added up by the policy (JEJU0915).
            Assert.InRange(group.Sum(workload => Most(workload) * workload.Resources.Millicores), 1, millicores * group.Key.Maximum * 3 / 4);
            Assert.InRange(group.Sum(workload => Most(workload) * workload.Resources.MemoryMebibytes), 1, mebibytes * group.Key.Maximum * 3 / 4);
        }

        static int Most(WorkloadPlan workload) => workload.Scaling?.Maximum ?? workload.Replicas;
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryWorkloadButAJobHasAHealthCheckAndFiguresOnPortsOfItsOwn(NetworkName network, CloudName cloud, bool sequences)
    {
        IReadOnlyList<WorkloadPlan> workloads = Plan(network, cloud, sequences);
        WorkloadPlan[] serving = [.. workloads.Where(workload => workload.Kind != WorkloadKind.Job)];

        Assert.Equal([WorkloadNames.IndexerMigrations], workloads.Except(serving).Select(workload => workload.Name));
        Assert.All(serving, workload =>
        {
            Assert.Contains(workload.Ports, port => port.Name == workload.Health!.Port);
            Assert.Contains(workload.Ports, port => port.Name == workload.FiguresPort);
            Assert.All(workload.Ports, port => Assert.InRange(port.Number, 1024, 65535));
            Assert.All(workload.Ports, port => Assert.Matches("^[a-z][a-z0-9-]{0,14}$", port.Name));
            Assert.Equal(workload.Ports.Count, workload.Ports.Select(port => (port.Number, port.Protocol)).Distinct().Count());
        });
        Assert.Equal(workloads.Count, workloads.Select(workload => workload.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void StateIsKeptByStatefulPodsAlone(NetworkName network, CloudName cloud, bool sequences) =>
        Assert.All(Plan(network, cloud, sequences), workload => Assert.Equal(workload.Kind == WorkloadKind.StatefulSet && workload.Name != WorkloadNames.Bundler, workload.Volume is not null));

    /// <summary>Two pods with one key send two bundles with one nonce.</summary>
    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryPodOfTheBundlerHasAKeyOfItsOwn(NetworkName network, CloudName cloud, bool sequences)
    {
        WorkloadSizes sizes = WorkloadSizes.For(network) with { BundlerReplicas = 5 };
        WorkloadPlan bundler = WorkloadPlans.For(network, NodeGroups.For(network, cloud), sequences, sizes).Single(workload => workload.Name == WorkloadNames.Bundler);
        ClusterSecret keys = SecretCatalog.For(sizes).Single(secret => secret.Name == Assert.Single(bundler.Secrets).Name);

        Assert.Equal((WorkloadKind.StatefulSet, 5), (bundler.Kind, bundler.Replicas));
        Assert.Equal(["bundler-0.key", "bundler-1.key", "bundler-2.key", "bundler-3.key", "bundler-4.key"], keys.Keys);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EverySecretIsOneOfTheWorkloadsOwnNamespace(NetworkName network, CloudName cloud, bool sequences) =>
        Assert.All(Plan(network, cloud, sequences), workload => Assert.All(workload.Secrets, secret =>
        {
            Assert.Equal(workload.Namespace, secret.Namespace);
            Assert.Contains(secret, SecretCatalog.All);
        }));

    [Theory]
    [MemberData(nameof(Clusters))]
    public void ReplicasAreThoseOfTheDesign(NetworkName network, CloudName cloud, bool sequences)
    {
        Dictionary<string, WorkloadPlan> workloads = Plan(network, cloud, sequences).ToDictionary(workload => workload.Name);
        foreach (string single in (string[])[WorkloadNames.ExecutionSequencer, WorkloadNames.ConsensusSequencer, WorkloadNames.Batcher, WorkloadNames.Proposer])
        {
            Assert.Equal(sequences, workloads.ContainsKey(single));
            Assert.Equal(1, workloads.GetValueOrDefault(single)?.Replicas ?? 1);
        }

        Assert.Equal(sequences, workloads.ContainsKey(WorkloadNames.Signer));
        foreach (string several in (string[])[WorkloadNames.Execution, WorkloadNames.Indexer, WorkloadNames.Gateway, WorkloadNames.Bundler])
        {
            Assert.InRange(workloads[several].Replicas, 2, 100);
        }

        Assert.Equal(workloads[WorkloadNames.Execution].Replicas, workloads[WorkloadNames.Consensus].Replicas);
        Assert.Equal((1, true), (workloads[WorkloadNames.IndexerProcessor].Replicas, workloads[WorkloadNames.IndexerProcessor].IsReplacedAtOnce));
        Assert.Equal((1, 3), (workloads[WorkloadNames.CovenantSqlProducer].Replicas, workloads[WorkloadNames.CovenantSqlMiner].Replicas));
        Assert.InRange(workloads[WorkloadNames.MessagingRelay].Replicas, 3, 100);
        Assert.Equal(2, workloads[WorkloadNames.MessagingKms].Replicas);
        Assert.Equal(network == NetworkName.Mainnet ? 1500 : 200, workloads[WorkloadNames.FarcasterHub].Volume!.Gigabytes);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryRoutedEndpointHasAWorkloadThatListensThere(NetworkName network, CloudName cloud, bool sequences)
    {
        IReadOnlyList<WorkloadPlan> workloads = Plan(network, cloud, sequences);

        Assert.All(Endpoints.Routed, endpoint =>
        {
            WorkloadPlan workload = Assert.Single(workloads, workload => workload.Name == endpoint.Service);
            Assert.True(workload.HasSharedAddress);
            Assert.Contains(workload.Ports, port => port.Number == endpoint.Port && !port.IsPerPod && port.Name != workload.FiguresPort);
        });
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void BothEndsOfEveryEdgeExistAndTheOtherEndListens(NetworkName network, CloudName cloud, bool sequences)
    {
        IReadOnlyList<WorkloadPlan> workloads = Plan(network, cloud, sequences);
        HashSet<string> ends = [.. workloads.Select(workload => workload.Name), .. NetworkParties.All];
        IReadOnlyList<NetworkEdge> edges = NetworkEdges.Of(workloads, Endpoints);

        Assert.Equal(edges.Count, edges.Distinct().Count());
        Assert.All(edges, edge =>
        {
            Assert.Contains(edge.From, ends);
            Assert.Contains(edge.To, ends);
            Assert.True(
                workloads.SingleOrDefault(workload => workload.Name == edge.To)?.Ports.Any(port => (port.Number, port.Protocol) == (edge.Port, edge.Protocol)) ?? true,
                $"{edge.To} does not listen on {edge.Port}/{edge.Protocol}");
        });
        Assert.All(workloads.Where(workload => workload.Kind != WorkloadKind.Job), workload =>
            Assert.Contains(edges, edge => edge.From == NetworkParties.Prometheus && edge.To == workload.Name));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void TheEnginePortIsForTheConsensusClientOfThePairAlone(NetworkName network, CloudName cloud, bool sequences)
    {
        NetworkEdge[] engine = [.. Edges(network, cloud, sequences).Where(edge => edge.Port == ExecutionPorts.Engine)];

        Assert.Equal(sequences ? 2 : 1, engine.Length);
        Assert.Contains(new NetworkEdge(WorkloadNames.Consensus, WorkloadNames.Execution, ExecutionPorts.Engine), engine);
        Assert.Equal(sequences, engine.Contains(new NetworkEdge(WorkloadNames.ConsensusSequencer, WorkloadNames.ExecutionSequencer, ExecutionPorts.Engine)));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void KeysOfMessagesAreGivenToTheRelayAndSignaturesToBatcherAndProposerAlone(NetworkName network, CloudName cloud, bool sequences)
    {
        IReadOnlyList<NetworkEdge> edges = Edges(network, cloud, sequences);

        Assert.Equal([WorkloadNames.MessagingRelay], edges.Where(edge => edge.To == WorkloadNames.MessagingKms && edge.Port == 3300).Select(edge => edge.From));
        Assert.Equal(
            sequences ? [WorkloadNames.Batcher, WorkloadNames.Proposer] : [],
            edges.Where(edge => edge.To == WorkloadNames.Signer && edge.Port == NetworkEdges.SignerPort).Select(edge => edge.From));
        Assert.DoesNotContain(edges, edge => edge.From == WorkloadNames.MessagingKms);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void OnlyThoseReachTheInternetThatNeedIt(NetworkName network, CloudName cloud, bool sequences)
    {
        string[] outside = [.. Edges(network, cloud, sequences).Where(edge => edge.To == NetworkParties.Internet).Select(edge => edge.From).Distinct().Order()];

        Assert.Equal(
            sequences
                ? [WorkloadNames.DwsAgent, WorkloadNames.FarcasterHub, WorkloadNames.Gateway, WorkloadNames.Batcher, WorkloadNames.Consensus, WorkloadNames.ConsensusSequencer, WorkloadNames.Proposer, WorkloadNames.Signer]
                : [WorkloadNames.DwsAgent, WorkloadNames.FarcasterHub, WorkloadNames.Gateway, WorkloadNames.Execution, WorkloadNames.Consensus],
            outside);
    }

    [Fact]
    public void TheLoadBalancerReachesPublicEndpointsAndNothingElse()
    {
        NetworkEdge[] edges = [.. Edges(NetworkName.Mainnet, CloudName.Aws, true).Where(edge => edge.From == NetworkParties.LoadBalancer)];

        Assert.Equal(
            Endpoints.Routed.Where(endpoint => endpoint.Exposure == EndpointExposure.Public).Select(endpoint => (endpoint.Service, endpoint.Port))
                .Concat(LeaseAccess.Ports.Append(LeaseAccess.HealthPort).Select(port => (WorkloadNames.LeaseGateway, port))).ToHashSet(),
            edges.Select(edge => (edge.To, edge.Port)).ToHashSet());
        Assert.DoesNotContain(edges, edge => edge.To == WorkloadNames.MessagingKms || edge.Port is ExecutionPorts.Engine or ExecutionPorts.Metrics or WorkloadPlan.MetricsPort);
    }

    [Fact]
    public void TheChainIsARollupOnEthereumAndNeverOnTheChainThatContractsSettleOn() =>
        Assert.All(NetworkProfile.All.Where(profile => profile.Name != NetworkName.Localnet), profile =>
        {
            Assert.NotEqual(profile.SettlementChain, RollupChain.Of(profile.Name).L1);
            Assert.Contains(RollupChain.Of(profile.Name), (RollupChain[])[new(ChainId.Sepolia, ChainId.JejuTestnet), new(ChainId.Ethereum, ChainId.Jeju)]);
        });

    private static IReadOnlyList<WorkloadPlan> Plan(NetworkName network, CloudName cloud, bool sequences) =>
        WorkloadPlans.For(network, cloud, sequences);

    private static IReadOnlyList<NetworkEdge> Edges(NetworkName network, CloudName cloud, bool sequences) =>
        NetworkEdges.Of(Plan(network, cloud, sequences), Endpoints);
}
