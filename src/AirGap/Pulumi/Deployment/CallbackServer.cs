using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Pulumirpc;

namespace Pulumi;

/// <summary>Where the engine calls functions of the program; it starts with the first of them.</summary>
internal sealed class CallbackServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<ByteString, CancellationToken, Task<ByteString>>> functions = new();
    private readonly Lazy<Task<GrpcServer>> server;

    public CallbackServer() => server = new(StartAsync);

    /// <summary>Makes a function callable and says how.</summary>
    public async Task<Callback> AddAsync(Func<ByteString, CancellationToken, Task<ByteString>> function)
    {
        // The token is what keeps others on this machine from calling it.
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        functions[token] = function;
        return new() { Target = (await server.Value.ConfigureAwait(false)).Address, Token = token };
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<GrpcServer> StartAsync()
    {
        var started = new GrpcServer(new GrpcService().Map(PulumiMethods.Callbacks.Invoke, InvokeAsync));
        await started.StartAsync(CancellationToken.None).ConfigureAwait(false);
        return started;
    }

    private async Task<CallbackInvokeResponse> InvokeAsync(CallbackInvokeRequest request, CancellationToken callerGone) =>
        functions.TryGetValue(request.Token, out var function)
            ? new() { Response = await function(request.Request, callerGone).ConfigureAwait(false) }
            : throw new GrpcStatusException(GrpcStatusCode.InvalidArgument, "There is no callback with this token.");
}
