using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Images;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Which images this machine must have.</summary>
internal sealed record ServiceImagesInputs
{
    [Property("The kinds of service that are going to run here.")]
    public required IReadOnlyList<string> Kinds { get; init; }

    [Property("The image of each kind, by its name in a registry.", Computed = true)]
    public IReadOnlyDictionary<string, string>? Images { get; init; }
}

/// <summary>Which images this machine has.</summary>
internal sealed record ServiceImagesOutputs
{
    [Property("The content id of each kind's image.")]
    public IReadOnlyDictionary<string, string>? Ids { get; init; }
}

/// <summary>
/// The images of services, had before anything is ordered: one that can neither be pulled nor built is refused while nothing is paid, and a slow
/// build does not use up the time in which an order must become ready.
/// </summary>
[ResourceType("ServiceImages", "The container images that services need on this machine: pulled where a registry answers, else built from recipes.")]
internal sealed class ServiceImagesHandler(RepositoryLayout layout, TimeProvider time) : ResourceHandler<ServiceImagesInputs, ServiceImagesOutputs>
{
    protected override Task CheckAsync(InputCheck<ServiceImagesInputs> check, CancellationToken cancellationToken)
    {
        if (!check.Inputs.Knows(nameof(ServiceImagesInputs.Kinds)))
        {
            return Task.CompletedTask;
        }

        var runnable = ServiceCatalog.All.Where(kind => kind.Workload is not null).ToDictionary(kind => kind.Name, StringComparer.Ordinal);
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        var kinds = check.Inputs.Values.Kinds;
        for (var index = 0; index < kinds.Count; index++)
        {
            if (runnable.TryGetValue(kinds[index], out var kind) && kind.Workload is { } workload)
            {
                images[kind.Name] = workload.Image.Registry;
            }
            else
            {
                check.Fail($"kinds[{index}]", $"'{kinds[index]}' cannot run in a container on this machine: use {string.Join(", ", runnable.Keys)}");
            }
        }

        check.Compute(nameof(ServiceImagesInputs.Images), images);
        return Task.CompletedTask;
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<ServiceImagesInputs, ServiceImagesOutputs> state, Bound<ServiceImagesInputs> news) =>
        [nameof(ServiceImagesOutputs.Ids)];

    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, ResourceState<ServiceImagesInputs, ServiceImagesOutputs> state, CancellationToken cancellationToken)
    {
        try
        {
            var found = await FindAsync(state.Inputs, cancellationToken);
            var missing = state.Inputs.Kinds.Where(kind => !found.ContainsKey(kind)).ToList();
            return missing.Count == 0
                ? []
                : [new Drift(nameof(ServiceImagesOutputs.Ids), $"Docker no longer has the image of {string.Join(", ", missing)}: it is pulled or built again.")];
        }
        catch (InfraException failure)
        {
            // The update says the same as an error, with the way out.
            return [new Drift(nameof(ServiceImagesOutputs.Ids), failure.Message)];
        }
    }

    protected override async Task<Created<ServiceImagesOutputs>> CreateAsync(
        ResourceContext context, ServiceImagesInputs inputs, CancellationToken cancellationToken) =>
        new(context.Stack, await EnsureAsync(context, inputs, cancellationToken));

    protected override async Task<ResourceState<ServiceImagesInputs, ServiceImagesOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<ServiceImagesInputs, ServiceImagesOutputs> state, CancellationToken cancellationToken)
    {
        var found = await FindAsync(state.Inputs, cancellationToken);
        return found.Count == 0 && state.Inputs.Kinds.Count > 0 ? null : state with { Outputs = new ServiceImagesOutputs { Ids = found } };
    }

    protected override Task<ServiceImagesOutputs> UpdateAsync(
        ResourceContext context, ResourceState<ServiceImagesInputs, ServiceImagesOutputs> state, ServiceImagesInputs news, CancellationToken cancellationToken) =>
        EnsureAsync(context, news, cancellationToken);

    // Images are a cache of the daemon; other stacks and leases may use them.
    protected override Task DeleteAsync(
        ResourceContext context, ResourceState<ServiceImagesInputs, ServiceImagesOutputs> state, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<ServiceImagesOutputs> EnsureAsync(ResourceContext context, ServiceImagesInputs inputs, CancellationToken cancellationToken)
    {
        using var docker = new DockerEngine(time, DockerEngine.SocketPathOfEnvironment());
        var store = new ImageStore(docker, layout, time);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (kind, image) in ImagesOf(inputs))
        {
            ids[kind] = (await store.EnsureAsync(image, new ProgressLog(context.Log, $"{kind}: "), cancellationToken)).Id;
        }

        return new ServiceImagesOutputs { Ids = ids };
    }

    private async Task<Dictionary<string, string>> FindAsync(ServiceImagesInputs inputs, CancellationToken cancellationToken)
    {
        using var docker = new DockerEngine(time, DockerEngine.SocketPathOfEnvironment());
        var store = new ImageStore(docker, layout, time);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (kind, image) in ImagesOf(inputs))
        {
            if (await store.FindAsync(image, cancellationToken) is { } found)
            {
                ids[kind] = found.Id;
            }
        }

        return ids;
    }

    private static IEnumerable<(string Kind, ServiceImage Image)> ImagesOf(ServiceImagesInputs inputs) => inputs.Kinds
        .Distinct(StringComparer.Ordinal)
        .Select(ServiceCatalog.Find)
        .Where(kind => kind.Workload is not null)
        .Select(kind => (kind.Name, (kind.Workload ?? throw new InvalidOperationException(kind.Name)).Image));
}
