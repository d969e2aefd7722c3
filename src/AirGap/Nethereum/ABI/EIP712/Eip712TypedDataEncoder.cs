using System.Collections;
using System.Reflection;
using System.Text;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Util;

namespace Nethereum.ABI.EIP712;

/// <summary>Encodes and hashes typed messages (EIP-712).</summary>
public class Eip712TypedDataEncoder
{
    private const string DomainName = "EIP712Domain";

    public static Eip712TypedDataEncoder Current { get; } = new();

    /// <summary>The bytes that are hashed and signed: 0x1901, the domain's hash, the message's hash.</summary>
    public byte[] EncodeTypedData<T, TDomain>(T message, TypedData<TDomain> typedData)
        => [0x19, 0x01, .. HashDomainSeparator(typedData), .. Hash(typedData.PrimaryType, message, typedData.Types)];

    public byte[] EncodeAndHashTypedData<T, TDomain>(T message, TypedData<TDomain> typedData) => Keccak(EncodeTypedData(message, typedData));

    public byte[] HashDomainSeparator<TDomain>(TypedData<TDomain> typedData) => Hash(DomainName, typedData.Domain, typedData.Types);

    internal static string TypeName(AbiTuple.Member member)
    {
        var type = member.Parameter.Type;
        return type.StartsWith("tuple", StringComparison.Ordinal)
            ? (member.Parameter.StructTypeName ?? Innermost(member.Property.PropertyType).GetCustomAttribute<StructAttribute>().Name) + type["tuple".Length..]
            : type;
    }

    private static byte[] Hash(string typeName, object value, IDictionary<string, MemberDescription[]> types)
    {
        var encoded = new List<byte>(Keccak(Encoding.UTF8.GetBytes(EncodeType(typeName, types))));
        var members = AbiTuple.Of(value.GetType()).Members.ToDictionary(member => member.Parameter.Name);
        foreach (var description in types[typeName])
        {
            var member = members[description.Name];
            encoded.AddRange(EncodeValue(description.Type, member.Node, member.Property.GetValue(value), types));
        }

        return Keccak(encoded.ToArray());
    }

    private static byte[] EncodeValue(string type, AbiNode node, object value, IDictionary<string, MemberDescription[]> types)
    {
        switch (node)
        {
            case AbiTuple:
                return Hash(type, value, types);
            case AbiArray array:
                var element = type[..type.LastIndexOf('[')];
                return Keccak(((IEnumerable)value).Cast<object>().SelectMany(item => EncodeValue(element, array.Element, item, types)).ToArray());
            case AbiString:
                return Keccak(Encoding.UTF8.GetBytes((string)value));
            case AbiBytes:
                return Keccak((byte[])value);
            default:
                var output = new MemoryStream();
                node.Encode(value, output);
                return output.ToArray();
        }
    }

    /// <summary>The type itself, then the types it refers to in the order of their names.</summary>
    private static string EncodeType(string typeName, IDictionary<string, MemberDescription[]> types)
    {
        var referred = new SortedSet<string>(StringComparer.Ordinal);
        Collect(typeName);
        referred.Remove(typeName);
        return string.Concat(referred.Prepend(typeName)
            .Select(name => $"{name}({string.Join(',', types[name].Select(member => $"{member.Type} {member.Name}"))})"));

        void Collect(string name)
        {
            var bracket = name.IndexOf('[', StringComparison.Ordinal);
            var bare = bracket < 0 ? name : name[..bracket];
            if (types.TryGetValue(bare, out var members) && referred.Add(bare))
            {
                foreach (var member in members)
                {
                    Collect(member.Type);
                }
            }
        }
    }

    private static Type Innermost(Type type) => type.IsArray || type.IsGenericType ? Innermost(AbiArray.ElementType(type)) : type;

    private static byte[] Keccak(byte[] value) => Sha3Keccack.Current.CalculateHash(value);
}
