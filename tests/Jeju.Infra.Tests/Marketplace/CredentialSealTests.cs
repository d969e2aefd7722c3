using System.Security.Cryptography;

using FsCheck;
using FsCheck.Fluent;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class CredentialSealTests
{
    private static readonly byte[] AccountKey = Enumerable.Repeat((byte)7, 32).ToArray();
    private static readonly EncryptionKey Key = EncryptionKey.Derive(AccountKey, ChainId.Anvil);
    private static readonly ServiceCredentials Credentials = new("postgres", "s3cret", "postgres");

    private static readonly SealContext Context = new(
        ChainId.Anvil, Address.Parse("0x" + new string('1', 40)), Bytes32.Parse("0x" + new string('2', 64)), 3);

    [Fact]
    public void Open_OwnBox_GivesTheCredentials()
    {
        byte[] box = CredentialSeal.Seal(Credentials, Key.PublicKey, Context);

        Assert.Equal(Credentials, CredentialSeal.Open(box, Key, Context));
    }

    [Fact]
    public void Two_boxes_of_the_same_credentials_differ() =>
        Assert.NotEqual(CredentialSeal.Seal(Credentials, Key.PublicKey, Context), CredentialSeal.Seal(Credentials, Key.PublicKey, Context));

    [Fact]
    public void The_length_of_a_box_does_not_tell_the_length_of_the_password()
    {
        byte[] shorter = CredentialSeal.Seal(Credentials, Key.PublicKey, Context);
        byte[] longer = CredentialSeal.Seal(Credentials with { Password = "a longer secret" }, Key.PublicKey, Context);

        Assert.Equal(shorter.Length, longer.Length);
        // The contract takes at most 2048 bytes.
        Assert.InRange(longer.Length, 1, 2048);
    }

    [Fact]
    public void A_box_copied_to_another_chain_contract_order_or_generation_does_not_open()
    {
        byte[] box = CredentialSeal.Seal(Credentials, Key.PublicKey, Context);
        SealContext[] others =
        [
            Context with { Chain = ChainId.Base },
            Context with { Contract = Address.Parse("0x" + new string('3', 40)) },
            Context with { OrderId = Bytes32.Parse("0x" + new string('4', 64)) },
            Context with { Generation = 4 },
        ];

        Assert.All(others, other => Refused(() => CredentialSeal.Open(box, Key, other)));
    }

    [Fact]
    public void Another_account_and_the_same_account_on_another_chain_cannot_open_it()
    {
        byte[] box = CredentialSeal.Seal(Credentials, Key.PublicKey, Context);

        Refused(() => CredentialSeal.Open(box, EncryptionKey.Derive(Enumerable.Repeat((byte)8, 32).ToArray(), ChainId.Anvil), Context));
        Refused(() => CredentialSeal.Open(box, EncryptionKey.Derive(AccountKey, ChainId.Base), Context));
    }

    [Fact]
    public void Any_changed_byte_makes_the_box_unreadable()
    {
        byte[] box = CredentialSeal.Seal(Credentials, Key.PublicKey, Context);
        Prop.ForAll(Gen.Choose(0, box.Length - 1).ToArbitrary(), position =>
        {
            byte[] changed = [.. box];
            changed[position] ^= 1;
            Refused(() => CredentialSeal.Open(changed, Key, Context));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_other_bytes_are_refused_with_the_code_and_nothing_else() => Prop.ForAll<byte[]>(bytes =>
    {
        Refused(() => CredentialSeal.Open(bytes, Key, Context));
        Refused(() => CredentialSeal.Open([1, .. bytes], Key, Context));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Seal_KeyThatSharesNoSecret_IsRefused() => Refused(() => CredentialSeal.Seal(Credentials, Bytes32.Zero, Context));

    [Fact]
    public void The_key_is_not_the_account_key()
    {
        Assert.NotEqual(EncryptionKey.FromPrivateKey(AccountKey).PublicKey, Key.PublicKey);
        Assert.Equal(Key.PublicKey, EncryptionKey.Derive(AccountKey, ChainId.Anvil).PublicKey);
    }

    [Fact]
    public void PublicKey_OfAKnownKey_IsWhatOpenSslComputes()
    {
        byte[] privateKey = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];

        Assert.Equal("0x07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c", EncryptionKey.FromPrivateKey(privateKey).PublicKey.ToString());
    }

    [Fact]
    public void Generated_passwords_differ_and_are_long()
    {
        ServiceKind kind = ServiceCatalog.Find("redis");
        string[] passwords = [.. Enumerable.Range(0, 100).Select(_ => LeaseCredentials.Generate(kind).Password)];

        Assert.Equal(passwords.Length, passwords.Distinct().Count());
        Assert.All(passwords, password => Assert.True(password.Length >= 32 && password.All(char.IsAsciiLetterOrDigit)));
    }

    private static void Refused(Action open) =>
        Assert.Equal("JEJU0510", Assert.Throws<InfraException>(open).Code.ToString());
}
