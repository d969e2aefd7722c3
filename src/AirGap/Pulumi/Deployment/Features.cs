using System.Collections.Concurrent;
using Jeju.Infra.Protocol;

namespace Pulumi;

/// <summary>What the engine can do; each feature is asked for when it is first needed.</summary>
internal sealed class Features(IMonitor monitor)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> answers = new();

    public Task<bool> HasResourceReferencesAsync() => HasAsync("resourceReferences");

    public Task<bool> HasOutputValuesAsync() => HasAsync("outputValues");

    public Task<bool> HasAliasSpecsAsync() => HasAsync("aliasSpecs");

    /// <exception cref="InvalidOperationException">The engine lacks what the program uses.</exception>
    public async Task RequireAsync(string id, string use)
    {
        if (!await HasAsync(id).ConfigureAwait(false))
        {
            throw Lacks(id, use);
        }
    }

    public static InvalidOperationException Lacks(string id, string use) => new($"The Pulumi CLI does not support {use} ({id}). Please update the Pulumi CLI.");

    private Task<bool> HasAsync(string id) => answers.GetOrAdd(id, key => new(() => AskAsync(key))).Value;

    private async Task<bool> AskAsync(string id) =>
        (await monitor.CallAsync(PulumiMethods.ResourceMonitor.SupportsFeature, new() { Id = id }).ConfigureAwait(false)).HasSupport;
}
