namespace Pulumi;

/// <summary>A URN: urn:pulumi:stack::project::parentType$type::name.</summary>
public readonly struct Urn(string value) : IEquatable<Urn>
{
    private readonly string value = value;

    public static implicit operator string(Urn value) => value.value;

    public static bool operator ==(Urn left, Urn right) => left.Equals(right);

    public static bool operator !=(Urn left, Urn right) => !left.Equals(right);

    public static Output<string> Create(Input<string> name, Input<string> type, Resource? parent = null, Input<string>? parentUrn = null, Input<string>? project = null, Input<string>? stack = null)
    {
        if (parent is not null && parentUrn is not null)
        {
            throw new ArgumentException("Only one of parent and parentUrn can be given.", nameof(parentUrn));
        }
        var above = parent?.Urn ?? parentUrn?.ToOutput() ?? Output.Create(string.Empty);
        return Output.Tuple(above, name.ToOutput(), type.ToOutput(), (project ?? Deployment.Instance.ProjectName).ToOutput(), (stack ?? Deployment.Instance.StackName).ToOutput()).Apply(parts =>
        {
            var (parentText, nameText, typeText, projectText, stackText) = parts;
            var prefix = parentText.Length == 0 ? $"urn:pulumi:{stackText}::{projectText}::" : parentText[..parentText.LastIndexOf("::", StringComparison.Ordinal)] + "$";
            return $"{prefix}{typeText}::{nameText}";
        });
    }

    public bool Equals(Urn other) => value == other.value;

    public override bool Equals(object? obj) => obj is Urn other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => value;

    /// <summary>The type token of the resource itself, without its parents'.</summary>
    internal static string TypeOf(string urn)
    {
        var qualified = urn.Split("::")[2];
        return qualified[(qualified.LastIndexOf('$') + 1)..];
    }
}
