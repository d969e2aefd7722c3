namespace Jeju.Infra.Stacks.Settings;

/// <summary>A finding of the policy that a stack lives with, and why. The command line reads it; the program only checks its form.</summary>
public sealed record PolicyExceptionSettings
{
    /// <summary>The rule.</summary>
    [Setting("The code of the rule.", Pattern = "JEJU09[0-9]{2}", PatternMeaning = "a code such as JEJU0901")]
    public required string Rule { get; init; }

    /// <summary>The resource.</summary>
    [Setting("The resource that is excepted, by its name or its URN.")]
    public required string Resource { get; init; }

    /// <summary>The reason.</summary>
    [Setting("Why the finding may stay.", Pattern = @"(?s).{30,}", PatternMeaning = "a justification of at least 30 characters")]
    public required string Justification { get; init; }

    /// <summary>The end.</summary>
    [Setting("The last day of the exception; it has no end where absent.", Pattern = "20[0-9]{2}-[01][0-9]-[0-3][0-9]", PatternMeaning = "a date such as 2027-01-31")]
    public string? Expires { get; init; }
}
