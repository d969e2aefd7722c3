using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pulumi;

/// <summary>
/// Writes objects that hold outputs as JSON: each output is awaited before the text is made, and the text is secret or unknown when one of them is.
/// </summary>
internal sealed class JsonOutputConverterFactory : JsonConverterFactory
{
    private readonly List<IOutput> met = [];
    private readonly Dictionary<IOutput, OutputData<object?>> known = [];

    public override bool CanConvert(Type typeToConvert) => typeof(IOutput).IsAssignableFrom(typeToConvert) || typeof(IInput).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Writer<>).MakeGenericType(typeToConvert), this)!;

    public static async Task<OutputData<string>> SerializeAsync<T>(Output<T> value, JsonSerializerOptions? options)
    {
        var root = await value.DataTask.ConfigureAwait(false);
        if (!root.IsKnown)
        {
            return new(root.Resources, null!, IsKnown: false, root.IsSecret);
        }
        var factory = new JsonOutputConverterFactory();
        var all = new JsonSerializerOptions(options ?? JsonSerializerOptions.Default);
        all.Converters.Add(factory);
        // An output can hold further outputs: write again until every one that is met is known.
        while (true)
        {
            var text = JsonSerializer.Serialize(root.Value, all);
            if (factory.met.Count == 0)
            {
                var data = factory.known.Values;
                return new([.. root.Resources, .. data.SelectMany(part => part.Resources)], text, data.All(part => part.IsKnown), root.IsSecret || data.Any(part => part.IsSecret));
            }
            foreach (var output in factory.met)
            {
                factory.known[output] = await output.GetDataAsync().ConfigureAwait(false);
            }
            factory.met.Clear();
        }
    }

    private sealed class Writer<T>(JsonOutputConverterFactory factory) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException($"JSON cannot be read into a {typeof(T)}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            var output = value as IOutput ?? (IOutput)((IInput)value!).Value!;
            if (factory.known.TryGetValue(output, out var data))
            {
                JsonSerializer.Serialize(writer, data.IsKnown ? data.Value : null, options);
            }
            else
            {
                factory.met.Add(output);
                writer.WriteNullValue();
            }
        }
    }
}
