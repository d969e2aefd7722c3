using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Jeju.Infra.Chain;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>What anybody can read of a localnet's contracts, with Foundry's <c>cast</c> and not with our own code.</summary>
/// <param name="localnet">The localnet, which is up.</param>
/// <param name="contracts">The contracts' addresses by name.</param>
/// <param name="nodeId">The provider node.</param>
internal sealed class SuiteView(LocalnetCheckout localnet, IReadOnlyDictionary<string, string> contracts, string nodeId)
{
    /// <summary>The state of an order that can be used.</summary>
    public const int Ready = 3;

    /// <summary>The keys whose transactions cost somebody money: deployer, operator, consumer.</summary>
    public static IReadOnlyList<string> PayingAccounts { get; } =
        [AnvilAccounts.Deployer.Address.ToString(), AnvilAccounts.Operator.Address.ToString(), AnvilAccounts.Consumer.Address.ToString()];

    public static async Task<SuiteView> OfAsync(LocalnetCheckout localnet)
    {
        JsonElement outputs = await localnet.JsonAsync("outputs");
        Dictionary<string, string> contracts = outputs.GetProperty("contracts").EnumerateObject()
            .ToDictionary(contract => contract.Name, contract => contract.Value.GetString() ?? string.Empty);
        return new SuiteView(localnet, contracts, outputs.GetProperty("nodeId").GetString() ?? string.Empty);
    }

    /// <summary>The live orders.</summary>
    public async Task<IReadOnlyList<string>> LiveOrdersAsync()
    {
        string answer = await CallAsync("ExternalChainProvider", "liveOrders(uint256,uint256)(bytes32[])", "0", "100");
        return answer.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The state of an order as the contract numbers it.</summary>
    public async Task<int> StateOfAsync(string orderId) =>
        int.Parse(await CallAsync("ExternalChainProvider", "stateOf(bytes32)(uint8)", orderId), CultureInfo.InvariantCulture);

    /// <summary>The money in escrow for an order, in millionths of a dollar.</summary>
    public Task<BigInteger> EscrowOfAsync(string orderId) =>
        NumberAsync("DWSBilling", "escrowBalance(address,bytes32)(uint256)", contracts["ExternalChainProvider"], orderId);

    /// <summary>The node's stake that can be slashed, in the smallest unit.</summary>
    public async Task<BigInteger> StakeAsync()
    {
        string stakingNode = await CallAsync("DWSProviderRegistry", "stakingNodeOf(bytes32)(bytes32)", nodeId);
        return await NumberAsync("DelegatedNodeStaking", "activeStakeOf(bytes32)(uint256)", stakingNode);
    }

    /// <summary>Whether the provider node reports in time.</summary>
    public async Task<bool> IsHealthyAsync() => await CallAsync("DWSProviderRegistry", "isHealthy(bytes32)(bool)", nodeId) == "true";

    /// <summary>
    /// Whether every dollar is accounted for: what billing holds is what it owes, as credits, escrow and earnings.
    /// </summary>
    public async Task<(BigInteger Held, BigInteger Owed)> MoneyAsync()
    {
        BigInteger held = await NumberAsync("TestUsd", "balanceOf(address)(uint256)", contracts["DWSBilling"]);
        string owed = await CallAsync("DWSBilling", "liabilities()(uint256,uint256,uint256)");
        return (held, owed.Split('\n').Select(Number).Aggregate(BigInteger.Add));
    }

    /// <summary>How many transactions each of the paying accounts has sent.</summary>
    public async Task<IReadOnlyList<string>> TransactionCountsAsync()
    {
        List<string> counts = [];
        foreach (string account in PayingAccounts)
        {
            counts.Add(await localnet.CastAsync("nonce", account));
        }

        return counts;
    }

    private async Task<BigInteger> NumberAsync(string contract, string signature, params string[] arguments) =>
        Number(await CallAsync(contract, signature, arguments));

    // cast adds a readable form to long numbers: 3360000 [3.36e6].
    private static BigInteger Number(string text) => BigInteger.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);

    private Task<string> CallAsync(string contract, string signature, params string[] arguments) =>
        localnet.CastAsync(["call", contracts[contract], signature, .. arguments]);
}
