namespace Jeju.Infra.Protocol.Properties;

/// <summary>A value of a resource's property, as engine, programs and plugins exchange it. Immutable, compared by content.</summary>
public abstract record PropertyValue
{
    private protected PropertyValue()
    {
    }

    /// <summary>The null value.</summary>
    public static PropertyValue Null { get; } = new PropertyNull();

    /// <summary>A value that is not known before the deployment.</summary>
    public static PropertyValue Unknown { get; } = new PropertyUnknown();

    /// <summary>A string, or null for null.</summary>
    public static implicit operator PropertyValue(string? value) => value is null ? Null : new PropertyString(value);

    /// <summary>A boolean.</summary>
    public static implicit operator PropertyValue(bool value) => new PropertyBoolean(value);

    /// <summary>A number.</summary>
    public static implicit operator PropertyValue(double value) => new PropertyNumber(value);

    /// <summary>Whether this is the null value.</summary>
    public bool IsNull => this is PropertyNull;

    /// <summary>Whether the value, or any part of it, is unknown.</summary>
    public bool ContainsUnknowns => HasPart(static value => value is PropertyUnknown or PropertyOutput { Value: null });

    /// <summary>Whether the value, or any part of it, is secret.</summary>
    public bool ContainsSecrets => HasPart(static value => value is PropertySecret or PropertyOutput { IsSecret: true });

    /// <summary>Leaves the questions above out of the text of a value.</summary>
    protected virtual bool PrintMembers(System.Text.StringBuilder builder) => false;

    /// <summary>Whether the value or any part of it, however deep, has a quality.</summary>
    public bool HasPart(Func<PropertyValue, bool> predicate) => predicate(this) || this switch
    {
        PropertyList list => list.Any(item => item.HasPart(predicate)),
        PropertyMap map => map.Any(entry => entry.Value.HasPart(predicate)),
        PropertySecret secret => secret.Value.HasPart(predicate),
        PropertyOutput { Value: { } inner } => inner.HasPart(predicate),
        PropertyArchive archive => archive.Assets.Any(entry => entry.Value.HasPart(predicate)),
        PropertyResourceReference { Id: { } id } => id.HasPart(predicate),
        _ => false,
    };
}

/// <summary>The null value.</summary>
public sealed record PropertyNull : PropertyValue
{
    internal PropertyNull()
    {
    }
}

/// <summary>A value that is not known before the deployment.</summary>
public sealed record PropertyUnknown : PropertyValue
{
    internal PropertyUnknown()
    {
    }
}

/// <summary>A boolean.</summary>
/// <param name="Value">The boolean.</param>
public sealed record PropertyBoolean(bool Value) : PropertyValue;

/// <summary>A number. On the wire it is a double: 64-bit integers above 2^53 travel as strings.</summary>
/// <param name="Value">The number.</param>
public sealed record PropertyNumber(double Value) : PropertyValue;

/// <summary>A string.</summary>
/// <param name="Value">The string, never null.</param>
public sealed record PropertyString(string Value) : PropertyValue;

/// <summary>A value that is encrypted in the state and masked on display.</summary>
/// <param name="Value">What is secret.</param>
public sealed record PropertySecret(PropertyValue Value) : PropertyValue
{
    /// <inheritdoc/>
    public override string ToString() => "[secret]";
}

/// <summary>A reference to another resource.</summary>
/// <param name="Urn">The resource's URN.</param>
/// <param name="Id">Its id; unknown in a preview; null for a component, which has none.</param>
/// <param name="PackageVersion">The version of its package; empty where the peer does not say.</param>
public sealed record PropertyResourceReference(string Urn, PropertyValue? Id, string PackageVersion = "") : PropertyValue;

/// <summary>A value with its secretness and its dependencies in one place.</summary>
/// <param name="Value">The value; null where it is unknown.</param>
/// <param name="IsSecret">Whether it is secret.</param>
/// <param name="Dependencies">URNs of the resources that it depends on.</param>
public sealed record PropertyOutput(PropertyValue? Value, bool IsSecret, EquatableList<string> Dependencies) : PropertyValue
{
    /// <summary>The same value as peers without outputs know it: unknown, secret or plain.</summary>
    public PropertyValue Lower() => Value is null ? Unknown : IsSecret ? new PropertySecret(Value) : Value;

    /// <inheritdoc/>
    public override string ToString() => IsSecret ? "[secret]" : $"output {Value}";
}

/// <summary>A file: its content, where it is, or only its hash.</summary>
/// <param name="Text">The content.</param>
/// <param name="Path">A path, relative to the program's directory.</param>
/// <param name="Uri">An address.</param>
/// <param name="Hash">SHA-256 of the content, in hex.</param>
public sealed record PropertyAsset(string? Text = null, string? Path = null, string? Uri = null, string? Hash = null) : PropertyValue;

/// <summary>A set of files: a folder or packed file, where it is, or only its hash.</summary>
/// <param name="Assets">Assets and archives by their path inside.</param>
/// <param name="Path">A path, relative to the program's directory.</param>
/// <param name="Uri">An address.</param>
/// <param name="Hash">SHA-256 of the content, in hex.</param>
public sealed record PropertyArchive(PropertyMap Assets, string? Path = null, string? Uri = null, string? Hash = null) : PropertyValue
{
    /// <summary>Whether the archive is one of named assets, be it an empty one.</summary>
    public bool IsAssetMap => Path is null && Uri is null && (Assets.Count > 0 || Hash is null);
}
