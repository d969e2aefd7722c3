using System.Collections;
using System.Reflection;
using System.Text.Json;
using Google.Protobuf;
using Jeju.Infra.Protocol.Properties;

namespace Pulumi;

/// <summary>Makes of a program's value what travels on the wire, and collects the resources that it depends on.</summary>
/// <param name="keepResources">Resources travel as references; otherwise as their bare id or URN.</param>
/// <param name="keepOutputs">Outputs travel with their secretness and dependencies in one place, as transforms and calls want them.</param>
internal sealed class Serializer(bool keepResources, bool keepOutputs)
{
    private readonly HashSet<Resource> dependencies = [];

    /// <summary>The resources met so far.</summary>
    public IReadOnlySet<Resource> Dependencies => dependencies;

    public async Task<PropertyValue> SerializeAsync(string path, object? value) => value switch
    {
        null => PropertyValue.Null,
        IInput input => await SerializeAsync(path, input.Value).ConfigureAwait(false),
        IOutput output => await SerializeOutputAsync(path, output).ConfigureAwait(false),
        JsonInput json => await SerializeJsonAsync(path, json).ConfigureAwait(false),
        string text => text,
        bool boolean => boolean,
        int number => (double)number,
        double number => number,
        JsonElement json => FromJson(json),
        AssetOrArchive asset => asset.ToProperty(),
        Resource resource => await SerializeResourceAsync(resource).ConfigureAwait(false),
        IUnion union => await SerializeAsync(path, union.Value).ConfigureAwait(false),
        InputArgs args => await SerializeMapAsync(path, args.ToDictionary()).ConfigureAwait(false),
        IDictionary map => await SerializeMapAsync(path, ToEntries(path, map)).ConfigureAwait(false),
        IList list => await SerializeListAsync(path, list).ConfigureAwait(false),
        Task => throw new InvalidOperationException($"{path} is a Task. Wrap it in an Output: Output.Create(task)."),
        Enum number => Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture),
        _ when value.GetType().GetCustomAttribute<EnumTypeAttribute>() is not null => await SerializeAsync(path, EnumType.ToPlain(value)).ConfigureAwait(false),
        _ => throw new InvalidOperationException($"{value.GetType().FullName} is not a supported argument type ({path}). Supported are null, bool, int, double, string, JsonElement, assets, resources, argument classes, lists, maps with string keys, enumerations, inputs and outputs of those."),
    };

    /// <summary>The entries of a map; what is null is left out.</summary>
    public async Task<PropertyMap> SerializeMapAsync(string path, IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var result = new List<KeyValuePair<string, PropertyValue>>();
        foreach (var (key, value) in entries)
        {
            var serialized = await SerializeAsync($"{path}.{key}", value).ConfigureAwait(false);
            if (!serialized.IsNull)
            {
                result.Add(KeyValuePair.Create(key, serialized));
            }
        }
        return PropertyMap.From(result);
    }

    private static IEnumerable<KeyValuePair<string, object?>> ToEntries(string path, IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            yield return entry.Key is string key
                ? KeyValuePair.Create(key, entry.Value)
                : throw new InvalidOperationException($"{path} is a map with keys of the type {entry.Key.GetType()}. Only strings can be keys.");
        }
    }

    private async Task<PropertyValue> SerializeListAsync(string path, IList list)
    {
        // A list that was never set (the default of ImmutableArray) is none.
        if (list.GetType().IsValueType && list.Equals(Activator.CreateInstance(list.GetType())))
        {
            return PropertyValue.Null;
        }
        var result = new List<PropertyValue>(list.Count);
        for (var index = 0; index < list.Count; index++)
        {
            result.Add(await SerializeAsync($"{path}[{index}]", list[index]).ConfigureAwait(false));
        }
        return PropertyList.From(result);
    }

    private async Task<PropertyValue> SerializeOutputAsync(string path, IOutput output)
    {
        var data = await output.GetDataAsync().ConfigureAwait(false);
        dependencies.UnionWith(data.Resources);
        if (!keepOutputs)
        {
            if (!data.IsKnown)
            {
                return PropertyValue.Unknown;
            }
            var plain = await SerializeAsync(path, data.Value).ConfigureAwait(false);
            return data.IsSecret && plain is not PropertyUnknown ? new PropertySecret(plain) : plain;
        }
        var value = data.IsKnown ? await SerializeAsync(path, data.Value).ConfigureAwait(false) : null;
        var urns = await DependencyExpansion.ToUrnsAsync(data.Resources).ConfigureAwait(false);
        return value is not null && !data.IsSecret && urns.Count == 0 ? value : new PropertyOutput(value, data.IsSecret, urns.Order(StringComparer.Ordinal).ToEquatableList());
    }

    private async Task<PropertyValue> SerializeResourceAsync(Resource resource)
    {
        dependencies.Add(resource);
        var urn = await resource.Urn.DataTask.ConfigureAwait(false);
        if (resource is not CustomResource custom)
        {
            return keepResources ? new PropertyResourceReference(urn.Value, null) : urn.Value;
        }
        var id = await custom.Id.DataTask.ConfigureAwait(false);
        var value = id.IsKnown ? (PropertyValue)id.Value : PropertyValue.Unknown;
        return keepResources ? new PropertyResourceReference(urn.Value, value) : value;
    }

    private async Task<PropertyValue> SerializeJsonAsync(string path, JsonInput json)
    {
        var value = await SerializeAsync(path, json.Value).ConfigureAwait(false);
        if (value.IsNull || value.ContainsUnknowns)
        {
            return value.IsNull ? value : PropertyValue.Unknown;
        }
        var revealed = Revealed.From(value);
        // With the spaces that protobuf's notation has: the text is compared by the engine, and the official SDK writes it so.
        PropertyValue text = JsonFormatter.Default.Format(PropertyCodec.ToValue(revealed.Value));
        return revealed.IsSecret ? new PropertySecret(text) : text;
    }

    private static PropertyValue FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => PropertyList.From(json.EnumerateArray().Select(FromJson)),
        JsonValueKind.Object => PropertyMap.From(json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, FromJson(member.Value)))),
        _ => PropertyValue.Null,
    };
}
