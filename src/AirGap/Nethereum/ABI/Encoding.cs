using System.Reflection;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.ABI.Model;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Nethereum.ABI.FunctionEncoding;

/// <summary>Encodes the members of an object as the arguments of a function or constructor.</summary>
public class ParametersEncoder
{
    public byte[] EncodeParameters(Parameter[] parameters, params object[] values)
        => AbiNode.EncodeSequence(parameters.Select(parameter => AbiNode.Create(parameter.Type, null)).ToList(), values);

    public byte[] EncodeParametersFromTypeAttributes(Type type, object instanceValue) => AbiTuple.Of(type).EncodeMembers(instanceValue);
}

/// <summary>Decodes ABI data into the members of an object.</summary>
public class ParameterDecoder
{
    public object DecodeAttributes(string output, Type objectType) => DecodeAttributes(output.HexToByteArray(), objectType);

    public object DecodeAttributes(byte[] output, Type objectType) => AbiTuple.Of(objectType).Decode(new AbiReader(output, 0), objectType);
}

/// <summary>Decodes answers, arguments and custom errors of functions.</summary>
public class FunctionCallDecoder : ParameterDecoder
{
    public T DecodeFunctionOutput<T>(string output) where T : new()
    {
        var result = new T();
        AbiTuple.Of(typeof(T)).DecodeMembers(output.HexToByteArray(), result);
        return result;
    }

    public object DecodeError(Type errorType, string data)
    {
        var bytes = data.HexToByteArray();
        var name = errorType.GetCustomAttribute<ErrorAttribute>().Name;
        return bytes.AsSpan().StartsWith(AbiSignature.Selector(name, AbiTuple.Of(errorType)))
            ? DecodeAttributes(bytes[AbiSignature.SelectorLength..], errorType)
            : null;
    }
}

/// <summary>Decodes the topics and the data of a log into an event.</summary>
public class EventTopicDecoder : ParameterDecoder
{
    public T DecodeTopics<T>(object[] topics, string data) where T : new()
    {
        var result = new T();
        var indexed = AbiTuple.OfIndexed(typeof(T), indexed: true);
        for (var index = 0; index < indexed.Members.Count; index++)
        {
            var member = indexed.Members[index];
            var topic = topics[index + 1].ToString().HexToByteArray();
            // The chain keeps the hash alone of an indexed value that has no fixed size.
            member.Property.SetValue(result, member.Node.IsDynamic ? topic : member.Node.Decode(new AbiReader(topic, 0), member.Property.PropertyType));
        }

        AbiTuple.OfIndexed(typeof(T), indexed: false).DecodeMembers(data.HexToByteArray(), result);
        return result;
    }
}

/// <summary>Selectors of functions and errors.</summary>
internal static class AbiSignature
{
    internal const int SelectorLength = 4;

    internal static byte[] Selector(string name, AbiTuple parameters)
        => Sha3Keccack.Current.CalculateHash(System.Text.Encoding.UTF8.GetBytes(name + parameters.CanonicalName))[..SelectorLength];
}
