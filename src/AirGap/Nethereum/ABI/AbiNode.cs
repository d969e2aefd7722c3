using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Nethereum.ABI;

/// <summary>A Solidity type with its encoding. The CLR type decides what decoding yields.</summary>
internal abstract class AbiNode
{
    internal const int Word = 32;

    internal abstract string CanonicalName { get; }

    internal abstract bool IsDynamic { get; }

    /// <summary>Bytes in the head: the whole value of a static type, one offset of a dynamic one.</summary>
    internal virtual int HeadSize => Word;

    internal abstract void Encode(object value, MemoryStream output);

    internal abstract object Decode(AbiReader reader, Type type);

    internal static byte[] EncodeSequence(IReadOnlyList<AbiNode> nodes, IReadOnlyList<object> values)
    {
        if (nodes.Count != values.Count)
        {
            throw new ArgumentException($"{nodes.Count} values expected, {values.Count} given.", nameof(values));
        }

        var head = new MemoryStream();
        var tail = new MemoryStream();
        var headSize = nodes.Sum(node => node.HeadSize);
        for (var index = 0; index < nodes.Count; index++)
        {
            if (nodes[index].IsDynamic)
            {
                WriteInteger(headSize + tail.Length, head);
                nodes[index].Encode(values[index], tail);
            }
            else
            {
                nodes[index].Encode(values[index], head);
            }
        }

        tail.WriteTo(head);
        return head.ToArray();
    }

    internal static object[] DecodeSequence(IReadOnlyList<AbiNode> nodes, IReadOnlyList<Type> types, AbiReader reader)
    {
        var values = new object[nodes.Count];
        var offset = 0;
        for (var index = 0; index < nodes.Count; index++)
        {
            var at = nodes[index].IsDynamic ? reader.ReadOffset(offset) : offset;
            values[index] = nodes[index].Decode(reader.At(at), types[index]);
            offset += nodes[index].HeadSize;
        }

        return values;
    }

    internal static void WriteInteger(BigInteger value, MemoryStream output)
    {
        Span<byte> word = stackalloc byte[Word];
        word.Fill(value.Sign < 0 ? (byte)0xff : (byte)0);
        var count = value.GetByteCount();
        Span<byte> bytes = stackalloc byte[count > Word ? count : Word];
        value.TryWriteBytes(bytes, out count, isUnsigned: false, isBigEndian: true);
        var used = bytes[..count];
        if (count > Word)
        {
            // A positive 256 bit number carries one more byte for its sign.
            used = used[(count - Word)..];
        }

        used.CopyTo(word[(Word - used.Length)..]);
        output.Write(word);
    }

    /// <summary>The node of a Solidity type; the CLR type tells the members of tuples.</summary>
    internal static AbiNode Create(string type, Type clrType)
    {
        if (type.EndsWith(']'))
        {
            var open = type.LastIndexOf('[');
            var length = type[(open + 1)..^1];
            var element = Create(type[..open], AbiArray.ElementType(clrType));
            return new AbiArray(element, length.Length == 0 ? null : int.Parse(length, CultureInfo.InvariantCulture));
        }

        return type switch
        {
            "address" => AbiAddress.Instance,
            "bool" => AbiBoolean.Instance,
            "string" => AbiString.Instance,
            "bytes" => AbiBytes.Instance,
            "tuple" => AbiTuple.Of(clrType),
            _ when type.StartsWith("bytes", StringComparison.Ordinal) => new AbiFixedBytes(Size(type, "bytes", 1, 32)),
            _ when type.StartsWith("uint", StringComparison.Ordinal) => new AbiInteger(Bits(type, "uint"), signed: false),
            _ when type.StartsWith("int", StringComparison.Ordinal) => new AbiInteger(Bits(type, "int"), signed: true),
            _ => throw new ArgumentException($"Unknown Solidity type '{type}'.", nameof(type)),
        };
    }

    private static int Bits(string type, string prefix)
    {
        var bits = type.Length == prefix.Length ? 256 : Size(type, prefix, 8, 256);
        return bits % 8 == 0 ? bits : throw new ArgumentException($"Unknown Solidity type '{type}'.", nameof(type));
    }

    private static int Size(string type, string prefix, int minimum, int maximum)
        => int.TryParse(type.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= minimum && size <= maximum
            ? size
            : throw new ArgumentException($"Unknown Solidity type '{type}'.", nameof(type));
}

internal sealed class AbiInteger(int bits, bool signed) : AbiNode
{
    internal override string CanonicalName => (signed ? "int" : "uint") + bits.ToString(CultureInfo.InvariantCulture);

    internal override bool IsDynamic => false;

    internal override void Encode(object value, MemoryStream output)
    {
        var number = ToBigInteger(value);
        var limit = BigInteger.One << (signed ? bits - 1 : bits);
        var minimum = signed ? -limit : BigInteger.Zero;
        if (number < minimum || number >= limit)
        {
            throw new ArgumentOutOfRangeException(nameof(value), $"{number} does not fit into {CanonicalName}.");
        }

        WriteInteger(number, output);
    }

    internal override object Decode(AbiReader reader, Type type)
    {
        var number = new BigInteger(reader.Slice(0, Word), isUnsigned: !signed, isBigEndian: true);
        var target = type == null || type == typeof(object) ? typeof(BigInteger) : Nullable.GetUnderlyingType(type) ?? type;
        if (target == typeof(BigInteger))
        {
            return number;
        }

        return target.IsEnum
            ? Enum.ToObject(target, (long)number)
            : Type.GetTypeCode(target) switch
            {
                TypeCode.Byte => (byte)number,
                TypeCode.SByte => (sbyte)number,
                TypeCode.UInt16 => (ushort)number,
                TypeCode.Int16 => (short)number,
                TypeCode.UInt32 => (uint)number,
                TypeCode.Int32 => (int)number,
                TypeCode.UInt64 => (ulong)number,
                TypeCode.Int64 => (long)number,
                _ => throw new NotSupportedException($"{CanonicalName} cannot be decoded into {type}."),
            };
    }

    private static BigInteger ToBigInteger(object value) => value switch
    {
        BigInteger number => number,
        byte number => number,
        sbyte number => number,
        ushort number => number,
        short number => number,
        uint number => number,
        int number => number,
        ulong number => number,
        long number => number,
        Enum number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        null => throw new ArgumentNullException(nameof(value)),
        _ => throw new NotSupportedException($"{value.GetType()} is not a number."),
    };
}

internal sealed class AbiBoolean : AbiNode
{
    internal static readonly AbiBoolean Instance = new();

    internal override string CanonicalName => "bool";

    internal override bool IsDynamic => false;

    internal override void Encode(object value, MemoryStream output) => WriteInteger((bool)value ? 1 : 0, output);

    internal override object Decode(AbiReader reader, Type type) => reader.Slice(0, Word).IndexOfAnyExcept((byte)0) >= 0;
}

internal sealed class AbiAddress : AbiNode
{
    private const int Length = 20;
    internal static readonly AbiAddress Instance = new();

    internal override string CanonicalName => "address";

    internal override bool IsDynamic => false;

    internal override void Encode(object value, MemoryStream output)
    {
        var bytes = ((string)value).HexToByteArray();
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"'{value}' is not an address.", nameof(value));
        }

        output.Write(stackalloc byte[Word - Length]);
        output.Write(bytes);
    }

    internal override object Decode(AbiReader reader, Type type)
        => AddressUtil.Current.ConvertToChecksumAddress(reader.Slice(Word - Length, Length).ToArray());
}

internal sealed class AbiFixedBytes(int size) : AbiNode
{
    internal override string CanonicalName => "bytes" + size.ToString(CultureInfo.InvariantCulture);

    internal override bool IsDynamic => false;

    internal override void Encode(object value, MemoryStream output)
    {
        var bytes = (byte[])value;
        if (bytes.Length > size)
        {
            throw new ArgumentException($"{bytes.Length} bytes do not fit into {CanonicalName}.", nameof(value));
        }

        output.Write(bytes);
        output.Write(stackalloc byte[Word - bytes.Length]);
    }

    internal override object Decode(AbiReader reader, Type type) => reader.Slice(0, size).ToArray();
}

internal sealed class AbiBytes : AbiNode
{
    internal static readonly AbiBytes Instance = new();

    internal override string CanonicalName => "bytes";

    internal override bool IsDynamic => true;

    internal override void Encode(object value, MemoryStream output) => Write((byte[])value, output);

    internal override object Decode(AbiReader reader, Type type) => reader.Slice(Word, reader.ReadOffset(0)).ToArray();

    internal static void Write(byte[] bytes, MemoryStream output)
    {
        WriteInteger(bytes.Length, output);
        output.Write(bytes);
        var rest = bytes.Length % Word;
        if (rest > 0)
        {
            output.Write(stackalloc byte[Word - rest]);
        }
    }
}

internal sealed class AbiString : AbiNode
{
    internal static readonly AbiString Instance = new();

    internal override string CanonicalName => "string";

    internal override bool IsDynamic => true;

    internal override void Encode(object value, MemoryStream output) => AbiBytes.Write(Encoding.UTF8.GetBytes((string)value), output);

    internal override object Decode(AbiReader reader, Type type) => Encoding.UTF8.GetString(reader.Slice(Word, reader.ReadOffset(0)));
}

internal sealed class AbiArray(AbiNode element, int? length) : AbiNode
{
    internal AbiNode Element => element;

    internal override string CanonicalName => $"{element.CanonicalName}[{length?.ToString(CultureInfo.InvariantCulture)}]";

    internal override bool IsDynamic => length == null || element.IsDynamic;

    internal override int HeadSize => IsDynamic ? Word : length.Value * element.HeadSize;

    internal override void Encode(object value, MemoryStream output)
    {
        var values = ((IEnumerable)value).Cast<object>().ToList();
        if (length == null)
        {
            WriteInteger(values.Count, output);
        }
        else if (values.Count != length)
        {
            throw new ArgumentException($"{CanonicalName} needs {length} values, {values.Count} given.", nameof(value));
        }

        output.Write(EncodeSequence(Enumerable.Repeat(element, values.Count).ToList(), values));
    }

    internal override object Decode(AbiReader reader, Type type)
    {
        var elementType = ElementType(type);
        var count = length ?? reader.ReadOffset(0);
        var body = length == null ? reader.At(Word) : reader;
        body.RequireRoomFor(count, element.HeadSize);
        var values = DecodeSequence(Enumerable.Repeat(element, count).ToList(), Enumerable.Repeat(elementType, count).ToList(), body);
        if (type is { IsArray: true })
        {
            var array = Array.CreateInstance(elementType, count);
            values.CopyTo(array, 0);
            return array;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(elementType));
        foreach (var item in values)
        {
            list.Add(item);
        }

        return list;
    }

    internal static Type ElementType(Type type)
    {
        if (type == null)
        {
            return typeof(object);
        }

        return type.IsArray ? type.GetElementType() : type.IsGenericType ? type.GetGenericArguments()[0] : typeof(object);
    }
}
