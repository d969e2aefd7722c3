namespace Jeju.Infra.Engine.State;

/// <summary>Reads and makes URNs: <c>urn:pulumi:stack::project::parentType$type::name</c>.</summary>
public static class Urn
{
    /// <summary>The type of the root resource of every stack.</summary>
    public const string StackType = "pulumi:pulumi:Stack";

    private const string Prefix = "urn:pulumi:";

    /// <summary>Makes the URN of a resource.</summary>
    /// <param name="stack">The stack's short name.</param>
    /// <param name="project">The project's name.</param>
    /// <param name="parent">The parent's URN, or null; the root stack adds nothing to a child's type.</param>
    /// <param name="type">The resource's type.</param>
    /// <param name="name">The resource's name.</param>
    public static string Create(string stack, string project, string? parent, string type, string name)
    {
        var parentType = string.IsNullOrEmpty(parent) ? "" : QualifiedType(parent);
        var qualified = parentType.Length == 0 || parentType == StackType ? type : $"{parentType}${type}";
        return $"{Prefix}{stack}::{project}::{qualified}::{name}";
    }

    /// <summary>The URN of a stack's root resource.</summary>
    public static string Root(string stack, string project) => Create(stack, project, null, StackType, $"{project}-{stack}");

    /// <summary>The types of the resource and its ancestors, outermost first, joined by <c>$</c>.</summary>
    public static string QualifiedType(string urn) => Part(urn, 2);

    /// <summary>The resource's own type.</summary>
    public static string Type(string urn)
    {
        var qualified = QualifiedType(urn);
        return qualified[(qualified.LastIndexOf('$') + 1)..];
    }

    /// <summary>The resource's name, which may itself hold double colons.</summary>
    public static string Name(string urn) => Part(urn, 3);

    /// <summary>The name of the stack.</summary>
    public static string Stack(string urn) => Part(urn, 0)[Prefix.Length..];

    /// <summary>The name of the project.</summary>
    public static string Project(string urn) => Part(urn, 1);

    /// <summary>The package that a type belongs to; for a provider resource, the package that it provides.</summary>
    public static string Package(string type)
    {
        const string providers = "pulumi:providers:";
        return type.StartsWith(providers, StringComparison.Ordinal) ? type[providers.Length..] : type.Split(':', 2)[0];
    }

    private static string Part(string urn, int index)
    {
        var parts = urn.Split("::", 4, StringSplitOptions.None);
        return parts.Length == 4 && urn.StartsWith(Prefix, StringComparison.Ordinal)
            ? parts[index]
            : throw new FormatException($"'{urn}' is no URN.");
    }
}
