using System.Numerics;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>
/// Reads one chain. It is bound to the identity it found when it connected: the id that the stack expects, and the genesis. Many reads travel
/// in one request. Waiting is for new blocks, never for time.
/// </summary>
public sealed partial class ChainClient : IAsyncDisposable
{
    private readonly JsonRpcTransport _rpc;
    private readonly HeadWatch _heads;

    private ChainClient(ChainEndpoint endpoint, ChainIdentity identity, JsonRpcTransport rpc, TimeProvider time)
    {
        Endpoint = endpoint;
        Identity = identity;
        Time = time;
        _rpc = rpc;
        _heads = new HeadWatch(endpoint.WebSocket, time);
        _heads.Disconnected += exception => Disconnected?.Invoke(exception);
    }

    /// <summary>Raised when the subscription to new blocks broke. It is made again by itself; listen to report it.</summary>
    public event Action<Exception>? Disconnected;

    /// <summary>Where the node listens.</summary>
    public ChainEndpoint Endpoint { get; }

    /// <summary>Which chain this is.</summary>
    public ChainIdentity Identity { get; }

    internal TimeProvider Time { get; }

    /// <summary>Connects, and compares the chain's id with the expected one before anything else is done.</summary>
    /// <exception cref="InfraException">JEJU0301: no answer; JEJU0302: another chain.</exception>
    public static async Task<ChainClient> ConnectAsync(
        ChainEndpoint endpoint, ChainId expected, TimeProvider time, CancellationToken cancellationToken)
    {
        JsonRpcTransport rpc = new(endpoint.Http, time);
        try
        {
            ChainIdentity identity = await ReadIdentityAsync(rpc, cancellationToken).ConfigureAwait(false);
            return identity.ChainId == expected
                ? new ChainClient(endpoint, identity, rpc, time)
                : throw ChainErrors.WrongChain(endpoint.Http, expected, identity.ChainId);
        }
        catch
        {
            rpc.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _heads.DisposeAsync().ConfigureAwait(false);
        _rpc.Dispose();
    }

    /// <summary>Whether the node still serves the chain that this client connected to.</summary>
    /// <exception cref="InfraException">JEJU0303: the chain was replaced.</exception>
    public async Task RequireSameChainAsync(CancellationToken cancellationToken)
    {
        ChainIdentity now = await ReadIdentityAsync(_rpc, cancellationToken).ConfigureAwait(false);
        if (now != Identity)
        {
            throw ChainErrors.Replaced(Endpoint.Http, Identity, now);
        }
    }

    /// <summary>Asks a contract.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="query">The question, made by the bindings.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="block">The height at which to ask; the latest block where absent.</param>
    /// <exception cref="InfraException">JEJU0306: the contract refused.</exception>
    public async Task<T> QueryAsync<T>(ContractQuery<T> query, CancellationToken cancellationToken, ulong? block = null)
    {
        IReadOnlyList<T> answers = await QueryAsync([query], cancellationToken, block).ConfigureAwait(false);
        return answers[0];
    }

    /// <summary>Asks many questions in as few requests as possible; the answers are in the order of the questions.</summary>
    /// <typeparam name="T">The answers.</typeparam>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        IReadOnlyList<ContractQuery<T>> queries, CancellationToken cancellationToken, ulong? block = null)
    {
        IReadOnlyList<RpcReply> replies = await _rpc.SendAsync(
            [.. queries.Select(query => new RpcCall("eth_call", CallObject(query.From, query.To, query.Data, 0), Tag(block)))],
            cancellationToken).ConfigureAwait(false);
        List<T> answers = new(queries.Count);
        for (int index = 0; index < queries.Count; index++)
        {
            ContractQuery<T> query = queries[index];
            if (replies[index].Error is { } error)
            {
                throw Refusal(query.Description, error);
            }

            byte[] data = Hex.Bytes(replies[index].Result.GetString() ?? "0x");
            answers.Add(data.Length > 0
                ? query.Decode(data)
                : throw new InfraException(
                    ChainErrors.RevertedCode,
                    $"{query.Description} gave no answer: there is no such contract at {query.To}.",
                    "Deploy the contracts (`./jeju up` or `jeju contracts deploy`), or check the address."));
        }

        return answers;
    }

    /// <summary>Asks many questions; the answer to one that the contract refuses, or that nobody answers, is null.</summary>
    internal async Task<IReadOnlyList<T?>> TryQueryAsync<T>(IReadOnlyList<ContractQuery<T>> queries, CancellationToken cancellationToken)
        where T : class
    {
        IReadOnlyList<RpcReply> replies = await _rpc.SendAsync(
            [.. queries.Select(query => new RpcCall("eth_call", CallObject(query.From, query.To, query.Data, 0), "latest"))],
            cancellationToken).ConfigureAwait(false);
        return [.. queries.Zip(replies, static (query, reply) =>
            reply.Error is null && Hex.Bytes(reply.Result.GetString() ?? "0x") is { Length: > 0 } data ? query.Decode(data) : null)];
    }

    /// <summary>Tries calls on the newest block without sending them, each by itself; the results are in the order of the calls.</summary>
    /// <param name="from">Who would send them.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InfraException">JEJU0306: the node refused for a reason that is no contract's, so nothing is known of the call.</exception>
    public async Task<IReadOnlyList<TriedCall>> TryCallsAsync(
        Address from, IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> replies = await _rpc.SendAsync(
            [.. calls.Select(call => new RpcCall("eth_call", CallObject(from, call.To, call.Data, call.Value, call.GasLimit), "latest"))],
            cancellationToken).ConfigureAwait(false);
        return [.. calls.Zip(replies, static (call, reply) => reply.Error is not { } error
            ? new TriedCall(Hex.Bytes(reply.Result.GetString() ?? "0x"), null)
            : error.RevertData.Length > 0 ? new TriedCall([], RevertDecoder.Decode(error.RevertData)) : throw Refusal(call.Description, error))];
    }

    internal async Task<bool> HasCodeAtAsync(Address address, ulong block, CancellationToken cancellationToken) =>
        (await TextAsync(new RpcCall("eth_getCode", address.ToString(), Hex.Quantity(block)), cancellationToken).ConfigureAwait(false)).Length > 2;

    /// <summary>The height of the newest block.</summary>
    public async Task<ulong> GetBlockNumberAsync(CancellationToken cancellationToken) =>
        (ulong)Hex.Number(await TextAsync(new RpcCall("eth_blockNumber"), cancellationToken).ConfigureAwait(false));

    /// <summary>A block; the newest where no number is given. Null where there is none of that number.</summary>
    public async Task<BlockHeader?> FindBlockAsync(ulong? number, CancellationToken cancellationToken)
    {
        JsonElement block = await _rpc.SendAsync(new RpcCall("eth_getBlockByNumber", Tag(number), false), cancellationToken).ConfigureAwait(false);
        return block.ValueKind is JsonValueKind.Null
            ? null
            : new BlockHeader(
                block.Count("number"), block.Bytes32("hash"), block.Bytes32("parentHash"), block.Count("timestamp"),
                block.Has("baseFeePerGas") ? block.Number("baseFeePerGas") : 0, block.Count("gasLimit"), block.Count("gasUsed"));
    }

    /// <summary>The newest block.</summary>
    public async Task<BlockHeader> GetLatestBlockAsync(CancellationToken cancellationToken) =>
        await FindBlockAsync(null, cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("The node has no newest block.");

    /// <summary>The native coin of an account, in wei.</summary>
    public async Task<BigInteger> GetBalanceAsync(Address account, CancellationToken cancellationToken) =>
        Hex.Number(await TextAsync(new RpcCall("eth_getBalance", account.ToString(), "latest"), cancellationToken).ConfigureAwait(false));

    /// <summary>How many transactions of an account the newest block knows.</summary>
    public async Task<ulong> GetNonceAsync(Address account, CancellationToken cancellationToken) =>
        (ulong)Hex.Number(await TextAsync(new RpcCall("eth_getTransactionCount", account.ToString(), "latest"), cancellationToken).ConfigureAwait(false));

    /// <summary>The code at some addresses; empty where there is none.</summary>
    public async Task<IReadOnlyList<byte[]>> GetCodeAsync(IReadOnlyList<Address> addresses, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> replies = await _rpc.SendAsync(
            [.. addresses.Select(address => new RpcCall("eth_getCode", address.ToString(), "latest"))], cancellationToken).ConfigureAwait(false);
        return [.. replies.Select(reply => Hex.Bytes(reply.Required.GetString() ?? "0x"))];
    }

    /// <summary>One storage word of some contracts.</summary>
    public async Task<IReadOnlyList<Bytes32>> GetStorageAsync(
        IReadOnlyList<(Address Contract, Bytes32 Slot)> slots, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> replies = await _rpc.SendAsync(
            [.. slots.Select(slot => new RpcCall("eth_getStorageAt", slot.Contract.ToString(), slot.Slot.ToString(), "latest"))],
            cancellationToken).ConfigureAwait(false);
        return [.. replies.Select(reply => Bytes32.Parse(reply.Required.GetString() ?? string.Empty))];
    }

    /// <summary>What became of some transactions; null for those that no block holds.</summary>
    public async Task<IReadOnlyList<TransactionReceipt?>> GetReceiptsAsync(
        IReadOnlyList<Bytes32> hashes, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> replies = await _rpc.SendAsync(
            [.. hashes.Select(hash => new RpcCall("eth_getTransactionReceipt", hash.ToString()))], cancellationToken).ConfigureAwait(false);
        return [.. replies.Select(reply => reply.Required.ValueKind is JsonValueKind.Null ? null : ReadReceipt(reply.Required))];
    }

    internal async Task<IReadOnlyList<RpcReply>> SendAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken) =>
        await _rpc.SendAsync(calls, cancellationToken).ConfigureAwait(false);

    internal async Task<string> TextAsync(RpcCall call, CancellationToken cancellationToken) =>
        (await _rpc.SendAsync(call, cancellationToken).ConfigureAwait(false)).GetString()
        ?? throw new FormatException($"{call.Method} gave no text.");

    internal static InfraException Refusal(string description, RpcException error) => error.RevertData.Length > 0
        ? ChainErrors.Reverted(description, RevertDecoder.Decode(error.RevertData), error)
        : new InfraException(
            ChainErrors.RevertedCode, $"{description} failed: {error.NodeMessage}.", "Check the input and the state of the contract.", innerException: error);

    internal static Dictionary<string, string> CallObject(Address? from, Address? to, byte[] data, BigInteger value, ulong? gas = null)
    {
        Dictionary<string, string> call = new() { ["input"] = Hex.Data(data) };
        if (from is { } sender)
        {
            call["from"] = sender.ToString();
        }

        if (to is { } receiver)
        {
            call["to"] = receiver.ToString();
        }

        if (!value.IsZero)
        {
            call["value"] = Hex.Quantity(value);
        }

        if (gas is { } limit)
        {
            call["gas"] = Hex.Quantity(limit);
        }

        return call;
    }

    internal static string Tag(ulong? block) => block is { } number ? Hex.Quantity(number) : "latest";

    private static async Task<ChainIdentity> ReadIdentityAsync(JsonRpcTransport rpc, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> replies = await rpc.SendAsync(
            [new RpcCall("eth_chainId"), new RpcCall("eth_getBlockByNumber", "0x0", false)], cancellationToken).ConfigureAwait(false);
        ulong chainId = (ulong)Hex.Number(replies[0].Required.GetString() ?? "0x0");
        return new ChainIdentity(new ChainId(chainId), replies[1].Required.Bytes32("hash"));
    }

    private static TransactionReceipt ReadReceipt(JsonElement receipt) => new(
        receipt.Bytes32("transactionHash"),
        receipt.Count("blockNumber"),
        receipt.Bytes32("blockHash"),
        receipt.Count("status") == 1,
        receipt.Count("gasUsed"),
        receipt.Has("effectiveGasPrice") ? receipt.Number("effectiveGasPrice") : 0,
        [.. receipt.GetProperty("logs").EnumerateArray().Select(ReadLog)]);

    private static ChainLog ReadLog(JsonElement log) => new(
        log.Address("address"),
        [.. log.GetProperty("topics").EnumerateArray().Select(topic => Bytes32.Parse(topic.GetString() ?? string.Empty))],
        log.Bytes("data"),
        log.Count("blockNumber"),
        log.Bytes32("blockHash"),
        log.Bytes32("transactionHash"),
        log.Count("logIndex"));
}
