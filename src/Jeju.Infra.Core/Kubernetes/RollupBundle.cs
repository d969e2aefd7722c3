using System.Text.Json;

namespace Jeju.Infra.Core;

/// <summary>
/// The one artifact from which execution and consensus clients, batcher, proposer and signer take what they know of the chain: the rollup configuration as op-node reads it, the facts of the genesis
/// block that it must belong to, and the addresses on Ethereum. The genesis state itself is too large for a cluster's objects; it is pinned by its hash.
/// </summary>
/// <param name="RollupJson">The rollup configuration, as op-node reads it.</param>
/// <param name="GenesisHash">The hash of the chain's first block.</param>
/// <param name="GenesisSha256">The SHA-256 of the file <c>genesis.json</c>, in hexadecimal without a prefix.</param>
/// <param name="L1ChainId">The chain that batches go to.</param>
/// <param name="L2ChainId">The chain.</param>
/// <param name="BlockTime">Seconds between two blocks.</param>
/// <param name="BatchInbox">Where the batcher sends batches.</param>
/// <param name="DisputeGameFactory">The contract that the proposer creates games with.</param>
/// <param name="Batcher">The account of the batcher's key.</param>
/// <param name="Proposer">The account of the proposer's key.</param>
public sealed record RollupBundle(
    string RollupJson,
    Bytes32 GenesisHash,
    string GenesisSha256,
    ChainId L1ChainId,
    ChainId L2ChainId,
    int BlockTime,
    Address BatchInbox,
    Address DisputeGameFactory,
    Address Batcher,
    Address Proposer)
{
    /// <summary>The contracts on the chain that batches go to, by their place in the bundle: each must have code there.</summary>
    public IReadOnlyDictionary<string, Address> Contracts { get; init; } = new Dictionary<string, Address>();

    /// <summary>The longest sensible time between blocks: that of Ethereum, in seconds.</summary>
    private const int EthereumBlockTime = 12;

    private static readonly ErrorCode Unreadable = new(745);
    private static readonly ErrorCode Inconsistent = new(746);

    /// <summary>Reads a bundle and checks that its parts belong together and to the network. Whether there is code at the addresses, <c>preview --online</c> asks.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="json">Its text.</param>
    /// <param name="network">The network that it is for.</param>
    /// <exception cref="InfraException">JEJU0745: it is no bundle; JEJU0746: its parts contradict each other or the network, all contradictions at once.</exception>
    public static RollupBundle Read(string name, string json, NetworkName network)
    {
        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            root = document.RootElement.Clone();
        }
        catch (JsonException cause)
        {
            throw new InfraException(Unreadable, $"{name} is no rollup bundle: {cause.Message}", "Write it anew from the deployment of the chain's contracts.", FailureKind.Usage, cause);
        }

        BundleCheck check = new(root);
        RollupBundle bundle = check.Read(RollupChain.Of(network));
        return check.Problems.Count == 0
            ? bundle
            : throw new InfraException(
                Inconsistent,
                $"{name} does not hold together.\n  {string.Join("\n  ", check.Problems)}\n",
                "Genesis and rollup configuration come from one deployment of the chain's contracts; write the bundle anew from it.",
                FailureKind.Usage);
    }

    /// <summary>Collects what is wrong, so that a bundle is put right in one go.</summary>
    private sealed class BundleCheck(JsonElement root)
    {
        private readonly List<string> _problems = [];

        public IReadOnlyList<string> Problems => _problems;

        public RollupBundle Read(RollupChain chain)
        {
            ulong l2 = Number("rollup.l2_chain_id");
            Require(l2 == chain.L2.Value, $"rollup.l2_chain_id is {l2}; the chain of this network is {chain.L2}");
            ulong genesisChain = Number("genesis.chainId");
            Require(genesisChain == l2, $"genesis.chainId is {genesisChain}, and rollup.l2_chain_id is {l2}");
            ulong l1 = Number("rollup.l1_chain_id");
            Require(l1 == chain.L1.Value, $"rollup.l1_chain_id is {l1}; the chain of this network is a rollup on {chain.L1}");

            ulong blockTime = Number("rollup.block_time");
            Require(blockTime is > 0 and <= EthereumBlockTime, $"rollup.block_time is {blockTime}; it is 1 to {EthereumBlockTime} seconds");
            ulong time = Number("rollup.genesis.l2_time");
            ulong timestamp = Number("genesis.timestamp");
            Require(time > 0 && timestamp == time, $"genesis.timestamp is {timestamp}, and rollup.genesis.l2_time is {time}");
            ulong first = Number("rollup.genesis.l2.number");
            Require(first == 0, $"rollup.genesis.l2.number is {first}; a new chain begins with block 0");

            Bytes32 hash = Hash("genesis.hash");
            Bytes32 rollupHash = Hash("rollup.genesis.l2.hash");
            Require(hash == rollupHash, $"genesis.hash is {hash}, and rollup.genesis.l2.hash is {rollupHash}");
            Hash("rollup.genesis.l1.hash");
            Bytes32 digest = Hash("genesis.sha256");

            Address batcher = Account("batcher");
            Address configured = Account("rollup.genesis.system_config.batcherAddr");
            Require(batcher == configured, $"batcher is {batcher}, and rollup.genesis.system_config.batcherAddr is {configured}");
            Address proposer = Account("proposer");
            Require(proposer != batcher, $"batcher and proposer are both {batcher}; two programs with one key race for its nonces");
            Dictionary<string, Address> contracts = ((string[])["disputeGameFactory", "rollup.deposit_contract_address", "rollup.l1_system_config_address"]).ToDictionary(path => path, Account);
            return new RollupBundle(
                Element("rollup")?.GetRawText() ?? "{}",
                hash,
                digest.ToString()[2..],
                new ChainId(l1),
                new ChainId(l2),
                (int)Math.Min(blockTime, int.MaxValue),
                Account("rollup.batch_inbox_address"),
                contracts["disputeGameFactory"],
                batcher,
                proposer)
            {
                Contracts = contracts,
            };
        }

        private void Require(bool holds, string problem)
        {
            if (!holds)
            {
                _problems.Add(problem);
            }
        }

        private ulong Number(string path)
        {
            if (Element(path) is { ValueKind: JsonValueKind.Number } element && element.TryGetUInt64(out ulong value))
            {
                return value;
            }

            _problems.Add($"{path} is missing or no whole number");
            return 0;
        }

        private Bytes32 Hash(string path)
        {
            if (Text(path) is not { } text || !Bytes32.TryParse(text, out Bytes32 value))
            {
                _problems.Add($"{path} is missing or no hash of 32 bytes");
                return Bytes32.Zero;
            }

            Require(!value.IsZero, $"{path} is zero");
            return value;
        }

        private Address Account(string path)
        {
            if (Text(path) is not { } text || !Address.TryParse(text, out Address value))
            {
                _problems.Add($"{path} is missing or no address");
                return Address.Zero;
            }

            Require(!value.IsZero, $"{path} is the zero address");
            return value;
        }

        private string? Text(string path) => Element(path) is { ValueKind: JsonValueKind.String } element ? element.GetString() : null;

        private JsonElement? Element(string path)
        {
            JsonElement element = root;
            foreach (string step in path.Split('.'))
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
                {
                    return null;
                }
            }

            return element;
        }
    }
}
