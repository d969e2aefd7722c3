using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>
/// Finds out how much gas calls need. Several calls are tried in their order, each on the state that those before it leave, in one request:
/// so dependent calls need no block between them, and a refusal is known before anything is sent.
/// </summary>
internal sealed class GasEstimator(ChainClient chain)
{
    // What a call used is known after refunds, and it keeps a 64th back at each inner call.
    private const double Headroom = 1.4;
    private const ulong Margin = 30_000;
    private const int CallsPerSimulation = 64;

    /// <summary>The gas limits of calls in their order; null for those that only a later request can tell.</summary>
    internal async Task<IReadOnlyList<ulong?>> EstimateAsync(
        Address from, IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken)
    {
        if (calls.All(call => call.GasLimit is not null))
        {
            return [.. calls.Select(call => call.GasLimit)];
        }

        if (calls.Count == 1 || calls.Any(call => call.To is null))
        {
            ulong first = calls[0].GasLimit ?? await EstimateAsync(from, calls[0], cancellationToken).ConfigureAwait(false);
            return [first, .. calls.Skip(1).Select(call => call.GasLimit)];
        }

        return await SimulateAsync(from, calls, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<ulong> EstimateAsync(Address from, ContractCall call, CancellationToken cancellationToken)
    {
        try
        {
            string gas = await chain.TextAsync(
                new RpcCall("eth_estimateGas", ChainClient.CallObject(from, call.To, call.Data, call.Value), "pending"), cancellationToken)
                .ConfigureAwait(false);
            return WithHeadroom((ulong)Hex.Number(gas));
        }
        catch (RpcException error)
        {
            throw ChainClient.Refusal(call.Description, error);
        }
    }

    private static ulong WithHeadroom(ulong gas) =>
        Math.Max(gas, Math.Min(TransactionPipelineOptions.MaximumGas, (ulong)(gas * Headroom) + Margin));

    private async Task<IReadOnlyList<ulong?>> SimulateAsync(
        Address from, IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken)
    {
        BlockHeader head = await chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        ulong?[] limits = new ulong?[calls.Count];
        JsonElement answer;
        try
        {
            Dictionary<string, object> request = new() { ["blockStateCalls"] = Blocks(from, calls, head), ["validation"] = false };
            answer = (await chain.SendAsync([new RpcCall("eth_simulateV1", request, "latest")], cancellationToken).ConfigureAwait(false))[0].Required;
        }
        catch (RpcException)
        {
            // Not every node has the method. One call after the other works everywhere; it only takes a block for each.
            limits[0] = calls[0].GasLimit ?? await EstimateAsync(from, calls[0], cancellationToken).ConfigureAwait(false);
            return limits;
        }

        int at = 0;
        foreach (JsonElement block in answer.EnumerateArray())
        {
            JsonElement result = block.GetProperty("calls")[0];
            if (result.Count("status") != 1)
            {
                throw Refusal(calls[at], result);
            }

            limits[at] = calls[at].GasLimit ?? WithHeadroom(result.Count("gasUsed"));
            at++;
        }

        return limits;
    }

    // A block for each call, so that a long list does not run into the gas limit of one.
    private static object[] Blocks(Address from, IReadOnlyList<ContractCall> calls, BlockHeader head) =>
        [.. calls.Take(CallsPerSimulation).Select((call, index) => new Dictionary<string, object>
        {
            ["blockOverrides"] = new Dictionary<string, string>
            {
                ["number"] = Hex.Quantity(head.Number + 1 + (ulong)index),
                ["time"] = Hex.Quantity(head.Timestamp + 1 + (ulong)index),
                ["gasLimit"] = Hex.Quantity(head.GasLimit),
            },
            ["calls"] = new[]
            {
                ChainClient.CallObject(from, call.To, call.Data, call.Value, call.GasLimit ?? TransactionPipelineOptions.MaximumGas),
            },
        })];

    private static InfraException Refusal(ContractCall call, JsonElement result)
    {
        string data = result.TryGetProperty("error", out JsonElement error) && error.Has("data") ? error.Text("data") : result.Text("returnData");
        string words = result.Has("error") ? error.Text("message") : "execution failed";
        return ChainClient.Refusal(call.Description, new RpcException("eth_simulateV1", 3, words, Hex.Bytes(data)));
    }
}
