using FsCheck;
using FsCheck.Fluent;
using Jeju.Infra.Chain;
using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Core;

public sealed class AddressChecksumTests
{
    [Fact]
    public void An_address_is_judged_as_the_chain_layer_judges_it() => Prop
        .ForAll(ArbMap.Default.ArbFor<byte>().Generator.ArrayOf(20).ToArbitrary(), bytes =>
        {
            var right = Address.FromBytes(bytes).ToChecksumText();
            Assert.True(AddressChecksum.IsRight(right));
            Assert.True(AddressChecksum.IsRight(right.ToLowerInvariant()));
            var letter = right.IndexOfAny([.. "abcdefABCDEF"], 2);
            if (letter >= 0)
            {
                var flipped = char.IsUpper(right[letter]) ? char.ToLowerInvariant(right[letter]) : char.ToUpperInvariant(right[letter]);
                var wrong = right[..letter] + flipped + right[(letter + 1)..];
                Assert.Equal(Eip55.TryParse(wrong, out _), AddressChecksum.IsRight(wrong));
            }
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_accounts_that_settings_refuse_are_those_of_Anvil() =>
        Assert.Equal(AnvilAccounts.All.Select(account => account.Address), DevelopmentAccounts.WellKnown);
}
