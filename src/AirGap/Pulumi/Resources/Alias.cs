namespace Pulumi;

/// <summary>A former identity of a resource: what is left out is as it is now.</summary>
public sealed class Alias
{
    /// <summary>The former URN as a whole; then nothing else is given.</summary>
    public string? Urn { get; set; }

    public Input<string>? Name { get; set; }

    public Input<string>? Type { get; set; }

    public Input<string>? Stack { get; set; }

    public Input<string>? Project { get; set; }

    public Resource? Parent { get; set; }

    public Input<string>? ParentUrn { get; set; }

    /// <summary>The resource had no parent.</summary>
    public bool NoParent { get; set; }
}

/// <summary>How long an operation may take.</summary>
public sealed class CustomTimeouts
{
    public TimeSpan? Create { get; set; }

    public TimeSpan? Update { get; set; }

    public TimeSpan? Delete { get; set; }
}
