using Google.Protobuf.WellKnownTypes;

namespace Jeju.Infra.Protocol.Properties;

/// <summary>What a peer understands, and therefore how values are written for it.</summary>
public sealed record PropertyEncoding
{
    /// <summary>Everything is kept: secrets, references and outputs.</summary>
    public static PropertyEncoding Full { get; } = new();

    /// <summary>What the official SDK reads in answers: secrets and references, but no outputs.</summary>
    public static PropertyEncoding WithoutOutputs { get; } = new() { KeepOutputs = false };

    /// <summary>Secrets are wrapped; otherwise their bare value is written.</summary>
    public bool KeepSecrets { get; init; } = true;

    /// <summary>References are objects; otherwise the bare id, or the URN of a component.</summary>
    public bool KeepResources { get; init; } = true;

    /// <summary>Outputs are objects; otherwise their value, wrapped where it is secret.</summary>
    public bool KeepOutputs { get; init; } = true;
}

/// <summary>Translates property values to and from the protobuf structures of the wire.</summary>
public static class PropertyCodec
{
    /// <summary>Writes a property bag.</summary>
    public static Struct ToStruct(PropertyMap map, PropertyEncoding? encoding = null)
    {
        encoding ??= PropertyEncoding.Full;
        var result = new Struct();
        foreach (var (key, value) in map)
        {
            result.Fields.Add(key, ToValue(value, encoding));
        }

        return result;
    }

    /// <summary>Writes one value.</summary>
    public static Value ToValue(PropertyValue value, PropertyEncoding? encoding = null)
    {
        encoding ??= PropertyEncoding.Full;
        return value switch
        {
            PropertyNull => Value.ForNull(),
            PropertyUnknown => Value.ForString(PropertySignatures.UnknownString),
            PropertyBoolean boolean => Value.ForBool(boolean.Value),
            PropertyNumber number => Value.ForNumber(number.Value),
            PropertyString text => Value.ForString(text.Value),
            PropertyList list => new Value { ListValue = ToListValue(list, encoding) },
            PropertyMap map => Value.ForStruct(ToStruct(map, encoding)),
            PropertySecret secret when !encoding.KeepSecrets => ToValue(secret.Value, encoding),
            PropertySecret secret => Signed(PropertySignatures.Secret, ("value", ToValue(secret.Value, encoding))),
            PropertyOutput output when !encoding.KeepOutputs => ToValue(output.Lower(), encoding),
            PropertyOutput output => OutputToValue(output, encoding),
            PropertyResourceReference reference => ReferenceToValue(reference, encoding),
            PropertyAsset asset => Signed(
                PropertySignatures.Asset, ("text", Text(asset.Text)), ("path", Text(asset.Path)), ("uri", Text(asset.Uri)), ("hash", Text(asset.Hash))),
            PropertyArchive archive => Signed(
                PropertySignatures.Archive,
                ("assets", archive.IsAssetMap ? Value.ForStruct(ToStruct(archive.Assets, encoding)) : null),
                ("path", Text(archive.Path)),
                ("uri", Text(archive.Uri)),
                ("hash", Text(archive.Hash))),
            _ => throw new InvalidOperationException($"A property value of kind {value.GetType().Name} has no form on the wire."),
        };
    }

    /// <summary>Reads a property bag; null is an empty one.</summary>
    /// <exception cref="FormatException">A special object lacks what its signature promises.</exception>
    public static PropertyMap FromStruct(Struct? bag) =>
        bag is null
            ? PropertyMap.Empty
            : PropertyMap.From(bag.Fields.Select(field => KeyValuePair.Create(field.Key, FromValue(field.Value))));

    /// <summary>Reads one value.</summary>
    /// <exception cref="FormatException">A special object lacks what its signature promises.</exception>
    public static PropertyValue FromValue(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.BoolValue => new PropertyBoolean(value.BoolValue),
        Value.KindOneofCase.NumberValue => new PropertyNumber(value.NumberValue),
        Value.KindOneofCase.StringValue => FromString(value.StringValue),
        Value.KindOneofCase.ListValue => PropertyList.From(value.ListValue.Values.Select(FromValue)),
        Value.KindOneofCase.StructValue => FromObject(FromStruct(value.StructValue)),
        _ => PropertyValue.Null,
    };

    /// <summary>Reads a string, which may stand for an unknown.</summary>
    public static PropertyValue FromString(string text) =>
        PropertySignatures.Unknowns.Contains(text) ? PropertyValue.Unknown : new PropertyString(text);

    /// <summary>Reads an object, which may be one of the special kinds. Its members are read already.</summary>
    /// <exception cref="FormatException">It lacks what its signature promises.</exception>
    public static PropertyValue FromObject(PropertyMap members)
    {
        if (members.Find(PropertySignatures.Key) is not PropertyString signature)
        {
            return members;
        }

        return signature.Value switch
        {
            PropertySignatures.Secret => new PropertySecret(
                members.Find("value") ?? throw new FormatException("A secret holds no value.")),
            PropertySignatures.Output => new PropertyOutput(
                members.Find("value") is { } value and not PropertyUnknown ? value : null,
                members.Find("secret") is PropertyBoolean { Value: true },
                (members.Find("dependencies") as PropertyList ?? []).Select(item => RequireText(item, "A dependency of an output")).ToEquatableList()),
            PropertySignatures.ResourceReference => new PropertyResourceReference(
                RequireText(members.Find("urn"), "The urn of a resource reference"),
                members.Find("id") is PropertyString { Value: "" } ? PropertyValue.Unknown : members.Find("id"),
                (members.Find("packageVersion") as PropertyString)?.Value ?? ""),
            PropertySignatures.Asset => new PropertyAsset(
                FindText(members, "text"), FindText(members, "path"), FindText(members, "uri"), FindText(members, "hash")),
            PropertySignatures.Archive => new PropertyArchive(
                members.Find("assets") as PropertyMap ?? PropertyMap.Empty, FindText(members, "path"), FindText(members, "uri"), FindText(members, "hash")),
            var other => throw new FormatException($"An object carries the signature '{other}', which is none that this side knows."),
        };
    }

    private static Value OutputToValue(PropertyOutput output, PropertyEncoding encoding)
    {
        var dependencies = new ListValue();
        dependencies.Values.AddRange(output.Dependencies.Select(Value.ForString));
        return Signed(
            PropertySignatures.Output,
            ("value", output.Value is null ? null : ToValue(output.Value, encoding)),
            ("secret", output.IsSecret ? Value.ForBool(true) : null),
            ("dependencies", output.Dependencies.Count > 0 ? new Value { ListValue = dependencies } : null));
    }

    private static Value ReferenceToValue(PropertyResourceReference reference, PropertyEncoding encoding)
    {
        if (!encoding.KeepResources)
        {
            return reference.Id is null ? Value.ForString(reference.Urn) : ToValue(reference.Id, encoding);
        }

        return Signed(
            PropertySignatures.ResourceReference,
            ("urn", Value.ForString(reference.Urn)),
            // An unknown id is the empty string here, not the sentinel: both are read, this one is what the official SDK sends.
            ("id", reference.Id switch { null => null, PropertyUnknown => Value.ForString(""), var id => ToValue(id, encoding) }),
            ("packageVersion", Text(reference.PackageVersion.Length == 0 ? null : reference.PackageVersion)));
    }

    private static ListValue ToListValue(PropertyList list, PropertyEncoding encoding)
    {
        var result = new ListValue();
        foreach (var item in list)
        {
            result.Values.Add(ToValue(item, encoding));
        }

        return result;
    }

    private static Value Signed(string signature, params ReadOnlySpan<(string Key, Value? Value)> members)
    {
        var result = new Struct { Fields = { [PropertySignatures.Key] = Value.ForString(signature) } };
        foreach (var (key, value) in members)
        {
            if (value is not null)
            {
                result.Fields.Add(key, value);
            }
        }

        return Value.ForStruct(result);
    }

    private static Value? Text(string? text) => text is null ? null : Value.ForString(text);

    private static string? FindText(PropertyMap members, string key) =>
        members.Find(key) is { } value ? RequireText(value, $"'{key}' of an asset or archive") : null;

    private static string RequireText(PropertyValue? value, string what) =>
        value is PropertyString text ? text.Value : throw new FormatException($"{what} is no string.");
}
