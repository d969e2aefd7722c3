using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyStores;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Encrypted key files are everybody's: cast opens ours, and we open cast's.</summary>
public sealed class KeyStoreLikenessTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";
    private static readonly AnvilAccount Account = AnvilAccounts.Consumer;

    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-keystore-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [FoundryFact]
    public async Task FileOfCast_Opens()
    {
        await Cast.RunAsync("wallet", "import", "--keystore-dir", _folder, "--private-key", Account.PrivateKey, "--unsafe-password", Passphrase, "consumer");
        string path = Path.Combine(_folder, "consumer");

        byte[] key = KeyStoreFile.Parse(await File.ReadAllTextAsync(path), path).Decrypt(Passphrase, path);

        Assert.Equal(Bytes32.Parse(Account.PrivateKey).ToBytes(), key);
    }

    [FoundryFact]
    public async Task OurFile_IsOpenedByCast()
    {
        string path = Path.Combine(_folder, "consumer.json");
        KeyStoreFile file = KeyStoreFile.Encrypt(Bytes32.Parse(Account.PrivateKey).ToBytes(), Account.Address, Passphrase, new KeyStoreCost(1 << 13));
        await File.WriteAllTextAsync(path, file.ToJson());

        string address = await Cast.RunAsync("wallet", "address", "--keystore", path, "--password", Passphrase);

        Assert.Equal(Account.Address.ToChecksumText(), address);
    }
}
