using System.Text.Json.Nodes;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Core;

public sealed class RollupBundleTests
{
    private static readonly string Zero32 = "0x" + new string('0', 64);
    private static readonly string Zero20 = "0x" + new string('0', 40);

    /// <summary>What is changed in a good bundle, and a part of the message that must answer it.</summary>
    public static TheoryData<string, string?, string> Wrong => new()
    {
        { "rollup.l2_chain_id", "420691", "rollup.l2_chain_id is 420691; the chain of this network is 420690" },
        { "rollup.l2_chain_id", null, "rollup.l2_chain_id is missing or no whole number" },
        { "genesis.chainId", "1", "genesis.chainId is 1, and rollup.l2_chain_id is 420690" },
        { "rollup.l1_chain_id", "84532", "rollup.l1_chain_id is 84532; the chain of this network is a rollup on 11155111" },
        { "rollup.block_time", "0", "rollup.block_time is 0; it is 1 to 12 seconds" },
        { "rollup.block_time", "13", "rollup.block_time is 13; it is 1 to 12 seconds" },
        { "genesis.timestamp", "5", "genesis.timestamp is 5, and rollup.genesis.l2_time is 1770000000" },
        { "rollup.genesis.l2.number", "7", "a new chain begins with block 0" },
        { "genesis.hash", $"\"{Zero32}\"", "genesis.hash is zero" },
        { "genesis.hash", $"\"0x{new string('1', 64)}\"", "and rollup.genesis.l2.hash is 0xaaaa" },
        { "rollup.genesis.l2.hash", $"\"{Zero32}\"", "rollup.genesis.l2.hash is zero" },
        { "rollup.genesis.l1.hash", $"\"{Zero32}\"", "rollup.genesis.l1.hash is zero" },
        { "rollup.genesis.l1.hash", "\"0x12\"", "rollup.genesis.l1.hash is missing or no hash of 32 bytes" },
        { "genesis.sha256", null, "genesis.sha256 is missing or no hash of 32 bytes" },
        { "genesis.sha256", $"\"{Zero32}\"", "genesis.sha256 is zero" },
        { "disputeGameFactory", $"\"{Zero20}\"", "disputeGameFactory is the zero address" },
        { "disputeGameFactory", "\"somewhere\"", "disputeGameFactory is missing or no address" },
        { "rollup.batch_inbox_address", $"\"{Zero20}\"", "rollup.batch_inbox_address is the zero address" },
        { "rollup.deposit_contract_address", $"\"{Zero20}\"", "rollup.deposit_contract_address is the zero address" },
        { "rollup.l1_system_config_address", null, "rollup.l1_system_config_address is missing or no address" },
        { "batcher", "\"0x00000000000000000000000000000000000000bc\"", "and rollup.genesis.system_config.batcherAddr is 0x00000000000000000000000000000000000000ba" },
        { "proposer", "\"0x00000000000000000000000000000000000000ba\"", "two programs with one key race for its nonces" },
    };

    [Fact]
    public void AConsistentBundleIsRead()
    {
        RollupBundle bundle = RollupBundle.Read("bundle.json", Good().ToJsonString(), NetworkName.Testnet);

        Assert.Equal((ChainId.Sepolia, ChainId.JejuTestnet, 2), (bundle.L1ChainId, bundle.L2ChainId, bundle.BlockTime));
        Assert.Equal(Address.Parse("0x00000000000000000000000000000000000000d9"), bundle.DisputeGameFactory);
        Assert.Equal(new string('5', 64), bundle.GenesisSha256);
        Assert.Equal("2", JsonNode.Parse(bundle.RollupJson)!["block_time"]!.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void AContradiction_IsNamed(string path, string? value, string message)
    {
        JsonObject bundle = Good();
        string[] steps = path.Split('.');
        JsonObject parent = steps[..^1].Aggregate(bundle, (node, step) => node[step]!.AsObject());
        parent.Remove(steps[^1]);
        if (value is not null)
        {
            parent[steps[^1]] = JsonNode.Parse(value);
        }

        InfraException error = Assert.Throws<InfraException>(() => RollupBundle.Read("bundle.json", bundle.ToJsonString(), NetworkName.Testnet));

        Assert.Equal("JEJU0746", error.Code.ToString());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBundleOfTestnet_IsRefusedOnMainnetWithEverythingThatIsWrong()
    {
        InfraException error = Assert.Throws<InfraException>(() => RollupBundle.Read("bundle.json", Good().ToJsonString(), NetworkName.Mainnet));

        Assert.Contains("the chain of this network is 420691", error.Message, StringComparison.Ordinal);
        Assert.Contains("a rollup on 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNoJson_IsRefused() =>
        Assert.Equal("JEJU0745", Assert.Throws<InfraException>(() => RollupBundle.Read("bundle.json", "genesis:", NetworkName.Testnet)).Code.ToString());

    /// <summary>A bundle that holds together; its hashes are made up and belong to no chain.</summary>
    internal static JsonObject Good() => JsonNode.Parse($$"""
        {
          "genesis": { "chainId": 420690, "timestamp": 1770000000, "hash": "0x{{new string('a', 64)}}", "sha256": "0x{{new string('5', 64)}}" },
          "rollup": {
            "genesis": {
              "l1": { "hash": "0x{{new string('b', 64)}}", "number": 9000000 },
              "l2": { "hash": "0x{{new string('a', 64)}}", "number": 0 },
              "l2_time": 1770000000,
              "system_config": { "batcherAddr": "0x00000000000000000000000000000000000000ba", "gasLimit": 60000000 }
            },
            "block_time": 2,
            "l1_chain_id": 11155111,
            "l2_chain_id": 420690,
            "batch_inbox_address": "0x00000000000000000000000000000000000000b1",
            "deposit_contract_address": "0x00000000000000000000000000000000000000de",
            "l1_system_config_address": "0x000000000000000000000000000000000000005c"
          },
          "disputeGameFactory": "0x00000000000000000000000000000000000000d9",
          "batcher": "0x00000000000000000000000000000000000000ba",
          "proposer": "0x00000000000000000000000000000000000000be"
        }
        """)!.AsObject();
}
