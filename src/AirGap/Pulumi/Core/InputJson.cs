using System.Text.Json;

namespace Pulumi;

/// <summary>JSON in an argument.</summary>
public sealed class InputJson : Input<JsonElement>
{
    public InputJson()
        : this(Pulumi.Output.Create(default(JsonElement)))
    {
    }

    private InputJson(Output<JsonElement> output)
        : base(output)
    {
    }

    public static implicit operator InputJson(string json) => Pulumi.Output.Create(json);

    public static implicit operator InputJson(JsonDocument document) => document.RootElement;

    public static implicit operator InputJson(JsonElement element) => new(Pulumi.Output.Create(element));

    public static implicit operator InputJson(Output<string> json) => new(json.Apply(text => JsonSerializer.Deserialize<JsonElement>(text)));

    public static implicit operator InputJson(Output<JsonDocument> document) => new(document.Apply(known => known.RootElement));

    public static implicit operator InputJson(Output<JsonElement> element) => new(element);
}
