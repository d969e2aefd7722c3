using System.Globalization;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy;

/// <summary>
/// Reads a planned resource's inputs by path, such as <c>settings.backupConfiguration.enabled</c>. A step into a list goes into each of its
/// items: what a provider takes as a list of one and what it takes as an object read the same.
/// </summary>
internal static class PlannedInputs
{
    /// <summary>All values at a path.</summary>
    public static IEnumerable<PropertyValue> Each(this PlannedResource resource, string path) => resource.Inputs.Each(path);

    /// <summary>All values at a path below a value.</summary>
    public static IEnumerable<PropertyValue> Each(this PropertyValue value, string path) => path.Split('.').Aggregate(
        Items(value),
        (values, name) => values.SelectMany(item => item is PropertyMap map && map.Find(name) is { } child ? Items(child) : []));

    /// <summary>The first value at a path, or null.</summary>
    public static PropertyValue? Value(this PlannedResource resource, string path) => resource.Each(path).FirstOrDefault();

    /// <summary>The text at a path; null where there is none, or where it is not known.</summary>
    public static string? Text(this PlannedResource resource, string path) => resource.Value(path) is { } value ? value.AsText() : null;

    /// <summary>The text at a path below a value.</summary>
    public static string? Text(this PropertyValue value, string path) => value.Each(path).FirstOrDefault() is { } found ? found.AsText() : null;

    /// <summary>Whether a property is there and true. Some providers take booleans as texts.</summary>
    public static bool IsTrue(this PlannedResource resource, string path) => resource.Value(path) is { } value && value.IsTrue();

    /// <summary>Whether a value is true, or the text of it.</summary>
    public static bool IsTrue(this PropertyValue value) => value is PropertyBoolean { Value: true }
        || (value is PropertyString text && string.Equals(text.Value, "true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The number at a path; null where there is none.</summary>
    public static decimal? Number(this PlannedResource resource, string path) => resource.Value(path) is { } value ? value.AsNumber() : null;

    /// <summary>A value as a number.</summary>
    public static decimal? AsNumber(this PropertyValue value) => value switch
    {
        PropertyNumber number when double.IsFinite(number.Value) => (decimal)number.Value,
        PropertyString text when decimal.TryParse(text.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>A known value as text.</summary>
    public static string? AsText(this PropertyValue value) => value switch
    {
        PropertyString text => text.Value,
        PropertyBoolean boolean => boolean.Value ? "true" : "false",
        PropertyNumber number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Whether there is anything at a path, known or not.</summary>
    public static bool Has(this PlannedResource resource, string path) => resource.Each(path).Any(value => !value.IsNull);

    /// <summary>The resources that a property's unknown parts come from.</summary>
    public static IEnumerable<string> Sources(this PlannedResource resource, string path) =>
        resource.PropertyDependencies.TryGetValue(path.Split('.', 2)[0], out var urns) ? urns : [];

    /// <summary>The resource's name.</summary>
    public static string Name(this PlannedResource resource) => Urn.Name(resource.Urn);

    /// <summary>Every value of a resource with its path, leaves only.</summary>
    public static IEnumerable<(string Path, PropertyValue Value)> Leaves(this PlannedResource resource) => Leaves("", resource.Inputs);

    /// <summary>Every leaf of a value, with its path.</summary>
    public static IEnumerable<(string Path, PropertyValue Value)> Leaves(string path, PropertyValue value) => value switch
    {
        PropertyMap map => map.SelectMany(entry => Leaves(path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", entry.Value)),
        PropertyList list => list.SelectMany((item, index) => Leaves(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), item)),
        _ => [(path, value)],
    };

    private static IEnumerable<PropertyValue> Items(PropertyValue value) => value is PropertyList list ? list.SelectMany(Items) : [value];
}
