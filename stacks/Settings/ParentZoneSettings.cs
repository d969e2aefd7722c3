namespace Jeju.Infra.Stacks.Settings;

/// <summary>The zone above the stack's, on Route 53, where the program writes that the stack's zone is delegated.</summary>
public sealed record ParentZoneSettings
{
    /// <summary>The zone.</summary>
    [Setting("The id of the zone above the stack's.", Pattern = "Z[A-Z0-9]{8,31}", PatternMeaning = "the id of a zone, such as Z0123456789ABCDEFGHIJ")]
    public required string ZoneId { get; init; }

    /// <summary>Who may write there.</summary>
    [Setting("The role that may write into that zone, where another account owns it.", Pattern = "arn:aws:iam::[0-9]{12}:role/.+", PatternMeaning = "the ARN of a role")]
    public string? Role { get; init; }
}
