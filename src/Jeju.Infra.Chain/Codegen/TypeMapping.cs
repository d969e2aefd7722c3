using System.Globalization;

namespace Jeju.Infra.Chain.Codegen;

/// <summary>
/// How a Solidity type appears in C#: the type that callers see, the type that the ABI library encodes, and the expressions between them.
/// </summary>
internal sealed record MappedType(string Public, string Wire, Func<string, string> ToWire, Func<string, string> FromWire)
{
    internal static MappedType Same(string type) => new(type, type, value => value, value => value);
}

/// <summary>Maps types, and remembers which structs and enums are used, so that they are written once.</summary>
internal sealed class TypeMapping(IReadOnlyDictionary<string, IReadOnlyList<string>> enums)
{
    /// <summary>Structs by their qualified Solidity name.</summary>
    internal SortedDictionary<string, IReadOnlyList<AbiValue>> Structs { get; } = new(StringComparer.Ordinal);

    /// <summary>Enums by their qualified Solidity name.</summary>
    internal SortedDictionary<string, IReadOnlyList<string>> Enums { get; } = new(StringComparer.Ordinal);

    internal MappedType Map(AbiValue value)
    {
        if (value.Element() is { } element)
        {
            MappedType inner = Map(element);
            return new MappedType(
                $"IReadOnlyList<{inner.Public}>",
                $"List<{inner.Wire}>",
                list => $"{list}.Select(item => {inner.ToWire("item")}).ToList()",
                list => $"{list}.Select(item => {inner.FromWire("item")}).ToList()");
        }

        return value.Type switch
        {
            "address" => new MappedType("Address", "string", name => $"{name}.ToString()", name => $"Address.Parse({name})"),
            "bytes32" => new MappedType("Bytes32", "byte[]", name => $"{name}.ToBytes()", name => $"Bytes32.FromBytes({name})"),
            "bool" or "string" => MappedType.Same(value.Type),
            "tuple" => MapStruct(value),
            _ when value.InternalType.StartsWith("enum ", StringComparison.Ordinal) => MapEnum(value.InternalType["enum ".Length..]),
            _ when value.Type.StartsWith("bytes", StringComparison.Ordinal) => MappedType.Same("byte[]"),
            _ => MappedType.Same(Integer(value.Type)),
        };
    }

    /// <summary>The C# name of a struct or enum: <c>IDWSBilling.Plan</c> is <c>DWSBillingTypes.Plan</c>.</summary>
    internal static string TypeName(string solidityName)
    {
        int dot = solidityName.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? "CommonTypes." + solidityName : $"{ContractName(solidityName[..dot])}Types.{solidityName[(dot + 1)..]}";
    }

    /// <summary>The contract that an interface specifies: <c>IDWSBilling</c> is <c>DWSBilling</c>.</summary>
    internal static string ContractName(string owner) =>
        owner.Length > 1 && owner[0] == 'I' && char.IsUpper(owner[1]) ? owner[1..] : owner;

    private MappedType MapStruct(AbiValue value)
    {
        string name = value.InternalType["struct ".Length..];
        if (Structs.TryAdd(name, value.Components))
        {
            foreach (AbiValue component in value.Components)
            {
                Map(component);
            }
        }

        string type = TypeName(name);
        return new MappedType(type, type + "Abi", expression => $"{type}Abi.OfRecord({expression})", expression => $"{expression}.ToRecord()");
    }

    private MappedType MapEnum(string name)
    {
        if (!enums.TryGetValue(name, out IReadOnlyList<string>? members))
        {
            // A library's enum: its sources are not ours, and the number says enough.
            return MappedType.Same("byte");
        }

        Enums[name] = members;
        string type = TypeName(name);
        return new MappedType(type, "byte", value => $"(byte){value}", value => $"({type}){value}");
    }

    private static string Integer(string type)
    {
        bool signed = type.StartsWith("int", StringComparison.Ordinal);
        string digits = type[(signed ? "int" : "uint").Length..];
        int bits = digits.Length == 0 ? 256 : int.Parse(digits, CultureInfo.InvariantCulture);
        return bits switch
        {
            <= 8 => signed ? "sbyte" : "byte",
            <= 16 => signed ? "short" : "ushort",
            <= 32 => signed ? "int" : "uint",
            <= 64 => signed ? "long" : "ulong",
            _ => "BigInteger",
        };
    }
}
