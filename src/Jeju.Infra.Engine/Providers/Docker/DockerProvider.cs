using Jeju.Infra.Core;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Providers.Docker;

/// <summary>
/// A small provider for the package <c>docker</c>: networks, volumes and images on this machine, over the daemon's socket. It takes the
/// inputs that a localnet needs, and names those that it does not know, so that nobody believes they were heeded.
/// </summary>
internal sealed class DockerProvider : IResourceProvider
{
    private readonly DockerEngine _docker;
    private readonly IReadOnlyDictionary<string, DockerResource> _resources;

    public DockerProvider(TimeProvider time, string socketPath)
    {
        _docker = new DockerEngine(time, socketPath);
        _resources = new DockerResource[] { new DockerNetworkResource(_docker), new DockerVolumeResource(_docker), new DockerRemoteImageResource(_docker) }
            .ToDictionary(resource => resource.Type, StringComparer.Ordinal);
    }

    public ProviderCapabilities Capabilities { get; } = new(AcceptsSecrets: true, AcceptsResources: true, SupportsPreview: true);

    public Task<CheckResult> CheckConfigAsync(string urn, PropertyMap? oldInputs, PropertyMap inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new CheckResult(inputs, inputs.Keys.Where(key => key is not "version")
            .Select(key => new CheckFailure(key, "the embedded engine's docker provider has no settings; use DOCKER_HOST, or the pulumi command")).ToArray()));

    public Task<DiffResult> DiffConfigAsync(ProviderTarget target, PropertyMap oldInputs, PropertyMap inputs, CancellationToken cancellationToken) =>
        Task.FromResult(DiffResult.None);

    public Task ConfigureAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<CheckResult> CheckAsync(
        string urn, PropertyMap? oldInputs, PropertyMap inputs, ReadOnlyMemory<byte> randomSeed, CancellationToken cancellationToken)
    {
        var resource = Find(urn);
        var failures = inputs.Keys.Where(key => !resource.Inputs.Contains(key))
            .Select(key => new CheckFailure(key, $"is not supported by the embedded engine, which knows {string.Join(", ", resource.Inputs.Order(StringComparer.Ordinal))}"))
            .ToArray();
        return Task.FromResult(new CheckResult(resource.Complete(Urn.Name(urn), oldInputs, inputs, randomSeed.Span), failures));
    }

    public Task<DiffResult> DiffAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, IReadOnlyList<string> ignoreChanges, CancellationToken cancellationToken)
    {
        var resource = Find(target.Urn);
        var changed = oldInputs.Keys.Union(inputs.Keys, StringComparer.Ordinal).Where(key => !Equals(oldInputs.Find(key), inputs.Find(key))).ToArray();
        if (changed.Length == 0)
        {
            return Task.FromResult(DiffResult.None with { DeleteBeforeReplace = true });
        }

        return Task.FromResult(new DiffResult
        {
            Changes = DiffChanges.Some,
            Diffs = changed,
            Replaces = [.. changed.Where(key => !resource.Mutable.Contains(key))],
            // The daemon refuses a second volume of the same name; a new name can stand beside the old one.
            DeleteBeforeReplace = !changed.Contains("name"),
            Detailed = PropertyComparison.Compare(oldInputs, inputs).ToDictionary(
                difference => difference.Path,
                difference => new PathDiff(difference.Kind, !resource.Mutable.Contains(Deployments.PropertyPath.Parse(difference.Path).Root), ComparesInputs: true),
                StringComparer.Ordinal),
        });
    }

    public Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, double timeoutSeconds, bool preview, CancellationToken cancellationToken) =>
        preview ? Task.FromResult(new ResourceResult("", inputs)) : CallAsync(() => Find(urn).CreateAsync(urn, inputs, cancellationToken));

    public Task<ResourceResult> ReadAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken) =>
        CallAsync(async () => await Find(target.Urn).ReadAsync(target, inputs, cancellationToken).ConfigureAwait(false) ?? new ResourceResult("", PropertyMap.Empty));

    public Task<ResourceResult> UpdateAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, double timeoutSeconds,
        IReadOnlyList<string> ignoreChanges, bool preview, CancellationToken cancellationToken) =>
        Task.FromResult(new ResourceResult(target.Id, PropertyMap.From([.. oldOutputs.Where(entry => !oldInputs.ContainsKey(entry.Key)), .. inputs])));

    public Task DeleteAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, double timeoutSeconds, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            await Find(target.Urn).DeleteAsync(target.Id, inputs, cancellationToken).ConfigureAwait(false);
            return true;
        });

    public Task<(PropertyMap Result, IReadOnlyList<CheckFailure> Failures)> InvokeAsync(
        string token, PropertyMap arguments, bool preview, CancellationToken cancellationToken) => throw EngineErrors.PlanOnlyInvoke(token);

    public Task CancelAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _docker.Dispose();
        return ValueTask.CompletedTask;
    }

    private DockerResource Find(string urn) =>
        _resources.GetValueOrDefault(Urn.Type(urn)) ?? throw EngineErrors.Unsupported($"'{Urn.Type(urn)}' (it knows {string.Join(", ", _resources.Keys)})");

    /// <summary>A daemon that went away may have done what was asked; one that refused has not.</summary>
    private static async Task<TResult> CallAsync<TResult>(Func<Task<TResult>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (InfraException exception)
        {
            throw new ProviderCallException($"{exception.Message} {exception.Remedy}", exception, outcomeUnknown: exception.Code == DockerEngine.Unreachable);
        }
    }
}
