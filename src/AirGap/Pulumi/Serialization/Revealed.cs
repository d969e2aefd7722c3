using System.Collections.Immutable;
using Jeju.Infra.Protocol.Properties;

namespace Pulumi;

/// <summary>A value from the wire with what was marked in it, however deep, told apart.</summary>
internal readonly record struct Revealed(PropertyValue Value, bool IsKnown, bool IsSecret, ImmutableHashSet<string> Dependencies)
{
    public static Revealed From(PropertyValue value) => value switch
    {
        PropertyUnknown => new(PropertyValue.Null, IsKnown: false, IsSecret: false, []),
        PropertySecret secret => From(secret.Value) with { IsSecret = true },
        PropertyOutput output => FromOutput(output),
        PropertyList list => FromList(list),
        PropertyMap map => FromMap(map),
        _ => new(value, IsKnown: true, IsSecret: false, []),
    };

    private static Revealed FromOutput(PropertyOutput output)
    {
        var inner = From(output.Value ?? PropertyValue.Unknown);
        return inner with { IsSecret = output.IsSecret || inner.IsSecret, Dependencies = inner.Dependencies.Union(output.Dependencies) };
    }

    private static Revealed FromList(PropertyList list)
    {
        var items = list.Select(From).ToImmutableArray();
        return Join(PropertyList.From(items.Select(item => item.Value)), items);
    }

    private static Revealed FromMap(PropertyMap map)
    {
        var entries = map.Select(entry => (entry.Key, Value: From(entry.Value))).ToImmutableArray();
        return Join(PropertyMap.From(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Value))), [.. entries.Select(entry => entry.Value)]);
    }

    private static Revealed Join(PropertyValue value, ImmutableArray<Revealed> parts) =>
        new(value, parts.All(part => part.IsKnown), parts.Any(part => part.IsSecret), [.. parts.SelectMany(part => part.Dependencies)]);
}
