using System.Globalization;
using System.Numerics;
using System.Text;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>What we encode is what Foundry encodes, and what Foundry encodes we read back, over random values of every type.</summary>
public class AbiLikenessTests
{
    private const int Samples = 60;
    private const string Signature =
        "f((uint8,uint16,uint32,uint64,uint128,uint256,int8,int64,int256,address,bool,bytes1,bytes32,bytes,string,"
        + "uint256[],string[],uint8[3],bytes[2],(address,string,(bytes4,uint64[])[])[],(int16,bytes)[2][]))";

    [FoundryFact]
    public async Task Encoding_OfEveryType_EqualsCast()
    {
        Random random = new(20260522);
        for (int sample = 0; sample < Samples; sample++)
        {
            Everything value = Everything.Draw(random);

            string expected = await Cast.RunAsync("abi-encode", Signature, value.ToCastText());

            string ours = "0x" + Convert.ToHexStringLower(new ParametersEncoder().EncodeParametersFromTypeAttributes(typeof(Envelope), new Envelope { Value = value }));
            Assert.Equal(expected, ours);
            Envelope read = (Envelope)new FunctionCallDecoder().DecodeAttributes(expected, typeof(Envelope));
            Assert.Equal(value.ToCastText(), read.Value.ToCastText());
        }
    }

    [FoundryFact]
    public async Task Decoding_OfDamagedData_FailsCleanly()
    {
        Random random = new(7);
        for (int sample = 0; sample < 20; sample++)
        {
            byte[] good = new ParametersEncoder().EncodeParametersFromTypeAttributes(typeof(Envelope), new Envelope { Value = Everything.Draw(random) });
            byte[] cut = good[..random.Next(good.Length)];
            byte[] wild = [.. good];
            for (int word = 0; word < 5; word++)
            {
                wild[(random.Next(wild.Length / 32) * 32) + random.Next(8)] = 0xff;
            }

            foreach (byte[] damaged in new[] { cut, wild })
            {
                // Either it still is well formed, or the error says what is wrong; it never reads beyond the data nor takes gigabytes.
                Exception? error = Record.Exception(() => new FunctionCallDecoder().DecodeAttributes(damaged, typeof(Envelope)));
                Assert.True(error is null or FormatException or OverflowException, error?.ToString());
            }
        }

        await Task.CompletedTask;
    }

    public sealed class Envelope
    {
        [Parameter("tuple", "value", 1)]
        public Everything Value { get; set; } = null!;
    }

    public sealed class Inner
    {
        [Parameter("bytes4", "tag", 1)]
        public byte[] Tag { get; set; } = [];

        [Parameter("uint64[]", "numbers", 2)]
        public List<ulong> Numbers { get; set; } = [];
    }

    public sealed class Middle
    {
        [Parameter("address", "account", 1)]
        public string Account { get; set; } = "";

        [Parameter("string", "text", 2)]
        public string Text { get; set; } = "";

        [Parameter("tuple[]", "inner", 3)]
        public List<Inner> Inner { get; set; } = [];
    }

    public sealed class Pair
    {
        [Parameter("int16", "number", 1)]
        public short Number { get; set; }

        [Parameter("bytes", "data", 2)]
        public byte[] Data { get; set; } = [];
    }

    public sealed class Everything
    {
        [Parameter("uint8", "a", 1)]
        public byte A { get; set; }

        [Parameter("uint16", "b", 2)]
        public ushort B { get; set; }

        [Parameter("uint32", "c", 3)]
        public uint C { get; set; }

        [Parameter("uint64", "d", 4)]
        public ulong D { get; set; }

        [Parameter("uint128", "e", 5)]
        public BigInteger E { get; set; }

        [Parameter("uint256", "f", 6)]
        public BigInteger F { get; set; }

        [Parameter("int8", "g", 7)]
        public sbyte G { get; set; }

        [Parameter("int64", "h", 8)]
        public long H { get; set; }

        [Parameter("int256", "i", 9)]
        public BigInteger I { get; set; }

        [Parameter("address", "j", 10)]
        public string J { get; set; } = "";

        [Parameter("bool", "k", 11)]
        public bool K { get; set; }

        [Parameter("bytes1", "l", 12)]
        public byte[] L { get; set; } = [];

        [Parameter("bytes32", "m", 13)]
        public byte[] M { get; set; } = [];

        [Parameter("bytes", "n", 14)]
        public byte[] N { get; set; } = [];

        [Parameter("string", "o", 15)]
        public string O { get; set; } = "";

        [Parameter("uint256[]", "p", 16)]
        public List<BigInteger> P { get; set; } = [];

        [Parameter("string[]", "q", 17)]
        public List<string> Q { get; set; } = [];

        [Parameter("uint8[3]", "r", 18)]
        public List<byte> R { get; set; } = [];

        [Parameter("bytes[2]", "s", 19)]
        public List<byte[]> S { get; set; } = [];

        [Parameter("tuple[]", "t", 20)]
        public List<Middle> T { get; set; } = [];

        [Parameter("tuple[2][]", "u", 21)]
        public List<List<Pair>> U { get; set; } = [];

        public static Everything Draw(Random random) => new()
        {
            A = (byte)random.Next(256),
            B = (ushort)random.Next(65536),
            C = (uint)random.NextInt64(1L << 32),
            D = (ulong)random.NextInt64() * 2,
            E = Number(random, 128),
            F = Number(random, 256),
            G = (sbyte)random.Next(-128, 128),
            H = random.NextInt64(long.MinValue, long.MaxValue),
            I = Number(random, 255) * (random.Next(2) == 0 ? 1 : -1),
            J = Account(random),
            K = random.Next(2) == 0,
            L = Bytes(random, 1),
            M = Bytes(random, 32),
            N = Bytes(random, random.Next(70)),
            O = Text(random),
            P = Many(random, 5, () => Number(random, random.Next(1, 257))),
            Q = Many(random, 4, () => Text(random)),
            R = [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)],
            S = [Bytes(random, random.Next(40)), Bytes(random, random.Next(40))],
            T = Many(random, 3, () => new Middle
            {
                Account = Account(random),
                Text = Text(random),
                Inner = Many(random, 3, () => new Inner { Tag = Bytes(random, 4), Numbers = Many(random, 4, () => (ulong)random.NextInt64()) }),
            }),
            U = Many(random, 3, () => new List<Pair> { DrawPair(random), DrawPair(random) }),
        };

        /// <summary>The value as cast reads it.</summary>
        public string ToCastText() => Tuple(
            Plain(A), Plain(B), Plain(C), Plain(D), Plain(E), Plain(F), Plain(G), Plain(H), Plain(I), J.ToLowerInvariant(), K ? "true" : "false",
            Data(L), Data(M), Data(N), Quoted(O), List(P.Select(number => Plain(number))), List(Q.Select(Quoted)), List(R.Select(number => Plain(number))),
            List(S.Select(Data)),
            List(T.Select(middle => Tuple(
                middle.Account.ToLowerInvariant(),
                Quoted(middle.Text),
                List(middle.Inner.Select(inner => Tuple(Data(inner.Tag), List(inner.Numbers.Select(number => Plain(number))))))))),
            List(U.Select(pairs => List(pairs.Select(pair => Tuple(Plain(pair.Number), Data(pair.Data)))))));

        private static Pair DrawPair(Random random) => new() { Number = (short)random.Next(-32768, 32768), Data = Bytes(random, random.Next(40)) };

        private static BigInteger Number(Random random, int bits) => new BigInteger(Bytes(random, 33), isUnsigned: true) % (BigInteger.One << bits);

        private static byte[] Bytes(Random random, int count)
        {
            byte[] bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }

        private static string Account(Random random) => Data(Bytes(random, 20));

        private static string Text(Random random)
        {
            const string Letters = "abcdefghijklmnopqrstuvwxyz ABC 0123456789 äöü€漢字🙂";
            int[] runes = [.. Letters.EnumerateRunes().Select(rune => rune.Value)];
            StringBuilder text = new();
            for (int count = random.Next(50); count > 0; count--)
            {
                text.Append(char.ConvertFromUtf32(runes[random.Next(runes.Length)]));
            }

            return text.ToString().Trim();
        }

        private static List<T> Many<T>(Random random, int most, Func<T> draw) => [.. Enumerable.Range(0, random.Next(most)).Select(_ => draw())];

        private static string Plain(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

        private static string Data(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);

        private static string Quoted(string text) => $"\"{text}\"";

        private static string Tuple(params string[] members) => $"({string.Join(',', members)})";

        private static string List(IEnumerable<string> items) => $"[{string.Join(',', items)}]";
    }
}
