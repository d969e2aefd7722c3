using System.Globalization;
using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Nethereum.ABI.EIP712;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Model;
using Nethereum.Signer;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Addresses, hashes, signatures, transactions and typed data are those that Foundry computes, over random values.</summary>
public class SignatureLikenessTests
{
    private const int Samples = 20;

    [FoundryFact]
    public async Task AddressesAndSignatures_OfRandomKeys_EqualCast()
    {
        Random random = new(41);
        for (int sample = 0; sample < Samples; sample++)
        {
            string key = Hexadecimal(random, 32);
            Bytes32 hash = Bytes32.Parse(Hexadecimal(random, 32));
            SoftwareSigner signer = SoftwareSigner.Create(key, ChainId.Anvil);

            string address = await Cast.RunAsync("wallet", "address", "--private-key", key);
            string signature = await Cast.RunAsync("wallet", "sign", "--no-hash", "--private-key", key, hash.ToString());

            RecoverableSignature ours = await signer.SignAsync(hash, CancellationToken.None);
            Assert.Equal(address, signer.Address.ToChecksumText());
            Assert.Equal(signature, "0x" + Convert.ToHexStringLower(ours.ToBytes()));
            EthECKey recovered = EthECKey.RecoverFromSignature(EthECDSASignatureFactory.ExtractECDSASignature(signature), hash.ToBytes());
            Assert.Equal(address, recovered.GetPublicAddress());
        }
    }

    [FoundryFact]
    public async Task Transactions_OfRandomContent_EqualCast()
    {
        Random random = new(43);
        for (int sample = 0; sample < Samples; sample++)
        {
            string key = Hexadecimal(random, 32);
            string to = Hexadecimal(random, 20);
            string data = Hexadecimal(random, sample == 0 ? 0 : random.Next(600));
            ulong chain = (ulong)random.Next(1, int.MaxValue);
            int nonce = sample == 0 ? 0 : random.Next();
            int gas = random.Next(21_000, 16_000_000);
            long price = random.NextInt64(1, 1L << 40);
            long tip = random.NextInt64(price);
            long value = sample % 3 == 0 ? 0 : random.NextInt64();

            string expected = await Cast.RunAsync(
                "mktx", "--private-key", key, "--chain", Text(chain), "--nonce", Text(nonce), "--gas-limit", Text(gas), "--gas-price", Text(price),
                "--priority-gas-price", Text(tip), "--value", Text(value), to, data);

            Transaction1559 transaction = new(chain, (BigInteger?)nonce, tip, price, gas, to, value, data, []);
            RecoverableSignature signature = await SoftwareSigner.Create(key, ChainId.Anvil).SignAsync(Bytes32.FromBytes(transaction.RawHash), CancellationToken.None);
            transaction.SetSignature(new Signature(signature.R, signature.S, [signature.Parity]));
            Assert.Equal(expected, "0x" + Convert.ToHexStringLower(transaction.GetRLPEncoded()));
        }
    }

    [FoundryFact]
    public async Task TypedData_OfRandomContent_EqualsCast()
    {
        Random random = new(47);
        for (int sample = 0; sample < Samples; sample++)
        {
            string key = Hexadecimal(random, 32);
            Mail mail = new()
            {
                From = new Person { Name = "Ann " + random.Next(), Wallet = Hexadecimal(random, 20) },
                To = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Person { Name = "Bob", Wallet = Hexadecimal(random, 20) })],
                Amount = new BigInteger(random.NextInt64()) * random.NextInt64(),
                Data = Convert.FromHexString(Hexadecimal(random, random.Next(50))[2..]),
                Tags = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Convert.FromHexString(Hexadecimal(random, 32)[2..]))],
            };
            TypedData<Domain> typed = new()
            {
                Domain = new Domain { Name = "Jeju", Version = "1", ChainId = random.Next(1, 100_000), VerifyingContract = Hexadecimal(random, 20) },
                Types = MemberDescriptionFactory.GetTypesMemberDescription(typeof(Domain), typeof(Mail), typeof(Person)),
                PrimaryType = "Mail",
            };
            string file = Path.GetTempFileName();
            try
            {
                await File.WriteAllTextAsync(file, ToJson(typed, mail));

                string expected = await Cast.RunAsync("wallet", "sign", "--private-key", key, "--data", "--from-file", file);

                Bytes32 hash = Bytes32.FromBytes(Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(mail, typed));
                RecoverableSignature ours = await SoftwareSigner.Create(key, ChainId.Anvil).SignAsync(hash, CancellationToken.None);
                Assert.Equal(expected, "0x" + Convert.ToHexStringLower(ours.ToBytes()));
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    private static string ToJson(TypedData<Domain> typed, Mail mail) => System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["types"] = typed.Types.ToDictionary(type => type.Key, type => type.Value.Select(member => new { name = member.Name, type = member.Type })),
        ["primaryType"] = "Mail",
        ["domain"] = new { name = "Jeju", version = "1", chainId = (long)typed.Domain.ChainId!, verifyingContract = typed.Domain.VerifyingContract },
        ["message"] = new
        {
            from = new { name = mail.From.Name, wallet = mail.From.Wallet },
            to = mail.To.Select(person => new { name = person.Name, wallet = person.Wallet }),
            amount = mail.Amount.ToString(CultureInfo.InvariantCulture),
            data = "0x" + Convert.ToHexStringLower(mail.Data),
            tags = mail.Tags.Select(tag => "0x" + Convert.ToHexStringLower(tag)),
        },
    });

    private static string Hexadecimal(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return "0x" + Convert.ToHexStringLower(bytes);
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    [Struct("Person")]
    public sealed class Person
    {
        [Parameter("string", "name", 1)]
        public string Name { get; set; } = "";

        [Parameter("address", "wallet", 2)]
        public string Wallet { get; set; } = "";
    }

    [Struct("Mail")]
    public sealed class Mail
    {
        [Parameter("tuple", "from", 1, "Person")]
        public Person From { get; set; } = new();

        [Parameter("tuple[]", "to", 2, "Person")]
        public List<Person> To { get; set; } = [];

        [Parameter("uint256", "amount", 3)]
        public BigInteger Amount { get; set; }

        [Parameter("bytes", "data", 4)]
        public byte[] Data { get; set; } = [];

        [Parameter("bytes32[]", "tags", 5)]
        public List<byte[]> Tags { get; set; } = [];
    }
}
