using Jeju.Infra.Engine.State;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Finds every URN under which a resource may stand in the state.</summary>
internal static class AliasResolver
{
    /// <summary>The former URNs of a resource: its own aliases, those of its parent, and both together.</summary>
    public static IReadOnlyList<string> Resolve(ResourceGoal goal, string urn, string stack, string project, RegisteredResource? parent)
    {
        var former = new List<string>();
        // Where the parent may have stood, and the name that a child had there: names usually begin with the parent's.
        List<(string? Parent, string Name)> places = [(goal.Parent.Length > 0 ? goal.Parent : null, goal.Name)];
        if (parent is { State.IsRoot: false })
        {
            places.AddRange(parent.AliasUrns.Select(alias => ((string?)alias, ChildName(goal.Name, parent.Goal.Name, Urn.Name(alias)))));
        }

        foreach (var (parentUrn, name) in places)
        {
            former.Add(Urn.Create(stack, project, parentUrn, goal.Type, name));
            former.AddRange(goal.Aliases.Select(alias => alias.Urn ?? Apply(alias, parentUrn, name, goal.Type, stack, project)));
        }

        return [.. former.Distinct(StringComparer.Ordinal).Where(candidate => candidate != urn)];
    }

    private static string Apply(AliasSpec alias, string? parentUrn, string name, string type, string stack, string project)
    {
        var parent = alias.NoParent ? null : alias.ParentUrn ?? parentUrn;
        return Urn.Create(alias.Stack ?? stack, alias.Project ?? project, parent, alias.Type ?? type, alias.Name ?? name);
    }

    private static string ChildName(string name, string parentName, string formerParentName) =>
        name.StartsWith(parentName, StringComparison.Ordinal) ? formerParentName + name[parentName.Length..] : name;
}
