namespace Jeju.Infra.Core;

/// <summary>What one address may ask of the gateway. Methods cost what they cost the node behind them, so a cheap call is not counted like a scan over thousands of blocks.</summary>
/// <param name="Namespaces">The JSON-RPC namespaces that are passed on; every other method is refused.</param>
/// <param name="UnitsPerMinute">What one address may spend in a minute.</param>
/// <param name="Units">What a method costs; 1 where it is not named.</param>
/// <param name="MaximumBodyBytes">The largest request, in bytes: a contract deployment fits, 128 KB of code in hexadecimal and its arguments.</param>
/// <param name="MaximumBatch">The most calls in one request.</param>
public sealed record GatewayLimits(
    IReadOnlyList<string> Namespaces,
    int UnitsPerMinute,
    IReadOnlyDictionary<string, int> Units,
    int MaximumBodyBytes,
    int MaximumBatch)
{
    /// <summary>Namespaces that a public endpoint never passes on: they administer the node, trace, sign, or drive the consensus.</summary>
    public static IReadOnlyList<string> Forbidden { get; } = ["admin", "clique", "debug", "engine", "les", "miner", "opp2p", "personal", "trace", "txpool"];

    /// <summary>The limits of every network.</summary>
    public static GatewayLimits Default { get; } = new(
        ["eth", "net", "web3"],
        1200,
        new Dictionary<string, int>
        {
            ["eth_call"] = 2,
            ["eth_estimateGas"] = 5,
            ["eth_feeHistory"] = 2,
            ["eth_getBlockReceipts"] = 10,
            ["eth_getLogs"] = 20,
            ["eth_getProof"] = 10,
            ["eth_newFilter"] = 20,
            ["eth_sendRawTransaction"] = 5,
            ["eth_subscribe"] = 10,
        },
        512 * 1024,
        50);
}
