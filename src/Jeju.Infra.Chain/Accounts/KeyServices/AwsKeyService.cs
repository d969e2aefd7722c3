using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.KeyServices;

/// <summary>A key of AWS KMS, through its JSON protocol: requests signed with Signature Version 4.</summary>
internal sealed class AwsKeyService(
    string key, string region, Func<string, string?> environment, AwsCredentialSource credentials, KeyServiceTransport transport, TimeProvider time) : IKeyService
{
    private const string Service = "kms";
    private const string ContentType = "application/x-amz-json-1.1";

    private readonly Uri _endpoint = AwsEndpoint.Of(environment, Service, region);

    public string Name => $"The AWS key {key} in {region}";

    public async Task<byte[]> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        ServiceAnswer answer = await AskAsync("GetPublicKey", new Dictionary<string, object> { ["KeyId"] = key }, cancellationToken).ConfigureAwait(false);
        return answer.Text("KeySpec") == "ECC_SECG_P256K1" && answer.Text("KeyUsage") == "SIGN_VERIFY"
            ? Bytes(answer, "PublicKey")
            : throw new InfraException(
                ChainErrors.UnsuitableKeyCode,
                $"{Name} has the key spec {answer.Text("KeySpec")} for {answer.Text("KeyUsage")} and cannot sign for Ethereum.",
                "Make one with key spec ECC_SECG_P256K1 and key usage SIGN_VERIFY.",
                FailureKind.Usage);
    }

    public async Task<byte[]> SignDigestAsync(byte[] digest, CancellationToken cancellationToken) => Bytes(
        await AskAsync(
            "Sign",
            new Dictionary<string, object>
            {
                ["KeyId"] = key,
                ["Message"] = Convert.ToBase64String(digest),
                ["MessageType"] = "DIGEST",
                ["SigningAlgorithm"] = "ECDSA_SHA_256",
            },
            cancellationToken).ConfigureAwait(false),
        "Signature");

    private async Task<ServiceAnswer> AskAsync(string operation, IReadOnlyDictionary<string, object> body, CancellationToken cancellationToken)
    {
        byte[] bytes = KeyServiceTransport.Encode(body);
        AwsCredentials found = await credentials.GetAsync(region, cancellationToken).ConfigureAwait(false);
        ServiceAnswer answer = await transport.SendAsync(
            Name,
            () =>
            {
                HttpRequestMessage request = new(HttpMethod.Post, _endpoint) { Content = KeyServiceTransport.Body(bytes, ContentType) };
                request.Headers.TryAddWithoutValidation("X-Amz-Target", $"TrentService.{operation}");
                AwsRequestSignature.Add(request, bytes, region, Service, found, time.GetUtcNow());
                return request;
            },
            cancellationToken).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            return answer;
        }

        // The type may carry a namespace: com.amazonaws.kms#NotFoundException.
        string type = (answer.Text("__type") ?? $"status {(int)answer.Status}").Split('#')[^1];
        string remedy = type switch
        {
            "AccessDeniedException" => $"Allow kms:Sign and kms:GetPublicKey on the key for the identity that runs this command ({found.Origin}).",
            "NotFoundException" => "Check the key's id or alias, and its region and account.",
            "DisabledException" or "KMSInvalidStateException" => "Enable the key, or cancel its deletion.",
            "InvalidKeyUsageException" => "Use a key with key usage SIGN_VERIFY.",
            "ExpiredTokenException" or "UnrecognizedClientException" or "InvalidSignatureException" => $"Renew the credentials ({found.Origin}), and check this machine's clock.",
            _ => "Nothing was signed. Run the command again.",
        };
        throw new InfraException(
            ChainErrors.KeyServiceCode,
            $"{Name} refused {operation} with {type}: {answer.Text("message") ?? answer.Text("Message") ?? "no reason given"}.",
            remedy,
            type is "AccessDeniedException" ? FailureKind.Refused : FailureKind.Failed);
    }

    private byte[] Bytes(ServiceAnswer answer, string property)
    {
        byte[] bytes = new byte[1024];
        return answer.Text(property) is { } text && Convert.TryFromBase64String(text, bytes, out int length)
            ? bytes[..length]
            : throw new InfraException(ChainErrors.KeyServiceCode, $"{Name} answered without {property}.", "Run the command again. Nothing was sent.");
    }
}

/// <summary>Where a service of AWS is.</summary>
internal static class AwsEndpoint
{
    internal static Uri Of(Func<string, string?> environment, string service, string region)
    {
        string? given = environment($"AWS_ENDPOINT_URL_{service.ToUpperInvariant()}") ?? environment("AWS_ENDPOINT_URL");
        string domain = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        return new Uri(string.IsNullOrEmpty(given) ? $"https://{service}.{region}.{domain}/" : given);
    }
}

/// <summary>Signature Version 4, for requests with a body and no query.</summary>
internal static class AwsRequestSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    internal static void Add(HttpRequestMessage request, byte[] body, string region, string service, AwsCredentials credentials, DateTimeOffset now)
    {
        string stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        Uri uri = request.RequestUri ?? throw new ArgumentException("The request has no address.", nameof(request));
        request.Headers.TryAddWithoutValidation("X-Amz-Date", stamp);
        if (credentials.SessionToken is { } token)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);
        }

        SortedDictionary<string, string> headers = new(StringComparer.Ordinal) { ["host"] = uri.IsDefaultPort ? uri.Host : uri.Authority };
        foreach ((string name, IEnumerable<string> values) in request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                headers[name.ToLowerInvariant()] = string.Join(',', values).Trim();
            }
        }

        string signedNames = string.Join(';', headers.Keys);
        string canonical = string.Join('\n',
        [
            request.Method.Method, uri.AbsolutePath, string.Empty, .. headers.Select(header => $"{header.Key}:{header.Value}"), string.Empty,
            signedNames, Hash(body),
        ]);
        string scope = $"{stamp[..8]}/{region}/{service}/aws4_request";
        string toSign = string.Join('\n', Algorithm, stamp, scope, Hash(Encoding.UTF8.GetBytes(canonical)));
        byte[] signingKey = new[] { stamp[..8], region, service, "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey), (signing, part) => HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(part)));
        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(toSign)));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={credentials.AccessKey}/{scope}, SignedHeaders={signedNames}, Signature={signature}");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
