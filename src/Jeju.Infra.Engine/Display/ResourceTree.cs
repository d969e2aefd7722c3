namespace Jeju.Infra.Engine.Display;

/// <summary>A resource in the tree of those that change.</summary>
/// <param name="Urn">The resource.</param>
/// <param name="Type">Its type.</param>
/// <param name="Depth">How deep it is below the stack.</param>
/// <param name="Change">What happens to it; null for one that only leads to others.</param>
internal sealed record ResourceTreeNode(string Urn, string Type, int Depth, ResourceStep? Change);

/// <summary>Puts changes under their parents.</summary>
internal static class ResourceTree
{
    /// <summary>The changes and the parents that lead to them, in order of display.</summary>
    public static IReadOnlyList<ResourceTreeNode> Build(IReadOnlyList<ResourceStep> all, IReadOnlyList<ResourceStep> changes)
    {
        var parents = all.GroupBy(step => step.Urn, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            for (var step = change; step is not null && shown.Add(step.Urn); step = parents.GetValueOrDefault(step.Parent))
            {
            }
        }

        var children = shown.Where(parents.ContainsKey)
            .Select(urn => parents[urn])
            .ToLookup(step => shown.Contains(step.Parent) ? step.Parent : "", StringComparer.Ordinal);
        var changesByUrn = changes.ToLookup(change => change.Urn, StringComparer.Ordinal);
        var nodes = new List<ResourceTreeNode>();
        Add("", 0);
        return nodes;

        void Add(string parent, int depth)
        {
            foreach (var step in children[parent].OrderBy(step => step.Name, StringComparer.Ordinal).ThenBy(step => step.Type, StringComparer.Ordinal))
            {
                var own = changesByUrn[step.Urn].ToArray();
                nodes.AddRange(own.Length > 0
                    ? own.Select(change => new ResourceTreeNode(step.Urn, step.Type, depth, change))
                    : [new ResourceTreeNode(step.Urn, step.Type, depth, Change: null)]);
                Add(step.Urn, depth + 1);
            }
        }
    }
}
