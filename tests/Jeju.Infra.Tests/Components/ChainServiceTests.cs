using System.Text.Json.Nodes;
using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Stacks;
using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.Architecture;
using Jeju.Infra.Tests.Core;
using Jeju.Infra.Tests.Stacks;
using Pulumi;
using Pulumi.Testing;

namespace Jeju.Infra.Tests.Components;

public sealed class ChainServiceTests
{
    private static readonly RollupBundle Bundle = RollupBundle.Read("bundle.json", RollupBundleTests.Good().ToJsonString(), NetworkName.Testnet);

    [Fact]
    public async Task EveryProgramOfTheChainReadsTheOneBundle()
    {
        JsonNode planned = await PlanAsync(Bundle, ExecutionClient.OpGeth);

        JsonNode data = planned["kubernetes:core/v1:ConfigMap::test"]!["data"]!;
        Assert.Equal(Bundle.RollupJson, data["rollup.json"]!.GetValue<string>());
        Assert.Equal($"{new string('5', 64)}  genesis.json\n", data["genesis.sha256"]!.GetValue<string>());
        Assert.Equal(Bundle.DisputeGameFactory.ToString(), data["dispute-game-factory"]!.GetValue<string>());
        JsonNode factory = Container(planned["kubernetes:apps/v1:Deployment::test-proposer"]!)["env"]!.AsArray()
            .Single(variable => variable!["name"]!.GetValue<string>() == "OP_PROPOSER_GAME_FACTORY_ADDRESS")!["valueFrom"]!["configMapKeyRef"]!;
        Assert.Equal(("rollup-bundle", "dispute-game-factory"), (factory["name"]!.GetValue<string>(), factory["key"]!.GetValue<string>()));
    }

    [Fact]
    public async Task TheSignerLetsEachClientDoOneThing()
    {
        JsonNode config = SignerConfig(await PlanAsync(Bundle, ExecutionClient.OpGeth));

        Assert.Equal("AWS", config["provider"]!.GetValue<string>());
        JsonNode[] clients = [.. config["auth"]!.AsArray().OfType<JsonNode>()];
        Assert.Equal(["batcher-key", "proposer-key"], clients.Select(client => client["key"]!.GetValue<string>()));
        Assert.Equal([Bundle.BatchInbox.ToString(), Bundle.DisputeGameFactory.ToString()], clients.Select(client => client["toAddresses"]!.AsArray().Single()!.GetValue<string>()));
        Assert.Equal([Bundle.Batcher.ToString(), Bundle.Proposer.ToString()], clients.Select(client => client["fromAddress"]!.GetValue<string>()));
        Assert.Equal(["0x0", "0x11c37937e080000"], clients.Select(client => client["maxValue"]!.GetValue<string>()));
        Assert.All(clients, client => Assert.Equal(11155111, client["chainID"]!.GetValue<int>()));
        Assert.Equal("op-batcher.op-stack.svc.cluster.local", clients[0]["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task WithoutABundleTheSignerSignsForNobodyAndNobodyWaitsForTheClients()
    {
        JsonNode planned = await PlanAsync(null, ExecutionClient.OpGeth);

        Assert.Empty(SignerConfig(planned)["auth"]!.AsArray());
        Assert.Null(planned["kubernetes:core/v1:ConfigMap::test"]);
        Assert.Equal("true", planned["kubernetes:apps/v1:StatefulSet::test-geth-rpc"]!["metadata"]!["annotations"]!["pulumi.com/skipAwait"]!.GetValue<string>());
        Assert.Null(planned["kubernetes:apps/v1:Deployment::test-signer"]!["metadata"]!["annotations"]);
    }

    [Theory]
    [InlineData(ExecutionClient.OpGeth, "geth", "init")]
    [InlineData(ExecutionClient.OpReth, "op-reth", null)]
    public async Task TheExecutionClientIsASettingAndBeginsFromTheCheckedGenesis(ExecutionClient client, string program, string? initialization)
    {
        JsonNode pod = (await PlanAsync(Bundle, client))["kubernetes:apps/v1:StatefulSet::test-geth-sequencer"]!["spec"]!["template"]!["spec"]!;

        Assert.Equal(program, pod["containers"]![0]!["command"]![0]!.GetValue<string>());
        JsonArray preparations = pod["initContainers"]!.AsArray();
        Assert.Contains("sha256sum -c /rollup/genesis.sha256", preparations[0]!["args"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(initialization, preparations.Count > 1 ? preparations[1]!["command"]![1]!.GetValue<string>() : null);
        Assert.All(preparations, container => Assert.DoesNotContain(container!["volumeMounts"]!.AsArray(), mount => mount!["mountPath"]!.GetValue<string>().StartsWith("/secrets", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task EachConsensusClientDrivesTheExecutionClientOfItsNumberWithTheSharedSecret()
    {
        JsonNode planned = await PlanAsync(Bundle, ExecutionClient.OpGeth);

        JsonNode follower = planned["kubernetes:apps/v1:StatefulSet::test-node-follower"]!;
        Assert.Equal("http://op-geth-$(POD_INDEX).op-geth-peers.op-stack.svc.cluster.local:8551", Variable(follower, "OP_NODE_L2_ENGINE_RPC"));
        Assert.Equal("POD_INDEX", Container(follower)["env"]![0]!["name"]!.GetValue<string>());
        foreach (string name in (string[])["test-geth-rpc", "test-geth-sequencer", "test-node-follower", "test-node-sequencer"])
        {
            Assert.Contains(
                planned[$"kubernetes:apps/v1:StatefulSet::{name}"]!["spec"]!["template"]!["spec"]!["volumes"]!.AsArray(),
                volume => volume!["secret"]?["secretName"]?.GetValue<string>() == SecretCatalog.EngineJwt.Name);
        }
    }

    /// <summary>Nobody has to look up who the sequencer is among its peers: it has a key that is known beforehand, and those that follow it have the id that follows from it.</summary>
    [Fact]
    public async Task ThoseThatFollowTheSequencerKnowItByTheKeyThatItIsGiven()
    {
        JsonNode planned = await PlanAsync(Bundle, ExecutionClient.OpReth);
        JsonNode sequencer = planned["kubernetes:apps/v1:StatefulSet::test-node-sequencer"]!;
        JsonNode follower = planned["kubernetes:apps/v1:StatefulSet::test-node-follower"]!;
        JsonNode volume = sequencer["spec"]!["template"]!["spec"]!["volumes"]!.AsArray().Single(volume => volume!["secret"]?["secretName"]?.GetValue<string>() == SecretCatalog.SequencerPeer.Name)!;
        JsonNode mount = Container(sequencer)["volumeMounts"]!.AsArray().Single(mount => mount!["name"]!.GetValue<string>() == volume["name"]!.GetValue<string>())!;

        Assert.Equal($"{mount["mountPath"]}/{SecretCatalog.SequencerPeer.OnlyKey}", Variable(sequencer, "OP_NODE_P2P_PRIV_PATH"));
        Assert.Equal(
            "/dns4/op-node-sequencer-0.op-node-sequencer-peers.op-stack.svc.cluster.local/tcp/9003/p2p/16Uiu2HAmE1zd,/ip4/203.0.113.7/tcp/9003/p2p/16Uiu2HAmB",
            Variable(follower, "OP_NODE_P2P_STATIC"));
        Assert.Equal("/ip4/203.0.113.7/tcp/9003/p2p/16Uiu2HAmB", Variable(sequencer, "OP_NODE_P2P_STATIC"));

        // The key is the sequencer's alone.
        Assert.DoesNotContain(follower["spec"]!["template"]!["spec"]!["volumes"]!.AsArray(), volume => volume!["secret"]?["secretName"]?.GetValue<string>() == SecretCatalog.SequencerPeer.Name);
    }

    [Theory]
    [InlineData(ExecutionClient.OpGeth, "geth")]
    [InlineData(ExecutionClient.OpReth, "reth")]
    public async Task TheBatcherMaySetTheSizeOfBlocksAtTheSequencerAndNobodyAnywhereElse(ExecutionClient client, string kind)
    {
        JsonNode planned = await PlanAsync(Bundle, client);

        Assert.Equal("--http.api=eth,net,web3,miner", Argument(planned, "test-geth-sequencer", "--http.api="));
        Assert.Equal("--http.api=eth,net,web3", Argument(planned, "test-geth-rpc", "--http.api="));
        Assert.All((string[])["test-geth-sequencer", "test-geth-rpc"], name => Assert.Equal("--ws.api=eth,net,web3", Argument(planned, name, "--ws.api=")));
        Assert.All((string[])["test-node-sequencer", "test-node-follower"], name =>
            Assert.Equal(kind, Variable(planned[$"kubernetes:apps/v1:StatefulSet::{name}"]!, "OP_NODE_L2_ENGINE_KIND")));

        // No endpoint of the stack leads to the sequencer.
        Assert.DoesNotContain(EndpointTable.For("testnet.jejunetwork.org").Routed, endpoint => endpoint.Service == WorkloadNames.ExecutionSequencer);
    }

    [Fact]
    public async Task AWithdrawalCanBeProvenAtTheBlockOfAnOutputThatIsHoursOld() =>
        Assert.Equal("--rpc.eth-proof-window=7200", Argument(await PlanAsync(Bundle, ExecutionClient.OpReth), "test-geth-rpc", "--rpc.eth-proof-window="));

    [Fact]
    public async Task TheGatewayReadsTheContractsOfNamesFromAFileThatMayComeLater()
    {
        JsonNode planned = await PlanAsync(Bundle, ExecutionClient.OpReth);
        JsonNode pod = planned["kubernetes:apps/v1:Deployment::test-gateway"]!["spec"]!["template"]!["spec"]!;
        JsonNode names = JsonNode.Parse(planned["kubernetes:core/v1:ConfigMap::test-gateway"]!["data"]!["gateway.json"]!.GetValue<string>())!["names"]!;
        JsonNode declared = planned["kubernetes:core/v1:ConfigMap::test-names"]!;

        JsonNode volume = pod["volumes"]!.AsArray().Single(volume => volume!["configMap"]?["name"]?.GetValue<string>() == declared["metadata"]!["name"]!.GetValue<string>())!;
        Assert.True(volume["configMap"]!["optional"]!.GetValue<bool>());
        Assert.Equal("gateway", declared["metadata"]!["namespace"]!.GetValue<string>());
        string folder = pod["containers"]![0]!["volumeMounts"]!.AsArray().Single(mount => mount!["name"]!.GetValue<string>() == volume["name"]!.GetValue<string>())!["mountPath"]!.GetValue<string>();
        KeyValuePair<string, JsonNode?> file = Assert.Single(declared["data"]!.AsObject());
        Assert.Equal($"{folder}/{file.Key}", names["contractsFile"]!.GetValue<string>());
        Assert.Equal(84532, names["chainId"]!.GetValue<int>());
        JsonNode contracts = JsonNode.Parse(file.Value!.GetValue<string>())!;
        Assert.Equal((Bundle.Batcher.ToString(), Bundle.Proposer.ToString()), (contracts["registry"]!.GetValue<string>(), contracts["externalChainProvider"]!.GetValue<string>()));
    }

    [Fact]
    public async Task NobodyWaitsForTheHubsSnapshotAndItsIdentityIsTheKeyOfItsSecret()
    {
        JsonNode planned = await PlanAsync(Bundle, ExecutionClient.OpReth);
        JsonNode hub = planned["kubernetes:apps/v1:StatefulSet::test-farcaster-hub"]!;

        Assert.Equal("true", hub["metadata"]!["annotations"]!["pulumi.com/skipAwait"]!.GetValue<string>());
        Assert.Contains(Container(hub)["env"]!.AsArray(), variable => variable!["name"]!.GetValue<string>() == "SNAPCHAIN_CONSENSUS__PRIVATE_KEY"
            && variable["valueFrom"]!["secretKeyRef"]!["key"]!.GetValue<string>() == "identity-key");
        Assert.EndsWith("[[consensus.validator_sets]]", planned["kubernetes:core/v1:ConfigMap::test-farcaster-hub"]!["data"]!["config.toml"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(planned["kubernetes:apps/v1:StatefulSet::test-geth-rpc"]!["metadata"]!["annotations"]);
    }

    [Fact]
    public void PublicImagesAreAtExactVersionsAndOwnOnesInTheCloudsRegistry()
    {
        ImageLock none = ImageLock.Read(new RepositoryLayout(Path.Combine(Checkout.Layout.Root, "contracts", "src")));
        ChainImages images = new("registry.example/jeju", new ImageSettings { Release = "1.2.0" }, none);

        Assert.Equal("registry.example/jeju/indexer:1.2.0", images.Own("indexer"));
        Assert.Throws<InvalidOperationException>(() => images.Own("nginx"));
        Assert.All(PublicImages.All, image => Assert.Matches(@"^[a-z0-9.-]+(/[a-z0-9._-]+)+:v?[0-9]+\.[0-9]+[A-Za-z0-9.-]*$", image));
    }

    [Fact]
    public void TheGatewayPassesNothingOnThatAdministersOrTraces()
    {
        Assert.Empty(GatewayLimits.Default.Namespaces.Intersect(GatewayLimits.Forbidden));
        Assert.All(GatewayLimits.Default.Units.Keys, method => Assert.Contains(method.Split('_')[0], GatewayLimits.Default.Namespaces));
    }

    private static JsonNode SignerConfig(JsonNode planned) => JsonNode.Parse(planned["kubernetes:core/v1:ConfigMap::test-signer"]!["data"]!["config.yaml"]!.GetValue<string>())!;

    private static JsonNode Container(JsonNode workload) => workload["spec"]!["template"]!["spec"]!["containers"]![0]!;

    private static string? Variable(JsonNode workload, string name) =>
        Container(workload)["env"]!.AsArray().Single(variable => variable!["name"]!.GetValue<string>() == name)!["value"]?.GetValue<string>();

    private static string Argument(JsonNode planned, string name, string start) =>
        Container(planned[$"kubernetes:apps/v1:StatefulSet::{name}"]!)["args"]!.AsArray().Select(argument => argument!.GetValue<string>())
            .Single(argument => argument.StartsWith(start, StringComparison.Ordinal));

    private static async Task<JsonNode> PlanAsync(RollupBundle? bundle, ExecutionClient client)
    {
        PlannedResources planned = new();
        await Deployment.TestAsync(planned, new TestOptions { ProjectName = "jeju-infra", StackName = "testnet", IsPreview = false }, () =>
        {
            ChainCluster cluster = new(
                NetworkProfile.Testnet,
                CloudName.Aws,
                NodeGroups.For(NetworkName.Testnet, CloudName.Aws),
                sequences: true,
                WorkloadSizes.For(NetworkName.Testnet),
                EndpointTable.For("testnet.jejunetwork.org"))
            { Bundle = bundle };
            _ = new RollupConfiguration("test", new RollupConfigurationArgs { Cluster = cluster });
            _ = new OpGeth("test-geth", new OpGethArgs { Cluster = cluster, Client = client, Image = "client:1.0.0", GenesisImage = "genesis:1.0.0", RemoteSequencer = "https://rpc.example" });
            _ = new OpNode("test-node", new OpNodeArgs { Cluster = cluster, Client = client, Image = "node:1.0.0", SequencerPeerId = "16Uiu2HAmE1zd", StaticPeers = ["/ip4/203.0.113.7/tcp/9003/p2p/16Uiu2HAmB"] });
            _ = new OpSigner("test", new OpSignerArgs { Cluster = cluster, Image = "signer:1.0.0", BatcherKey = "batcher-key", ProposerKey = "proposer-key" });
            _ = new OpProposer("test", new OpProposerArgs { Cluster = cluster, Image = "proposer:1.0.0" });
            _ = new Gateway("test", new GatewayArgs { Cluster = cluster, Image = "gateway:1.0.0", DatabaseHost = "database", Endpoints = EndpointTable.For("testnet.jejunetwork.org"), ChainEndpoint = "https://chain.example" });
            _ = new GatewayNames("test-names", new GatewayNamesArgs { Registry = Bundle.Batcher.ToString(), ExternalChainProvider = Bundle.Proposer.ToString() });
            _ = new FarcasterHub("test", new FarcasterHubArgs { Cluster = cluster, Image = "hub:1.0.0", FiguresImage = "figures:1.0.0", ValidatorSets = "[[consensus.validator_sets]]" });
            return new Dictionary<string, object?>();
        });
        return JsonNode.Parse(planned.ToJson())!;
    }
}
