namespace Jeju.Infra.Stacks.Settings;

/// <summary>What holds a signing key.</summary>
public enum SignerKind
{
    /// <summary>An environment variable of the process that runs the plugin.</summary>
    Environment,
}

/// <summary>Which key signs, and where it is. The key itself is never a setting.</summary>
public sealed record SignerSettings
{
    /// <summary>What holds the key.</summary>
    [Setting("What holds the key.")]
    public required SignerKind Type { get; init; }

    /// <summary>Where in it the key is.</summary>
    [Setting("Where the key is: the variable's name.",
        Pattern = @"\S+", PatternMeaning = "a text without blanks")]
    public required string Key { get; init; }

    /// <summary>The account of the key.</summary>
    [Setting("The account that the key must have; without it, addresses that depend on the account are unknown in a preview without the key.")]
    public Jeju.Infra.Core.Address? Address { get; init; }
}
