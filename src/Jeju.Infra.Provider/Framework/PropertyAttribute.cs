namespace Jeju.Infra.Provider.Framework;

/// <summary>Describes a property of a resource: one source for binding, validation, comparison and schema.</summary>
/// <param name="description">What the property is, with its unit.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PropertyAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>The default as text (JSON for lists and maps); null for none. A property without default that is not nullable is required.</summary>
    public string? Default { get; init; }

    /// <summary>A secret is wrapped as one wherever it leaves the plugin.</summary>
    public bool Secret { get; init; }

    /// <summary>A change cannot be made in place.</summary>
    public bool Replaces { get; init; }

    /// <summary>Filled in by the plugin's Check from what it finds (a digest of the contracts); not for users to set.</summary>
    public bool Computed { get; init; }

    public string[] Allowed { get; init; } = [];

    public double Minimum { get; init; } = double.MinValue;

    public double Maximum { get; init; } = double.MaxValue;
}
