using System.Collections.Concurrent;
using System.Reflection;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.ABI.Model;

namespace Nethereum.ABI;

/// <summary>The members of a class that carry a <see cref="ParameterAttribute"/>, in their order.</summary>
internal sealed class AbiTuple : AbiNode
{
    private static readonly ConcurrentDictionary<Type, AbiTuple> Known = new();

    private AbiTuple(IReadOnlyList<Member> members)
    {
        Members = members;
        Nodes = members.Select(member => member.Node).ToList();
        Types = members.Select(member => member.Property.PropertyType).ToList();
        IsDynamic = Nodes.Any(node => node.IsDynamic);
    }

    internal sealed record Member(PropertyInfo Property, Parameter Parameter, AbiNode Node);

    internal IReadOnlyList<Member> Members { get; }

    internal IReadOnlyList<AbiNode> Nodes { get; }

    internal IReadOnlyList<Type> Types { get; }

    internal override string CanonicalName => $"({string.Join(',', Nodes.Select(node => node.CanonicalName))})";

    internal override bool IsDynamic { get; }

    internal override int HeadSize => IsDynamic ? Word : Nodes.Sum(node => node.HeadSize);

    internal static AbiTuple Of(Type type) => Known.GetOrAdd(type, static from => Build(from, _ => true));

    internal static AbiTuple OfIndexed(Type type, bool indexed) => Build(type, parameter => parameter.Indexed == indexed);

    internal byte[] EncodeMembers(object instance) => EncodeSequence(Nodes, Members.Select(member => member.Property.GetValue(instance)).ToList());

    internal void DecodeMembers(byte[] data, object instance) => DecodeInto(new AbiReader(data, 0), instance);

    internal override void Encode(object value, MemoryStream output) => output.Write(EncodeMembers(value));

    internal override object Decode(AbiReader reader, Type type)
    {
        var instance = Activator.CreateInstance(type, nonPublic: true);
        DecodeInto(reader, instance);
        return instance;
    }

    private void DecodeInto(AbiReader reader, object instance)
    {
        var values = DecodeSequence(Nodes, Types, reader);
        for (var index = 0; index < values.Length; index++)
        {
            Members[index].Property.SetValue(instance, values[index]);
        }
    }

    private static AbiTuple Build(Type type, Func<Parameter, bool> wanted)
    {
        var members = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Select(property => (Property: property, property.GetCustomAttribute<ParameterAttribute>(inherit: true)?.Parameter))
            .Where(pair => pair.Parameter != null && wanted(pair.Parameter))
            .OrderBy(pair => pair.Parameter.Order)
            .Select(pair => new Member(pair.Property, pair.Parameter, Create(pair.Parameter.Type, pair.Property.PropertyType)))
            .ToList();
        return new AbiTuple(members);
    }
}
