namespace Pulumi;

/// <summary>Which resources a dependency means for the engine.</summary>
internal static class DependencyExpansion
{
    /// <summary>A component stands for the custom resources below it; a remote one for itself.</summary>
    public static async Task<IReadOnlyCollection<string>> ToUrnsAsync(IEnumerable<Resource> resources, Resource? self = null)
    {
        var urns = new List<string>();
        // A child of the component that it depends on does not wait for itself.
        foreach (var resource in Expand(resources).Where(resource => resource != self))
        {
            var urn = (await resource.Urn.DataTask.ConfigureAwait(false)).Value;
            if (!string.IsNullOrEmpty(urn) && !urns.Contains(urn))
            {
                urns.Add(urn);
            }
        }
        return urns;
    }

    public static IReadOnlyCollection<Resource> Expand(IEnumerable<Resource> resources)
    {
        var met = new HashSet<Resource>();
        var found = new List<Resource>();
        var open = new Queue<Resource>(resources);
        while (open.TryDequeue(out var resource))
        {
            if (!met.Add(resource))
            {
                continue;
            }
            if (resource is CustomResource || resource.Remote)
            {
                found.Add(resource);
                continue;
            }
            foreach (var child in resource.Children)
            {
                open.Enqueue(child);
            }
        }
        return found;
    }
}
