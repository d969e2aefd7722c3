namespace Jeju.Infra.Stacks.Settings;

/// <summary>Describes one setting of a stack: what it means, and what it may be.</summary>
/// <param name="description">What the setting decides, in one sentence.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string description) : Attribute
{
    /// <summary>What the setting decides.</summary>
    public string Description { get; } = description;

    /// <summary>The unit of a number, such as <c>hours</c>; empty where the value has none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The values a text may take; empty where every text is allowed.</summary>
    public string[] Allowed { get; init; } = [];

    /// <summary>Whether the value is a kind of the service catalog.</summary>
    public bool AllowedKinds { get; init; }

    /// <summary>The smallest number allowed.</summary>
    public double Minimum { get; init; } = double.MinValue;

    /// <summary>The largest number allowed.</summary>
    public double Maximum { get; init; } = double.MaxValue;

    /// <summary>A regular expression that the whole text must match; empty for none.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>What <see cref="Pattern"/> asks for, in words.</summary>
    public string PatternMeaning { get; init; } = "";

    /// <summary>The member by which the entries of a list must differ; empty for none.</summary>
    public string UniqueBy { get; init; } = "";

    /// <summary>Whether the value is a secret: it is then read as one and never printed.</summary>
    public bool Secret { get; init; }
}
