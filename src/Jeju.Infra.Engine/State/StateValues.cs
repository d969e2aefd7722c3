using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.State;

/// <summary>Property values in the notation of the state file, where secrets are encrypted.</summary>
internal static class StateValues
{
    /// <summary>Marks a number that JSON cannot write: its 64 bits in hex are under "value".</summary>
    private const string OddNumber = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="encrypt">Encrypts the JSON of a secret; null writes secrets as plain values, as they stand inside another secret.</param>
    public static void Write(Utf8JsonWriter writer, PropertyValue value, Func<string, string>? encrypt)
    {
        switch (value)
        {
            case PropertyNull:
                writer.WriteNullValue();
                break;
            case PropertyUnknown:
                writer.WriteStringValue(PropertySignatures.UnknownString);
                break;
            case PropertyBoolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case PropertyNumber number:
                WriteNumber(writer, number.Value);
                break;
            case PropertyString text:
                writer.WriteStringValue(text.Value);
                break;
            case PropertyList list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item, encrypt);
                }

                writer.WriteEndArray();
                break;
            case PropertyMap map:
                writer.WriteStartObject();
                foreach (var (key, item) in map)
                {
                    writer.WritePropertyName(key);
                    Write(writer, item, encrypt);
                }

                writer.WriteEndObject();
                break;
            case PropertySecret secret when encrypt is null:
                Write(writer, secret.Value, encrypt: null);
                break;
            case PropertySecret secret:
                writer.WriteStartObject();
                writer.WriteString(PropertySignatures.Key, PropertySignatures.Secret);
                writer.WriteString("ciphertext", encrypt(ToJson(secret.Value)));
                writer.WriteEndObject();
                break;
            case PropertyOutput output:
                Write(writer, output.Lower(), encrypt);
                break;
            default:
                WriteSpecial(writer, value, encrypt);
                break;
        }
    }

    /// <summary>Reads a value.</summary>
    /// <param name="element">The JSON.</param>
    /// <param name="decrypt">Decrypts a secret.</param>
    /// <exception cref="FormatException">A special object is incomplete.</exception>
    public static PropertyValue Read(JsonElement element, Func<string, string> decrypt) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.String => PropertyCodec.FromString(element.GetString()!),
        JsonValueKind.Array => PropertyList.From(element.EnumerateArray().Select(item => Read(item, decrypt))),
        JsonValueKind.Object => ReadObject(element, decrypt),
        _ => PropertyValue.Null,
    };

    /// <summary>Reads a property bag; absent is empty.</summary>
    public static PropertyMap ReadMap(JsonElement parent, string name, Func<string, string> decrypt) =>
        parent.TryGetProperty(name, out var element) && element.ValueKind == JsonValueKind.Object
            ? Read(element, decrypt) as PropertyMap ?? throw new FormatException($"'{name}' is no property bag.")
            : PropertyMap.Empty;

    private static string ToJson(PropertyValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriterOptions))
        {
            Write(writer, value, encrypt: null);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number) && !(number == 0 && double.IsNegative(number)))
        {
            writer.WriteNumberValue(number);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(PropertySignatures.Key, OddNumber);
        writer.WriteString("value", BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }

    /// <summary>Assets, archives and references look in the state as they do on the wire.</summary>
    private static void WriteSpecial(Utf8JsonWriter writer, PropertyValue value, Func<string, string>? encrypt)
    {
        writer.WriteStartObject();
        switch (value)
        {
            case PropertyAsset asset:
                writer.WriteString(PropertySignatures.Key, PropertySignatures.Asset);
                WriteOptional(writer, "text", asset.Text);
                WriteOptional(writer, "path", asset.Path);
                WriteOptional(writer, "uri", asset.Uri);
                WriteOptional(writer, "hash", asset.Hash);
                break;
            case PropertyArchive archive:
                writer.WriteString(PropertySignatures.Key, PropertySignatures.Archive);
                if (archive.IsAssetMap)
                {
                    writer.WritePropertyName("assets");
                    Write(writer, archive.Assets, encrypt);
                }

                WriteOptional(writer, "path", archive.Path);
                WriteOptional(writer, "uri", archive.Uri);
                WriteOptional(writer, "hash", archive.Hash);
                break;
            case PropertyResourceReference reference:
                writer.WriteString(PropertySignatures.Key, PropertySignatures.ResourceReference);
                writer.WriteString("urn", reference.Urn);
                if (reference.Id is not null)
                {
                    writer.WritePropertyName("id");
                    Write(writer, reference.Id, encrypt);
                }

                WriteOptional(writer, "packageVersion", reference.PackageVersion.Length == 0 ? null : reference.PackageVersion);
                break;
            default:
                throw new InvalidOperationException($"A property value of kind {value.GetType().Name} has no form in the state.");
        }

        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static PropertyValue ReadObject(JsonElement element, Func<string, string> decrypt)
    {
        if (element.TryGetProperty(PropertySignatures.Key, out var signature) && signature.ValueKind == JsonValueKind.String)
        {
            if (signature.ValueEquals(PropertySignatures.Secret))
            {
                return new PropertySecret(ReadSecret(element, decrypt));
            }

            if (signature.ValueEquals(OddNumber))
            {
                var bits = Convert.FromHexString(element.GetProperty("value").GetString()!);
                return BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReadUInt64BigEndian(bits));
            }
        }

        return PropertyCodec.FromObject(PropertyMap.From(
            element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Read(member.Value, decrypt)))));
    }

    private static PropertyValue ReadSecret(JsonElement element, Func<string, string> decrypt)
    {
        var plainText = element.TryGetProperty("plaintext", out var plain)
            ? plain.GetString()!
            : decrypt(element.TryGetProperty("ciphertext", out var cipher)
                ? cipher.GetString()!
                : throw new FormatException("A secret has neither ciphertext nor plaintext."));
        using var document = JsonDocument.Parse(plainText);
        return Read(document.RootElement, decrypt);
    }
}
