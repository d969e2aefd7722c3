using System.Numerics;
using System.Reflection;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Nethereum.ABI.EIP712;

/// <summary>The domain a typed message is meant for.</summary>
public interface IDomain;

/// <summary>The usual domain: name, version, chain and contract. Absent members are left out of the type.</summary>
[Struct("EIP712Domain")]
public class Domain : IDomain
{
    [Parameter("string", "name", 1)]
    public virtual string Name { get; set; }

    [Parameter("string", "version", 2)]
    public virtual string Version { get; set; }

    [Parameter("uint256", "chainId", 3)]
    public virtual BigInteger? ChainId { get; set; }

    [Parameter("address", "verifyingContract", 4)]
    public virtual string VerifyingContract { get; set; }
}

/// <summary>One member of a typed struct.</summary>
public class MemberDescription
{
    public string Name { get; set; }

    public string Type { get; set; }
}

/// <summary>Describes structs by the attributes of their classes.</summary>
public class MemberDescriptionFactory
{
    public static Dictionary<string, MemberDescription[]> GetTypesMemberDescription(params Type[] types)
        => types.ToDictionary(
            type => type.GetCustomAttribute<StructAttribute>().Name,
            type => AbiTuple.Of(type).Members
                .Select(member => new MemberDescription { Name = member.Parameter.Name, Type = Eip712TypedDataEncoder.TypeName(member) })
                .ToArray());
}

/// <summary>A typed message's types.</summary>
public class TypedDataRaw
{
    public IDictionary<string, MemberDescription[]> Types { get; set; }

    public string PrimaryType { get; set; }
}

/// <summary>A typed message's types and domain.</summary>
public class TypedData<TDomain> : TypedDataRaw
{
    public TDomain Domain { get; set; }
}
