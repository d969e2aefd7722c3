using Jeju.Infra.Core;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Provider.Handlers;

namespace Jeju.Infra.Provider;

/// <summary>The resource types of the package.</summary>
internal static class ResourceHandlers
{
    /// <param name="layout">Where the checkout that the plugin belongs to keeps its files.</param>
    /// <param name="time">The clock.</param>
    public static IReadOnlyList<IResourceHandler> All(RepositoryLayout layout, TimeProvider time) =>
    [
        new LocalChainHandler(layout, time),
    ];
}
