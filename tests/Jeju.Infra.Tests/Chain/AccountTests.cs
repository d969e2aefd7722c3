using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

public class AccountTests
{
    [Fact]
    public void DevelopmentKey_OnAnotherChain_IsRefusedWithoutShowingIt()
    {
        foreach (AnvilAccount account in AnvilAccounts.All)
        {
            Assert.Equal(account.Address, SoftwareSigner.Create(account.PrivateKey, ChainId.Anvil).Address);

            InfraException error = Assert.Throws<InfraException>(() => SoftwareSigner.Create(account.PrivateKey, ChainId.BaseSepolia));

            Assert.Equal(ChainErrors.DevelopmentKeyCode, error.Code);
            Assert.Equal(FailureKind.Refused, error.Kind);
            Assert.DoesNotContain(account.PrivateKey[2..], error.ToDisplayText(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x1234")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void InvalidKey_IsRefused(string key)
    {
        InfraException error = Assert.Throws<InfraException>(() => SoftwareSigner.Create(key, ChainId.Anvil));

        Assert.Equal(ChainErrors.InvalidKeyCode, error.Code);
        Assert.Equal(FailureKind.Usage, error.Kind);
    }

    // The examples of EIP-55.
    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Checksum_IsWrittenAndChecked(string text)
    {
        Assert.True(Eip55.TryParse(text, out Address address));
        Assert.Equal(text, address.ToChecksumText());
        Assert.True(Eip55.TryParse(text.ToLowerInvariant(), out _));

        char[] wrong = text.ToCharArray();
        int letter = Array.FindIndex(wrong, 2, char.IsAsciiLetterUpper);
        wrong[letter] = char.ToLowerInvariant(wrong[letter]);
        Assert.False(Eip55.TryParse(new string(wrong), out _));
    }

    [Fact]
    public void NameHash_IsTheOneOfEns()
    {
        Assert.Equal(Bytes32.Zero, JnsNames.Hash(string.Empty));
        Assert.Equal(Bytes32.Parse("0xde9b09fd7c5f901e23a3f19fecc54828e9c848539801e86591bd9801b019f84f"), JnsNames.Hash("foo.eth"));
    }
}
