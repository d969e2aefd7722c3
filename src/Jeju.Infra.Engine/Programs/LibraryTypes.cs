using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Jeju.Infra.Engine.Programs;

/// <summary>
/// What the typed libraries beside a program say of their resources' outputs. Only their metadata is read: nothing of them is loaded. Official
/// packages and stand-ins look the same here, since both mark types and outputs by attributes.
/// </summary>
/// <param name="folder">The folder of the built program.</param>
internal sealed class LibraryTypes(string folder)
{
    private const byte GenericInstance = 0x15;
    private const byte TextType = 0x0E;

    private readonly ConcurrentDictionary<string, Lazy<FrozenDictionary<string, FrozenDictionary<string, bool>>>> _packages = new(StringComparer.Ordinal);

    /// <summary>The outputs of a type, each with whether it is a text; empty for a type that no library has.</summary>
    public IReadOnlyDictionary<string, bool> OutputsOf(string type) =>
        _packages.GetOrAdd(type.Split(':', 2)[0], package => new(() => Read(package))).Value.GetValueOrDefault(type) ?? FrozenDictionary<string, bool>.Empty;

    private FrozenDictionary<string, FrozenDictionary<string, bool>> Read(string package)
    {
        var file = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "Pulumi.*.dll").FirstOrDefault(file => string.Equals(Path.GetFileNameWithoutExtension(file), $"Pulumi.{package}", StringComparison.OrdinalIgnoreCase))
            : null;
        if (file is null)
        {
            return FrozenDictionary<string, FrozenDictionary<string, bool>>.Empty;
        }

        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        var types = new Dictionary<string, FrozenDictionary<string, bool>>(StringComparer.Ordinal);
        foreach (var definition in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            if (FirstArgument(metadata, definition.GetCustomAttributes(), "ResourceTypeAttribute") is { } token)
            {
                types[token] = Outputs(metadata, definition);
            }
        }

        return types.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, bool> Outputs(MetadataReader metadata, TypeDefinition definition)
    {
        var outputs = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var property in definition.GetProperties().Select(metadata.GetPropertyDefinition))
        {
            if (FirstArgument(metadata, property.GetCustomAttributes(), "OutputAttribute") is { } name)
            {
                outputs[name] = IsText(metadata.GetBlobReader(property.Signature));
            }
        }

        return outputs.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether a property's signature is that of Output&lt;string&gt;: a generic instance with one argument, and that is a text.</summary>
    private static bool IsText(BlobReader signature)
    {
        signature.ReadByte();
        signature.ReadCompressedInteger();
        if (signature.ReadByte() != GenericInstance)
        {
            return false;
        }

        signature.ReadByte();
        signature.ReadCompressedInteger();
        return signature.ReadCompressedInteger() == 1 && signature.ReadByte() == TextType;
    }

    /// <summary>The first argument, a text, of an attribute whose name ends so; null where there is none.</summary>
    private static string? FirstArgument(MetadataReader metadata, CustomAttributeHandleCollection attributes, string ending)
    {
        foreach (var attribute in attributes.Select(metadata.GetCustomAttribute))
        {
            if (NameOf(metadata, attribute.Constructor).EndsWith(ending, StringComparison.Ordinal))
            {
                var value = metadata.GetBlobReader(attribute.Value);
                return value.ReadUInt16() == 1 ? value.ReadSerializedString() : null;
            }
        }

        return null;
    }

    private static string NameOf(MetadataReader metadata, EntityHandle constructor)
    {
        var owner = constructor.Kind switch
        {
            HandleKind.MemberReference => metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent,
            HandleKind.MethodDefinition => metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType(),
            _ => default,
        };
        return owner.Kind switch
        {
            HandleKind.TypeReference => metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)owner).Name),
            HandleKind.TypeDefinition => metadata.GetString(metadata.GetTypeDefinition((TypeDefinitionHandle)owner).Name),
            _ => "",
        };
    }
}
