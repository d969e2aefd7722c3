using System.Collections.Concurrent;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Provider.Chains;

/// <summary>
/// The chains that the resources of this run are on: one client per endpoint, one transaction pipeline per key. A client that lost its chain
/// (Anvil was started again in between) is replaced by a new one.
/// </summary>
internal sealed class ChainAccess(RepositoryLayout layout, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Endpoint, ChainId Chain), Lazy<Task<ChainClient>>> _clients = new();
    private readonly ConcurrentDictionary<(ChainClient Client, Address Account), Lazy<OpenKey>> _pipelines = new();

    /// <summary>Connects to the chain of a resource.</summary>
    /// <exception cref="InfraException">JEJU0301 to JEJU0303: it does not answer, or is another chain.</exception>
    public async Task<ChainClient> ConnectAsync(ChainInputs chain, CancellationToken cancellationToken)
    {
        var key = (chain.Endpoint.OriginalString, chain.ChainId);
        var connecting = _clients.GetOrAdd(key, _ => new(() => ChainClient.ConnectAsync(
            ChainEndpoint.FromUrl(chain.Endpoint.OriginalString), chain.ChainId, time, CancellationToken.None)));
        try
        {
            var client = await connecting.Value.WaitAsync(cancellationToken);
            if (chain.GenesisHash is { } genesis && client.Identity.Genesis != genesis)
            {
                // Either the chain was replaced since the client connected, or since the resource was made.
                _clients.TryRemove(KeyValuePair.Create(key, connecting));
                throw new InfraException(
                    ChainErrors.ReplacedChainCode,
                    $"The chain at {chain.Endpoint.OriginalString} has the genesis {client.Identity.Genesis}, but the resource was made on {genesis}.",
                    "Run the command again: everything is made anew on the new chain.");
            }

            return client;
        }
        catch (InfraException)
        {
            _clients.TryRemove(KeyValuePair.Create(key, connecting));
            throw;
        }
    }

    /// <summary>Connects for a look; null where the chain does not answer or is no longer the resource's.</summary>
    public async Task<ChainClient?> TryConnectAsync(ChainInputs chain, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectAsync(chain, cancellationToken);
        }
        catch (InfraException failure) when (failure.Code == ChainErrors.UnreachableCode || failure.Code == ChainErrors.ReplacedChainCode)
        {
            return null;
        }
    }

    /// <summary>
    /// The pipeline of a key. What an earlier process left in flight is settled when it opens. A key that several resources name may sign what
    /// any of them allows.
    /// </summary>
    public async Task<TransactionPipeline> OpenPipelineAsync(
        string stack, ChainClient client, ISigner signer, SigningLimits limits, int confirmations, CancellationToken cancellationToken)
    {
        var key = (client, signer.Address);
        var opening = _pipelines.GetOrAdd(key, _ => new(() =>
        {
            var limited = new LimitedSigner(signer, limits);
            return new OpenKey(limited, OpenAsync());

            async Task<TransactionPipeline> OpenAsync() => await TransactionPipeline.OpenAsync(
                client,
                limited,
                await TransactionJournal.OpenAsync(layout.JournalFolder(stack), client.Identity, signer.Address, time, CancellationToken.None),
                new TransactionPipelineOptions { Confirmations = confirmations },
                CancellationToken.None);
        }));
        try
        {
            opening.Value.Signer.Widen(limits);
            return await opening.Value.Pipeline.WaitAsync(cancellationToken);
        }
        catch (InfraException)
        {
            _pipelines.TryRemove(KeyValuePair.Create(key, opening));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _pipelines.Values.Where(opening => opening.IsValueCreated && opening.Value.Pipeline.IsCompletedSuccessfully))
        {
            (await open.Value.Pipeline).Dispose();
        }

        foreach (var client in _clients.Values.Where(connecting => connecting.IsValueCreated && connecting.Value.IsCompletedSuccessfully))
        {
            await (await client.Value).DisposeAsync();
        }
    }

    private sealed record OpenKey(LimitedSigner Signer, Task<TransactionPipeline> Pipeline);
}
