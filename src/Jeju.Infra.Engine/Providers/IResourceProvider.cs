using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Providers;

/// <summary>A configured provider: a plugin's process, one that is built in, or one that can only plan.</summary>
internal interface IResourceProvider : IAsyncDisposable
{
    ProviderCapabilities Capabilities { get; }

    /// <summary>Validates the provider's own inputs.</summary>
    Task<CheckResult> CheckConfigAsync(string urn, PropertyMap? oldInputs, PropertyMap inputs, CancellationToken cancellationToken);

    /// <summary>Compares the provider's own inputs; a replacement replaces all its resources too.</summary>
    Task<DiffResult> DiffConfigAsync(ProviderTarget target, PropertyMap oldInputs, PropertyMap inputs, CancellationToken cancellationToken);

    /// <summary>Hands over the provider's own inputs. Called once, before everything below.</summary>
    Task ConfigureAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken);

    Task<CheckResult> CheckAsync(string urn, PropertyMap? oldInputs, PropertyMap inputs, ReadOnlyMemory<byte> randomSeed, CancellationToken cancellationToken);

    Task<DiffResult> DiffAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, IReadOnlyList<string> ignoreChanges, CancellationToken cancellationToken);

    Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, double timeoutSeconds, bool preview, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a resource. With an empty id: finds what an interrupted create of these inputs left, and answers with an empty id where that is
    /// nothing.
    /// </summary>
    Task<ResourceResult> ReadAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken);

    Task<ResourceResult> UpdateAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, double timeoutSeconds,
        IReadOnlyList<string> ignoreChanges, bool preview, CancellationToken cancellationToken);

    Task DeleteAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, double timeoutSeconds, CancellationToken cancellationToken);

    /// <summary>Calls a function that changes nothing.</summary>
    Task<(PropertyMap Result, IReadOnlyList<CheckFailure> Failures)> InvokeAsync(string token, PropertyMap arguments, bool preview, CancellationToken cancellationToken);

    /// <summary>Asks for running operations to be broken off.</summary>
    Task CancelAsync(CancellationToken cancellationToken);
}
