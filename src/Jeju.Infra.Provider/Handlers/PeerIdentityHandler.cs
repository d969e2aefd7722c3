using Jeju.Infra.Chain;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Which identity it is.</summary>
internal sealed record PeerIdentityInputs
{
    [Property("Another number makes another identity.", Default = "1", Minimum = 1)]
    public int Generation { get; init; }
}

/// <summary>The identity.</summary>
internal sealed record PeerIdentityOutputs
{
    [Property("The private key: 32 bytes in hexadecimal.", Secret = true)]
    public string? PrivateKey { get; init; }

    [Property("The peer id that follows from it, by which others find the one they mean.")]
    public string? PeerId { get; init; }
}

/// <summary>An identity among the peers of a chain. The state is the only place where the key is read back from: there is nothing outside that could drift, and nothing to delete.</summary>
[ResourceType("PeerIdentity", "An identity among libp2p peers: a key that is made once and kept in the state as a secret, and its peer id.")]
internal sealed class PeerIdentityHandler : ResourceHandler<PeerIdentityInputs, PeerIdentityOutputs>
{
    protected override IReadOnlyCollection<string> ChangedByUpdate(ResourceContext context, ResourceState<PeerIdentityInputs, PeerIdentityOutputs> state, Bound<PeerIdentityInputs> news) =>
        [nameof(PeerIdentityOutputs.PrivateKey), nameof(PeerIdentityOutputs.PeerId)];

    protected override Task<Created<PeerIdentityOutputs>> CreateAsync(ResourceContext context, PeerIdentityInputs inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new Created<PeerIdentityOutputs>(context.Name, Generate()));

    protected override Task<ResourceState<PeerIdentityInputs, PeerIdentityOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<PeerIdentityInputs, PeerIdentityOutputs> state, CancellationToken cancellationToken) =>
        Task.FromResult(state.Outputs.PrivateKey is null ? null : state);

    protected override Task<PeerIdentityOutputs> UpdateAsync(
        ResourceContext context, ResourceState<PeerIdentityInputs, PeerIdentityOutputs> state, PeerIdentityInputs news, CancellationToken cancellationToken) =>
        Task.FromResult(Generate());

    protected override Task DeleteAsync(ResourceContext context, ResourceState<PeerIdentityInputs, PeerIdentityOutputs> state, CancellationToken cancellationToken) => Task.CompletedTask;

    private static PeerIdentityOutputs Generate()
    {
        PeerKey key = PeerKey.Generate();
        return new PeerIdentityOutputs { PrivateKey = key.PrivateKey, PeerId = key.PeerId };
    }
}
