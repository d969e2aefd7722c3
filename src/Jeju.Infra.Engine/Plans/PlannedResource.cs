using System.Collections.Immutable;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Plans;

/// <summary>A resource as the program asks for it.</summary>
public sealed record PlannedResource
{
    /// <summary>The URN.</summary>
    public required string Urn { get; init; }

    /// <summary>The type token.</summary>
    public required string Type { get; init; }

    /// <summary>The checked inputs, with unknowns and secrets marked.</summary>
    public required PropertyMap Inputs { get; init; }

    /// <summary>The parent's URN; empty for the root.</summary>
    public required string Parent { get; init; }

    /// <summary>URNs that it depends on.</summary>
    public required EquatableList<string> Dependencies { get; init; }

    /// <summary>Per input, the URNs that it comes from.</summary>
    public ImmutableSortedDictionary<string, EquatableList<string>> PropertyDependencies { get; init; } = State.ResourceState.EmptyDependencies;

    /// <summary>Per path of an unknown input, the outputs that it comes from; empty without a traced preview.</summary>
    public ImmutableSortedDictionary<string, EquatableList<OutputSource>> UnknownSources { get; init; } =
        ImmutableSortedDictionary.Create<string, EquatableList<OutputSource>>(StringComparer.Ordinal);

    /// <summary>Per path of an unknown input, the text that it will be, with placeholders for the outputs in it; empty without a traced preview.</summary>
    public ImmutableSortedDictionary<string, string> ComposedTexts { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>As <see cref="PropertyDependencies"/>, with the marks of a traced preview.</summary>
    internal ImmutableSortedDictionary<string, EquatableList<string>> TracedDependencies { get; init; } = State.ResourceState.EmptyDependencies;

    /// <summary>The URN of its provider; empty for a component.</summary>
    public required string Provider { get; init; }

    /// <summary>Its options, by name, without those that are at their default.</summary>
    public required PropertyMap Options { get; init; }
}
