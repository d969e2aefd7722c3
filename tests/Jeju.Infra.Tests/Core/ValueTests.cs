using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Core;

public sealed class ValueTests
{
    [Fact]
    public void Address_TextAndBytes_RoundTrip() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<byte>().ArrayOf(Address.Length).ToArbitrary(), bytes =>
        {
            Address address = Address.FromBytes(bytes);
            return address.ToBytes().SequenceEqual(bytes)
                && Address.Parse(address.ToString()) == address
                && Address.Parse(address.ToString()[2..].ToUpperInvariant()) == address;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x12")]
    [InlineData("0xzz00000000000000000000000000000000000000")]
    [InlineData("0x000000000000000000000000000000000000000000")]
    public void Address_WrongText_IsRefused(string text)
    {
        Assert.False(Address.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Address.Parse(text));
    }

    [Fact]
    public void Address_Default_IsZero()
    {
        Assert.Equal(Address.Zero, default);
        Assert.Equal(Address.Zero.GetHashCode(), default(Address).GetHashCode());
    }

    [Fact]
    public void Bytes32_Name_RoundTrips()
    {
        Assert.Equal("postgres", Bytes32.FromName("postgres").ToName());
        Assert.StartsWith("0x706f737467726573", Bytes32.FromName("postgres").ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Bytes32.FromName(new string('x', 33)));
    }

    [Fact]
    public void TokenAmount_TextAndUnits_RoundTrip() =>
        Prop.ForAll<ulong, byte>((units, seed) =>
        {
            int decimals = seed % 19;
            TokenAmount amount = new(units);
            return TokenAmount.TryParseTokens(amount.ToTokens(decimals), decimals, out TokenAmount read) && read == amount;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.0000001")]
    [InlineData("1.2.3")]
    public void TokenAmount_WrongText_IsRefused(string text) => Assert.False(TokenAmount.TryParseTokens(text, 6, out _));

    [Fact]
    public void TokenAmount_OutsideUint256_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenAmount.Zero - new TokenAmount(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenAmount(TokenAmount.Maximum) + new TokenAmount(BigInteger.One));
    }

    [Fact]
    public void NetworkProfile_UnknownStack_NamesTheValidOnes()
    {
        InfraException error = Assert.Throws<InfraException>(() => NetworkProfile.ForStack("devnet"));
        Assert.Equal("JEJU0701", error.Code.ToString());
        Assert.Contains("localnet, testnet, mainnet", error.Remedy, StringComparison.Ordinal);
    }
}
