using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Core;
using Nethereum.Model;

namespace Jeju.Infra.Tests.Chain.Signers;

/// <summary>What a signer may be, and what it may sign.</summary>
public sealed class SignerRulesTests
{
    private const string Key = "0x1111111111111111111111111111111111111111111111111111111111111111";
    private static readonly Address Suite = Address.Parse("0x00000000000000000000000000000000000000aa");
    private static readonly Address Stranger = Address.Parse("0x00000000000000000000000000000000000000bb");

    public static TheoryData<SignerReference, string[]> Wrong => new()
    {
        { new SignerReference { Type = SignerType.Development, Key = "deployer" }, ["type"] },
        { new SignerReference { Type = SignerType.Environment }, ["key"] },
        { new SignerReference { Type = SignerType.PrivateKey }, ["privateKey"] },
        { new SignerReference { Type = SignerType.Keystore }, ["key", "passphraseVariable"] },
        { new SignerReference { Type = SignerType.Keystore, Key = "a", PassphraseFile = "b", PassphraseVariable = "C" }, ["passphraseVariable"] },
        { new SignerReference { Type = SignerType.AwsKms, PassphraseFile = "b" }, ["key", "passphraseFile"] },
        { new SignerReference { Type = SignerType.AwsKms, Key = "arn:aws:kms:eu-west-1:1:key/x" }, ["key"] },
        { new SignerReference { Type = SignerType.GcpKms, Key = "projects/p/keys/k", Region = "eu", Profile = "x" }, ["key", "region", "profile"] },
    };

    public static TheoryData<SignerReference> Right => new()
    {
        new SignerReference { Type = SignerType.Environment, Key = "JEJU_KEY" },
        new SignerReference { Type = SignerType.PrivateKey, PrivateKey = "0x01" },
        new SignerReference { Type = SignerType.Keystore, Key = "a.json", PassphraseFile = "b" },
        new SignerReference { Type = SignerType.AwsKms, Key = "alias/jeju", Region = "eu-west-1", Profile = "deployer" },
        new SignerReference { Type = SignerType.AwsKms, Key = "arn:aws:kms:eu-west-1:100000000001:key/1234" },
        new SignerReference { Type = SignerType.GcpKms, Key = GoogleKeyServer.Version },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WrongSigner_IsToldAllItsProblemsAtOnce(SignerReference signer, string[] members) =>
        Assert.Equal(members, SignerRules.FindProblems(signer, ChainId.BaseSepolia).Select(problem => problem.Member));

    [Theory]
    [MemberData(nameof(Right))]
    public void RightSigner_HasNoProblem(SignerReference signer) => Assert.Empty(SignerRules.FindProblems(signer, ChainId.BaseSepolia));

    [Theory]
    [InlineData(SignerType.Environment)]
    [InlineData(SignerType.PrivateKey)]
    public async Task BareKey_IsRefusedOnMainnet(SignerType type)
    {
        SignerReference signer = new() { Type = type, Key = type is SignerType.Environment ? "KEY" : null, PrivateKey = type is SignerType.PrivateKey ? Key : null };
        using KeyServiceDirectory services = new(_ => null, TimeProvider.System);
        SignerResolver resolver = new(_ => Key, "/", services);

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => resolver.ResolveAsync(signer, ChainId.Base, CancellationToken.None));

        Assert.Equal(ChainErrors.InvalidSignerCode, refusal.Code);
        Assert.Equal(FailureKind.Refused, refusal.Kind);
        Assert.DoesNotContain(Key, refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(20, (await resolver.ResolveAsync(signer, ChainId.BaseSepolia, CancellationToken.None)).Address.ToBytes().Length);
    }

    [Fact]
    public async Task Signer_SignsForItsTargetsAndUpToItsMaximum()
    {
        (LimitedSigner signer, CountingSigner key) = Limited();

        await signer.SignAsync(To(Suite, 10), CancellationToken.None);

        Assert.Equal(1, key.Signed);
    }

    [Fact]
    public async Task AnythingElse_IsRefusedBeforeItIsSigned()
    {
        (LimitedSigner signer, CountingSigner key) = Limited();

        await RefusesAsync(() => signer.SignAsync(To(Stranger, 0), CancellationToken.None), "targets");
        await RefusesAsync(() => signer.SignAsync(To(Suite, 11), CancellationToken.None), "maximumValue");
        await RefusesAsync(() => signer.SignAsync(To(null, 0), CancellationToken.None), "targets");
        await RefusesAsync(() => signer.SignAsync(Keccak.Hash("x"), CancellationToken.None), "transaction");

        Assert.Equal(0, key.Signed);
    }

    [Fact]
    public async Task AnotherResourceWithTheSameKey_AddsWhatItNeeds()
    {
        (LimitedSigner signer, CountingSigner key) = Limited();

        signer.Widen(new SigningLimits(new HashSet<Address> { Stranger }, 20));
        await signer.SignAsync(To(Stranger, 20), CancellationToken.None);
        await signer.SignAsync(To(Suite, 20), CancellationToken.None);

        Assert.Equal(2, key.Signed);
    }

    private static async Task RefusesAsync(Func<ValueTask<RecoverableSignature>> sign, string remedy)
    {
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(async () => await sign());
        Assert.Equal(ChainErrors.SigningRefusedCode, refusal.Code);
        Assert.Equal(FailureKind.Refused, refusal.Kind);
        Assert.Contains(remedy, refusal.Remedy, StringComparison.Ordinal);
    }

    private static (LimitedSigner Signer, CountingSigner Key) Limited()
    {
        CountingSigner key = new();
        return (new LimitedSigner(key, new SigningLimits(new HashSet<Address> { Suite }, 10)), key);
    }

    private static UnsignedTransaction To(Address? target, BigInteger value) =>
        new(new Transaction1559(1, 0, 1, 1, 21_000, target?.ToString() ?? "", value, "0x", []), "a call");

    private sealed class CountingSigner : ISigner
    {
        public int Signed { get; private set; }

        public Address Address => AnvilAccounts.Deployer.Address;

        public ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken)
        {
            Signed++;
            return ValueTask.FromResult(new RecoverableSignature(new byte[32], new byte[32], 0));
        }
    }
}
