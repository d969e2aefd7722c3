using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Core;
using Nethereum.Signer;

namespace Jeju.Infra.Tests.Chain.Signers;

/// <summary>A key in AWS KMS, against a server that checks the signature of every request.</summary>
public sealed class AwsSignerTests : IAsyncLifetime
{
    private static readonly BigInteger HalfOrder = BigInteger.Parse(
        "07fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly AwsKeyServer _aws = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-aws-").FullName;

    public async Task InitializeAsync()
    {
        await _aws.StartAsync();
        _aws.Environment["AWS_ENDPOINT_URL"] = _aws.Address;
    }

    public async Task DisposeAsync()
    {
        await _aws.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Signatures_RecoverToTheAccount_AndAreInTheLowerHalf()
    {
        _aws.UseUser();
        ISigner signer = await OpenAsync();
        Address account = AccountOf(_aws.PrivateKey);

        Assert.Equal(account, signer.Address);
        for (int number = 0; number < 16; number++)
        {
            Bytes32 hash = Keccak.Hash($"message {number}");
            RecoverableSignature signature = await signer.SignAsync(hash, CancellationToken.None);
            EthECKey recovered = EthECKey.RecoverFromSignature(
                EthECDSASignatureFactory.FromComponents(signature.R, signature.S, [signature.Parity]), signature.Parity, hash.ToBytes());

            Assert.Equal(account, Address.FromBytes(recovered.GetPublicAddressAsBytes()));
            Assert.True(new BigInteger(signature.S, isUnsigned: true, isBigEndian: true) <= HalfOrder);
        }
    }

    [Fact]
    public async Task ThrottledRequest_IsRepeated()
    {
        _aws.UseUser();
        ISigner signer = await OpenAsync();
        _aws.Throttled = 2;

        await signer.SignAsync(Keccak.Hash("throttled"), CancellationToken.None);

        Assert.Equal(4, _aws.Requests.Count);
    }

    [Fact]
    public async Task ServiceThatThrottlesForEver_IsGivenUp()
    {
        _aws.UseUser();
        _aws.Throttled = int.MaxValue;

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());

        Assert.Equal(ChainErrors.KeyServiceCode, refusal.Code);
        Assert.Contains("ThrottlingException", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeniedRequest_NamesThePermissionAndTheIdentity()
    {
        _aws.UseUser("AKIDDENIED");

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());

        Assert.Equal(ChainErrors.KeyServiceCode, refusal.Code);
        Assert.Equal(FailureKind.Refused, refusal.Kind);
        Assert.Contains("AccessDeniedException", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("kms:Sign", refusal.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-denied", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyOfAnotherKind_IsRefused()
    {
        _aws.UseUser();

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync(AwsKeyServer.RsaKey));

        Assert.Equal(ChainErrors.UnsuitableKeyCode, refusal.Code);
        Assert.Contains("RSA_2048", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongSecret_IsRefusedByTheService()
    {
        _aws.UseUser();
        _aws.Environment["AWS_SECRET_ACCESS_KEY"] = "another";

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());

        Assert.Contains("InvalidSignatureException", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownKey_IsNamed()
    {
        _aws.UseUser();

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync("alias/nobody"));

        Assert.Contains("NotFoundException", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("alias/nobody", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_IsReadFromTheCredentialsFile()
    {
        string file = Path.Combine(_folder, "credentials");
        await File.WriteAllTextAsync(
            file, "[default]\naws_access_key_id = AKIDNOBODY\naws_secret_access_key = x\n\n[deployer]\naws_access_key_id=AKIDUSER\naws_secret_access_key = secret/of+the=user\n");
        _aws.Environment["AWS_SHARED_CREDENTIALS_FILE"] = file;

        ISigner signer = await OpenAsync(profile: "deployer");

        Assert.Equal(AccountOf(_aws.PrivateKey), signer.Address);
    }

    [Fact]
    public async Task WebIdentity_IsExchangedForTheRole()
    {
        string file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, AwsKeyServer.WebToken + "\n");
        _aws.Environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = file;
        _aws.Environment["AWS_ROLE_ARN"] = AwsKeyServer.Role;

        ISigner signer = await OpenAsync();
        await signer.SignAsync(Keccak.Hash("web"), CancellationToken.None);

        // The role's session is asked for once.
        Assert.Single(_aws.Requests, request => request.Text.Contains("AssumeRoleWithWebIdentity", StringComparison.Ordinal));
        Assert.Equal(3, _aws.Requests.Count);
    }

    [Fact]
    public async Task RoleThatIsNotTrusted_IsNamed()
    {
        string file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, "a.wrong.token");
        _aws.Environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = file;
        _aws.Environment["AWS_ROLE_ARN"] = AwsKeyServer.Role;

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());

        Assert.Contains(AwsKeyServer.Role, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AccessDenied", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a.wrong.token", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PodIdentity_IsAskedWithItsToken()
    {
        string file = Path.Combine(_folder, "agent");
        await File.WriteAllTextAsync(file, AwsKeyServer.AgentToken);
        _aws.Environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = _aws.Address + "/v1/credentials";
        _aws.Environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file;

        ISigner signer = await OpenAsync();

        Assert.Equal(AccountOf(_aws.PrivateKey), signer.Address);
    }

    [Fact]
    public async Task CredentialsEndpointOfAStranger_GetsNoToken()
    {
        _aws.Environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://credentials.example/v1/credentials";
        _aws.Environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = AwsKeyServer.AgentToken;

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());

        Assert.Contains("neither local nor https", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoCredentials_AreAnErrorWithAWayOut_AndNoAccountInAPreview()
    {
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => OpenAsync());
        using KeyServiceDirectory services = Services();
        SignerResolver resolver = new(Variable, _folder, services);

        Assert.Equal(ChainErrors.MissingCredentialsCode, refusal.Code);
        Assert.Null(await resolver.FindAccountAsync(Reference(AwsKeyServer.Key), ChainId.Base, CancellationToken.None));
        Assert.Empty(_aws.Requests);
    }

    /// <summary>Two of AWS's published examples: nobody here computed what they expect.</summary>
    [Theory]
    [InlineData(null, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public void RequestSignature_IsAsPublished(string? contentType, string body, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        using HttpRequestMessage request = new(HttpMethod.Post, "https://example.amazonaws.com/");
        if (contentType is not null)
        {
            request.Content = KeyServiceTransport.Body(bytes, contentType);
        }

        AwsRequestSignature.Add(
            request, bytes, "us-east-1", "service",
            new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, null, "example"),
            new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));

        Assert.EndsWith($"Signature={expected}", request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }

    internal static Address AccountOf(ECDsa key)
    {
        ECParameters parameters = key.ExportParameters(includePrivateParameters: false);
        return Address.FromBytes(Keccak.Hash([.. parameters.Q.X!, .. parameters.Q.Y!]).ToBytes().AsSpan(12));
    }

    private static SignerReference Reference(string key, string? profile = null) =>
        new() { Type = SignerType.AwsKms, Key = key, Region = AwsKeyServer.Region, Profile = profile };

    private async Task<ISigner> OpenAsync(string key = AwsKeyServer.Key, string? profile = null)
    {
        // The signer goes on using the directory; both end with the test.
        KeyServiceDirectory services = Services();
        return await new SignerResolver(Variable, _folder, services).ResolveAsync(Reference(key, profile), ChainId.Base, CancellationToken.None);
    }

    private KeyServiceDirectory Services() => new(Variable, TimeProvider.System);

    private string? Variable(string name) => _aws.Environment.GetValueOrDefault(name);
}
