using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Chain.KeyStores;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain.Signers;

/// <summary>Encrypted key files; that other tools read ours and we read theirs is tested end to end.</summary>
public sealed class KeyStoreTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";
    private static readonly KeyStoreCost Cheap = new(1 << 10);
    private static readonly AnvilAccount Account = AnvilAccounts.Operator;

    // The example of the format's own description; its passphrase is "testpassword".
    private const string Published =
        """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-keystore-").FullName;
    private readonly Dictionary<string, string> _environment = new() { ["PASSPHRASE"] = Passphrase };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PublishedExample_Opens()
    {
        byte[] key = KeyStoreFile.Parse(Published, "the example").Decrypt("testpassword", "the example");

        Assert.Equal("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d", Convert.ToHexStringLower(key));
    }

    [Theory]
    [InlineData(1 << 10, null)]
    [InlineData(0, 1000)]
    public void WrittenFile_OpensWithItsPassphraseAlone(int scryptCost, int? iterations)
    {
        byte[] key = Bytes32.Parse(Account.PrivateKey).ToBytes();
        string text = KeyStoreFile.Encrypt(key, Account.Address, Passphrase, new KeyStoreCost(scryptCost, iterations)).ToJson();
        KeyStoreFile file = KeyStoreFile.Parse(text, "the file");

        InfraException refusal = Assert.Throws<InfraException>(() => file.Decrypt("wrong", "the file"));

        Assert.Equal(key, file.Decrypt(Passphrase, "the file"));
        Assert.Equal(Account.Address, file.Address);
        Assert.DoesNotContain(Account.PrivateKey[2..], text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ChainErrors.KeyStoreCode, refusal.Code);
        Assert.DoesNotContain(Passphrase, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedCiphertext_IsNotDecrypted()
    {
        string changed = Published.Replace("5318b4d5", "5318b4d6", StringComparison.Ordinal);

        Assert.Throws<InfraException>(() => KeyStoreFile.Parse(changed, "the file").Decrypt("testpassword", "the file"));
    }

    [Theory]
    [InlineData("nothing", "no key store")]
    [InlineData("""{"version":1}""", "version 3")]
    [InlineData("""{"version":3,"crypto":{"cipher":"aes-256-cbc","ciphertext":"","cipherparams":{"iv":""},"kdf":"scrypt","kdfparams":{"dklen":32,"salt":""},"mac":""}}""", "aes-256-cbc")]
    [InlineData("""{"version":3,"crypto":{"cipher":"aes-128-ctr","ciphertext":"","cipherparams":{"iv":""},"kdf":"argon2","kdfparams":{"dklen":32,"salt":""},"mac":""}}""", "argon2")]
    public void FileOfAnotherKind_IsRefusedWithItsReason(string text, string reason)
    {
        InfraException refusal = Assert.Throws<InfraException>(() => KeyStoreFile.Parse(text, "the file"));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatWantsTheWholeMemory_IsRefused()
    {
        string text = Published.Replace("\"c\":262144", "\"n\":1073741824,\"r\":8,\"p\":1", StringComparison.Ordinal);

        Assert.Contains(
            "more than 1 GiB",
            Assert.Throws<InfraException>(() => KeyStoreFile.Parse(text, "the file").Decrypt("x", "the file")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signer_OpensItsKeyStore_AndKnowsTheAccountWithoutThePassphrase()
    {
        await WriteAsync("operator.json");
        SignerReference signer = new() { Type = SignerType.Keystore, Key = "operator.json", PassphraseVariable = "PASSPHRASE" };
        using KeyServiceDirectory services = new(_ => null, TimeProvider.System);

        Assert.Equal(Account.Address, (await Resolver(services).ResolveAsync(signer, ChainId.Anvil, CancellationToken.None)).Address);
        _environment.Clear();
        Assert.Equal(Account.Address, await Resolver(services).FindAccountAsync(signer, ChainId.Anvil, CancellationToken.None));
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => Resolver(services).ResolveAsync(signer, ChainId.Anvil, CancellationToken.None));
        Assert.Equal(ChainErrors.MissingKeyCode, refusal.Code);
        Assert.Contains("PASSPHRASE", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passphrase_IsReadFromAFile_WithoutItsLineBreak()
    {
        await WriteAsync("operator.json");
        await File.WriteAllTextAsync(Path.Combine(_folder, "passphrase"), Passphrase + "\n");
        SignerReference signer = new() { Type = SignerType.Keystore, Key = "operator.json", PassphraseFile = "passphrase" };
        using KeyServiceDirectory services = new(_ => null, TimeProvider.System);

        Assert.Equal(Account.Address, (await Resolver(services).ResolveAsync(signer, ChainId.Anvil, CancellationToken.None)).Address);
    }

    [Fact]
    public async Task DevelopmentKeyInAKeyStore_IsRefusedOnAnotherChain()
    {
        await WriteAsync("operator.json");
        SignerReference signer = new() { Type = SignerType.Keystore, Key = "operator.json", PassphraseVariable = "PASSPHRASE" };
        using KeyServiceDirectory services = new(_ => null, TimeProvider.System);

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => Resolver(services).ResolveAsync(signer, ChainId.Base, CancellationToken.None));

        Assert.Equal(ChainErrors.DevelopmentKeyCode, refusal.Code);
    }

    private SignerResolver Resolver(KeyServiceDirectory services) => new(_environment.GetValueOrDefault, _folder, services);

    private Task WriteAsync(string name) => File.WriteAllTextAsync(
        Path.Combine(_folder, name),
        KeyStoreFile.Encrypt(Bytes32.Parse(Account.PrivateKey).ToBytes(), Account.Address, Passphrase, Cheap).ToJson());
}
