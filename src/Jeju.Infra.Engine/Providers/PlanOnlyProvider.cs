using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Providers;

/// <summary>
/// Stands for a provider whose plugin is not here: inputs are taken as they are, what the cloud would add is unknown, and nothing is ever
/// deployed.
/// </summary>
internal sealed class PlanOnlyProvider(string package) : IResourceProvider
{
    public ProviderCapabilities Capabilities { get; } = new(AcceptsSecrets: true, AcceptsResources: true, SupportsPreview: true, IsPlanOnly: true);

    public Task<CheckResult> CheckConfigAsync(string urn, PropertyMap? oldInputs, PropertyMap inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new CheckResult(inputs, []));

    public Task<DiffResult> DiffConfigAsync(ProviderTarget target, PropertyMap oldInputs, PropertyMap inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new DiffResult { Changes = DiffChanges.Unknown });

    public Task ConfigureAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<CheckResult> CheckAsync(
        string urn, PropertyMap? oldInputs, PropertyMap inputs, ReadOnlyMemory<byte> randomSeed, CancellationToken cancellationToken) =>
        Task.FromResult(new CheckResult(inputs, []));

    public Task<DiffResult> DiffAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, IReadOnlyList<string> ignoreChanges, CancellationToken cancellationToken) =>
        Task.FromResult(new DiffResult { Changes = DiffChanges.Unknown });

    public Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, double timeoutSeconds, bool preview, CancellationToken cancellationToken) =>
        preview ? Task.FromResult(new ResourceResult("", inputs)) : throw Refusal(urn);

    public Task<ResourceResult> ReadAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken) =>
        Task.FromResult(new ResourceResult(target.Id, outputs, inputs));

    public Task<ResourceResult> UpdateAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, double timeoutSeconds,
        IReadOnlyList<string> ignoreChanges, bool preview, CancellationToken cancellationToken) =>
        preview ? Task.FromResult(new ResourceResult(target.Id, inputs)) : throw Refusal(target.Urn);

    public Task DeleteAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, double timeoutSeconds, CancellationToken cancellationToken) =>
        throw Refusal(target.Urn);

    public Task<(PropertyMap Result, IReadOnlyList<CheckFailure> Failures)> InvokeAsync(
        string token, PropertyMap arguments, bool preview, CancellationToken cancellationToken) =>
        // One value, whatever its name, and unknown: to the program the whole answer is unknown then.
        preview ? Task.FromResult((PropertyMap.Of(("answer", PropertyValue.Unknown)), (IReadOnlyList<CheckFailure>)[])) : throw EngineErrors.PlanOnlyInvoke(token);

    public Task CancelAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Core.InfraException Refusal(string urn) => EngineErrors.PlanOnly(package, urn);
}
