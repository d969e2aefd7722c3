using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Core;
using Nethereum.Signer;

namespace Jeju.Infra.Tests.Chain.Signers;

/// <summary>A key in Google Cloud KMS, against a server that checks the assertion of every token and the token of every request.</summary>
public sealed class GoogleSignerTests : IAsyncLifetime
{
    private readonly GoogleKeyServer _google = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-google-").FullName;

    public async Task InitializeAsync()
    {
        await _google.StartAsync();
        _google.Environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS"] = _google.Address + "/";
    }

    public async Task DisposeAsync()
    {
        await _google.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ServiceAccount_SignsForItsAccount_WithOneToken()
    {
        await UseFileAsync(_google.AccountFile());
        ISigner signer = await OpenAsync();
        Address account = AwsSignerTests.AccountOf(_google.PrivateKey);

        Assert.Equal(account, signer.Address);
        for (int number = 0; number < 8; number++)
        {
            Bytes32 hash = Keccak.Hash($"message {number}");
            RecoverableSignature signature = await signer.SignAsync(hash, CancellationToken.None);
            EthECKey recovered = EthECKey.RecoverFromSignature(
                EthECDSASignatureFactory.FromComponents(signature.R, signature.S, [signature.Parity]), signature.Parity, hash.ToBytes());
            Assert.Equal(account, Address.FromBytes(recovered.GetPublicAddressAsBytes()));
        }

        Assert.Single(_google.Requests, request => request.Path == "/token");
    }

    [Fact]
    public async Task ServiceAccountThatIsUnknown_GetsNoToken()
    {
        await UseFileAsync(_google.AccountFile("nobody@jeju.iam.gserviceaccount.com"));

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());

        Assert.Equal(ChainErrors.KeyServiceCode, refusal.Code);
        Assert.Contains("account not found", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsersLogin_IsRefreshed()
    {
        await UseFileAsync($$"""{"type":"authorized_user","client_id":"id","client_secret":"s","refresh_token":"r","token_uri":"{{_google.Address}}/token"}""");

        Assert.Equal(AwsSignerTests.AccountOf(_google.PrivateKey), (await OpenAsync()).Address);
    }

    [Fact]
    public async Task WorkloadIdentity_IsAskedOfTheMetadataServer()
    {
        _google.Environment["GCE_METADATA_HOST"] = new Uri(_google.Address).Authority;

        Assert.Equal(AwsSignerTests.AccountOf(_google.PrivateKey), (await OpenAsync()).Address);
    }

    [Fact]
    public async Task TokenFile_IsRead()
    {
        string file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, GoogleKeyServer.GivenToken + "\n");
        _google.Environment["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"] = file;

        Assert.Equal(AwsSignerTests.AccountOf(_google.PrivateKey), (await OpenAsync()).Address);
    }

    [Fact]
    public async Task ThrottledRequest_IsRepeated()
    {
        _google.Environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = GoogleKeyServer.GivenToken;
        ISigner signer = await OpenAsync();
        _google.Throttled = 2;

        await signer.SignAsync(Keccak.Hash("throttled"), CancellationToken.None);

        Assert.Equal(4, _google.Requests.Count);
    }

    [Fact]
    public async Task DeniedRequest_NamesTheRoleToGrant()
    {
        _google.Environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = GoogleKeyServer.DeniedToken;

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());

        Assert.Equal(FailureKind.Refused, refusal.Kind);
        Assert.Contains("PERMISSION_DENIED", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("roles/cloudkms.signerVerifier", refusal.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(GoogleKeyServer.DeniedToken, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyOfAnotherCurve_IsRefused()
    {
        _google.Environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = GoogleKeyServer.GivenToken;

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync(GoogleKeyServer.OtherVersion));

        Assert.Equal(ChainErrors.UnsuitableKeyCode, refusal.Code);
        Assert.Contains("EC_SIGN_P256_SHA256", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignatureThatArrivesDamaged_IsNotUsed()
    {
        _google.Environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = GoogleKeyServer.GivenToken;
        ISigner signer = await OpenAsync();
        _google.Damages = true;

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(async () => await signer.SignAsync(Keccak.Hash("x"), CancellationToken.None));

        Assert.Contains("arrived damaged", refusal.Message, StringComparison.Ordinal);
    }

    private async Task UseFileAsync(string content)
    {
        string file = Path.Combine(_folder, "credentials.json");
        await File.WriteAllTextAsync(file, content);
        _google.Environment["GOOGLE_APPLICATION_CREDENTIALS"] = file;
    }

    private Task<ISigner> OpenAsync(string version = GoogleKeyServer.Version)
    {
        // The signer goes on using the directory; both end with the test.
        KeyServiceDirectory services = new(Variable, TimeProvider.System);
        return new SignerResolver(Variable, _folder, services)
            .ResolveAsync(new SignerReference { Type = SignerType.GcpKms, Key = version }, ChainId.Base, CancellationToken.None);
    }

    private string? Variable(string name) => _google.Environment.GetValueOrDefault(name);
}
