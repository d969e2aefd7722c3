namespace Jeju.Infra.Chain;

/// <summary>The node understood a JSON-RPC request and answered with an error.</summary>
/// <param name="method">The JSON-RPC method.</param>
/// <param name="code">The node's error code: 3 is a revert, -32601 an unknown method.</param>
/// <param name="message">The node's own words.</param>
/// <param name="data">The revert data, where the node gives it; empty otherwise.</param>
public sealed class RpcException(string method, int code, string message, byte[] data)
    : Exception($"{method}: {message} (code {code})")
{
    /// <summary>The JSON-RPC method that failed.</summary>
    public string Method => method;

    /// <summary>The node's error code.</summary>
    public int Code => code;

    /// <summary>The node's own words.</summary>
    public string NodeMessage => message;

    /// <summary>ABI-encoded revert data, or nothing.</summary>
    public byte[] RevertData => data;

    /// <summary>Whether the node does not know the method.</summary>
    public bool IsUnknownMethod => code is -32601 or -32004;
}
