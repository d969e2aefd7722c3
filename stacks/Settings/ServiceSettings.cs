namespace Jeju.Infra.Stacks.Settings;

/// <summary>When an order counts as done.</summary>
public enum ServiceReadiness
{
    /// <summary>Once the chain accepted the order.</summary>
    Accepted,

    /// <summary>Once the provider node reported the service ready.</summary>
    Ready,
}

/// <summary>One service that the stack orders through the marketplace.</summary>
public sealed record ServiceSettings
{
    /// <summary>The name of the order in the stack.</summary>
    [Setting("The name of the order in the stack; it must not change while the service lives.",
        Pattern = "[a-z][a-z0-9-]{0,30}", PatternMeaning = "a lower-case name of letters, digits and hyphens, at most 31 long")]
    public required string Name { get; init; }

    /// <summary>The kind of service.</summary>
    [Setting("The kind of service, by its name in the catalog.", AllowedKinds = true)]
    public required string Kind { get; init; }

    /// <summary>Length of the lease in hours.</summary>
    [Setting("How long the service is leased and paid in advance.", Unit = "hours", Minimum = 1, Maximum = 720)]
    public int Hours { get; init; } = 168;

    /// <summary>The highest price accepted, in dollars per hour; the catalog's price where absent.</summary>
    [Setting("The highest price accepted; the catalog's base price with a tenth on top where absent.", Unit = "dollars per hour", Minimum = 0, Maximum = 10_000)]
    public decimal? MaximumPricePerHour { get; init; }

    /// <summary>The region the provider node must be in.</summary>
    [Setting("The region that the provider node must be in; any where absent.",
        Pattern = "[a-z0-9][a-z0-9-]{0,30}", PatternMeaning = "a region's lower-case name")]
    public string? Region { get; init; }

    /// <summary>Whether a trusted execution environment is asked for.</summary>
    [Setting("Whether the service must run in a trusted execution environment, also where its kind does not require it.")]
    public bool Tee { get; init; }

    /// <summary>When the order counts as done.</summary>
    [Setting("When the order counts as done.")]
    public ServiceReadiness WaitFor { get; init; } = ServiceReadiness.Ready;

    /// <summary>The JNS name below which the service is found.</summary>
    [Setting("The JNS name of the service; '<name>.jeju' where absent.",
        Pattern = @"[a-z0-9][a-z0-9-]{0,62}\.jeju", PatternMeaning = "a name that ends with .jeju")]
    public string? JnsName { get; init; }

    /// <summary>The short form of an entry: the kind alone, which is also the name.</summary>
    public static IReadOnlyDictionary<string, string> FromName(string name) => new Dictionary<string, string> { ["name"] = name, ["kind"] = name };
}
