using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.State;

/// <summary>
/// The state file: Pulumi's checkpoint of version 3 in the envelope of its file backend. Resources are immutable, so each is written to
/// JSON once per run and a checkpoint is their concatenation: that keeps one write per step affordable.
/// </summary>
internal sealed class CheckpointFormat(string stack, Func<string, string> encrypt)
{
    private const int Version = 3;

    /// <summary>SHA-256 of the text in <see cref="WriterVersion"/> is the manifest's magic, by which Pulumi notices damage.</summary>
    private const string WriterVersion = "v3.259.0";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConditionalWeakTable<ResourceState, byte[]> _fragments = [];

    /// <summary>Writes a checkpoint.</summary>
    public void Write(IBufferWriter<byte> output, Snapshot snapshot, string? salt, DateTimeOffset now)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteStartObject("checkpoint");
        writer.WriteString("stack", $"organization/{stack}");
        writer.WritePropertyName("latest");
        WriteDeployment(writer, snapshot, salt, now);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The salt under which a deployment's secrets were encrypted; null where it has none.</summary>
    /// <exception cref="Core.InfraException">JEJU0107: another secrets provider.</exception>
    public static string? ReadSalt(JsonElement deployment)
    {
        if (!deployment.TryGetProperty("secrets_providers", out var provider) || provider.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var type = Text(provider, "type");
        return type switch
        {
            "" => null,
            "passphrase" => Text(provider.GetProperty("state"), "salt"),
            _ => throw EngineErrors.SecretsProviderUnknown(type),
        };
    }

    /// <summary>Finds the deployment in either envelope; null in the file of a stack that was never deployed.</summary>
    public static JsonElement? FindDeployment(JsonElement root, string path)
    {
        if (root.TryGetProperty("version", out var version) && version.GetInt32() != Version)
        {
            throw EngineErrors.StateVersion(path, version.GetInt32());
        }

        if (root.TryGetProperty("deployment", out var deployment))
        {
            return deployment;
        }

        return root.TryGetProperty("checkpoint", out var checkpoint) && checkpoint.TryGetProperty("latest", out var latest)
               && latest.ValueKind == JsonValueKind.Object
            ? latest
            : null;
    }

    /// <summary>Reads a deployment.</summary>
    public static Snapshot ReadDeployment(JsonElement deployment, Func<string, string> decrypt) => new(
        [.. Items(deployment, "resources").Select(resource => ReadResource(resource, decrypt))],
        [.. Items(deployment, "pending_operations").Select(operation => new PendingOperation(
            ReadResource(operation.GetProperty("resource"), decrypt),
            Enum.Parse<PendingOperationKind>(Text(operation, "type"), ignoreCase: true)))]);

    /// <summary>Whether a snapshot holds secrets that this run has not written yet, so that the key is needed.</summary>
    public bool NeedsKey(Snapshot snapshot) => snapshot.Resources
        .Concat(snapshot.PendingOperations.Select(operation => operation.Resource))
        .Any(resource => !_fragments.TryGetValue(resource, out _) && (resource.Inputs.ContainsSecrets || resource.Outputs.ContainsSecrets));

    private void WriteDeployment(Utf8JsonWriter writer, Snapshot snapshot, string? salt, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("manifest");
        writer.WriteString("time", now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteString(
            "magic",
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(WriterVersion))));
        writer.WriteString("version", WriterVersion);
        writer.WriteEndObject();
        if (salt is not null)
        {
            writer.WriteStartObject("secrets_providers");
            writer.WriteString("type", "passphrase");
            writer.WriteStartObject("state");
            writer.WriteString("salt", salt);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteStartArray("resources");
        foreach (var resource in snapshot.Resources)
        {
            writer.WriteRawValue(Fragment(resource), skipInputValidation: true);
        }

        writer.WriteEndArray();
        if (snapshot.PendingOperations.Count > 0)
        {
            writer.WriteStartArray("pending_operations");
            foreach (var operation in snapshot.PendingOperations)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("resource");
                writer.WriteRawValue(Fragment(operation.Resource), skipInputValidation: true);
                writer.WriteString("type", operation.Kind.ToString().ToLowerInvariant());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private byte[] Fragment(ResourceState resource) => _fragments.GetValue(resource, state =>
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            WriteResource(writer, state);
        }

        return buffer.WrittenSpan.ToArray();
    });

    private void WriteResource(Utf8JsonWriter writer, ResourceState state)
    {
        writer.WriteStartObject();
        writer.WriteString("urn", state.Urn);
        writer.WriteBoolean("custom", state.Custom);
        WriteFlag(writer, "delete", state.Delete);
        WriteText(writer, "id", state.Id);
        writer.WriteString("type", state.Type);
        WriteBag(writer, "inputs", state.Inputs);
        WriteBag(writer, "outputs", state.Outputs);
        WriteText(writer, "parent", state.Parent);
        WriteFlag(writer, "protect", state.Protect);
        WriteFlag(writer, "external", state.External);
        WriteTexts(writer, "dependencies", state.Dependencies);
        WriteTexts(writer, "initErrors", state.InitErrors);
        WriteText(writer, "provider", state.Provider);
        if (state.PropertyDependencies.Count > 0)
        {
            writer.WriteStartObject("propertyDependencies");
            foreach (var (property, urns) in state.PropertyDependencies)
            {
                writer.WriteStartArray(property);
                foreach (var urn in urns)
                {
                    writer.WriteStringValue(urn);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        WriteFlag(writer, "pendingReplacement", state.PendingReplacement);
        WriteTexts(writer, "additionalSecretOutputs", state.AdditionalSecretOutputs);
        WriteTexts(writer, "aliases", state.Aliases);
        WriteTimeouts(writer, state.CustomTimeouts);
        WriteText(writer, "importID", state.ImportId);
        WriteFlag(writer, "retainOnDelete", state.RetainOnDelete);
        WriteText(writer, "deletedWith", state.DeletedWith);
        WriteTime(writer, "created", state.Created);
        WriteTime(writer, "modified", state.Modified);
        WriteTexts(writer, "ignoreChanges", state.IgnoreChanges);
        WriteTexts(writer, "replaceOnChanges", state.ReplaceOnChanges);
        writer.WriteEndObject();
    }

    private static ResourceState ReadResource(JsonElement element, Func<string, string> decrypt) => new()
    {
        Urn = Text(element, "urn"),
        Type = Text(element, "type"),
        Custom = Flag(element, "custom"),
        Delete = Flag(element, "delete"),
        Id = Text(element, "id"),
        Inputs = StateValues.ReadMap(element, "inputs", decrypt),
        Outputs = StateValues.ReadMap(element, "outputs", decrypt),
        Parent = Text(element, "parent"),
        Protect = Flag(element, "protect"),
        External = Flag(element, "external"),
        Dependencies = Texts(element, "dependencies"),
        InitErrors = Texts(element, "initErrors"),
        Provider = Text(element, "provider"),
        PropertyDependencies = element.TryGetProperty("propertyDependencies", out var dependencies) && dependencies.ValueKind == JsonValueKind.Object
            ? dependencies.EnumerateObject().ToImmutableSortedDictionary(
                member => member.Name,
                member => member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().Select(urn => urn.GetString()!).ToEquatableList() : [],
                StringComparer.Ordinal)
            : ResourceState.EmptyDependencies,
        PendingReplacement = Flag(element, "pendingReplacement"),
        AdditionalSecretOutputs = Texts(element, "additionalSecretOutputs"),
        Aliases = Texts(element, "aliases"),
        CustomTimeouts = ReadTimeouts(element),
        ImportId = Text(element, "importID"),
        RetainOnDelete = Flag(element, "retainOnDelete"),
        DeletedWith = Text(element, "deletedWith"),
        Created = Time(element, "created"),
        Modified = Time(element, "modified"),
        IgnoreChanges = Texts(element, "ignoreChanges"),
        ReplaceOnChanges = Texts(element, "replaceOnChanges"),
    };

    private void WriteBag(Utf8JsonWriter writer, string name, PropertyMap bag)
    {
        if (bag.Count > 0)
        {
            writer.WritePropertyName(name);
            StateValues.Write(writer, bag, encrypt);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, true);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            writer.WriteString(name, time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, EquatableList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteTimeouts(Utf8JsonWriter writer, ResourceTimeouts timeouts)
    {
        if (timeouts == ResourceTimeouts.None)
        {
            return;
        }

        writer.WriteStartObject("customTimeouts");
        foreach (var (name, seconds) in new[] { ("create", timeouts.Create), ("update", timeouts.Update), ("delete", timeouts.Delete), ("read", timeouts.Read) })
        {
            if (seconds > 0)
            {
                writer.WriteNumber(name, seconds);
            }
        }

        writer.WriteEndObject();
    }

    private static ResourceTimeouts ReadTimeouts(JsonElement element)
    {
        if (!element.TryGetProperty("customTimeouts", out var timeouts) || timeouts.ValueKind != JsonValueKind.Object)
        {
            return ResourceTimeouts.None;
        }

        double Seconds(string name) => timeouts.TryGetProperty(name, out var seconds) ? seconds.GetDouble() : 0;
        return new ResourceTimeouts(Seconds("create"), Seconds("update"), Seconds("delete"), Seconds("read"));
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static EquatableList<string> Texts(JsonElement element, string name) =>
        Items(element, name).Select(item => item.GetString()!).ToEquatableList();

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
