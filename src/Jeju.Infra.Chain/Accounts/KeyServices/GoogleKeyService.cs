using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.KeyServices;

/// <summary>A key version of Google Cloud KMS, through its REST interface. Checksums travel both ways: a changed bit is no signature.</summary>
internal sealed class GoogleKeyService(string version, Func<string, string?> environment, GoogleTokenSource tokens, KeyServiceTransport transport) : IKeyService
{
    private const string Algorithm = "EC_SIGN_SECP256K1_SHA256";

    // The variable of Google's own command line.
    private readonly string _root =
        (environment("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS") is { Length: > 0 } given ? given : "https://cloudkms.googleapis.com/").TrimEnd('/');

    public string Name => $"The Google Cloud key {version}";

    public async Task<byte[]> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        ServiceAnswer answer = await AskAsync(HttpMethod.Get, "/publicKey", null, cancellationToken).ConfigureAwait(false);
        if (answer.Text("algorithm") != Algorithm)
        {
            throw new InfraException(
                ChainErrors.UnsuitableKeyCode,
                $"{Name} has the algorithm {answer.Text("algorithm")} and cannot sign for Ethereum.",
                $"Make a key with algorithm {Algorithm}, which needs protection level HSM.",
                FailureKind.Usage);
        }

        string text = answer.Text("pem") ?? string.Empty;
        if (!PemEncoding.TryFind(text, out PemFields fields) || !IsIntact(System.Text.Encoding.UTF8.GetBytes(text), answer.Text("pemCrc32c")))
        {
            throw Damaged("public key");
        }

        return Convert.FromBase64String(text[fields.Base64Data]);
    }

    public async Task<byte[]> SignDigestAsync(byte[] digest, CancellationToken cancellationToken)
    {
        Dictionary<string, object> body = new()
        {
            ["digest"] = new Dictionary<string, string> { ["sha256"] = Convert.ToBase64String(digest) },
            ["digestCrc32c"] = Checksum(digest).ToString(CultureInfo.InvariantCulture),
        };
        ServiceAnswer answer = await AskAsync(HttpMethod.Post, ":asymmetricSign", KeyServiceTransport.Encode(body), cancellationToken).ConfigureAwait(false);
        byte[] signature = new byte[256];
        return answer.Json is { } json && json.TryGetProperty("verifiedDigestCrc32c", out JsonElement verified) && verified.ValueKind is JsonValueKind.True
            && Convert.TryFromBase64String(answer.Text("signature") ?? string.Empty, signature, out int length)
            && IsIntact(signature[..length], answer.Text("signatureCrc32c"))
                ? signature[..length]
                : throw Damaged("signature");
    }

    private async Task<ServiceAnswer> AskAsync(HttpMethod method, string operation, byte[]? body, CancellationToken cancellationToken)
    {
        GoogleToken token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        ServiceAnswer answer = await transport.SendAsync(
            Name,
            () =>
            {
                HttpRequestMessage request = new(method, $"{_root}/v1/{version}{operation}")
                {
                    Content = body is null ? null : KeyServiceTransport.Body(body, "application/json"),
                };
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token.Value}");
                return request;
            },
            cancellationToken).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            return answer;
        }

        (string status, string message) = answer.Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("error", out JsonElement error)
            ? (error.Has("status") ? error.Text("status") : $"status {(int)answer.Status}", error.Has("message") ? error.Text("message") : "no reason given")
            : ($"status {(int)answer.Status}", "no reason given");
        string remedy = status switch
        {
            "PERMISSION_DENIED" => $"Grant roles/cloudkms.signerVerifier on the key to the identity that runs this command ({token.Origin}).",
            "UNAUTHENTICATED" => $"Renew the credentials ({token.Origin}), and check this machine's clock.",
            "NOT_FOUND" => "Check the name of the key version: project, location, key ring, key and number.",
            "FAILED_PRECONDITION" => "Enable the key version.",
            _ => "Nothing was signed. Run the command again.",
        };
        throw new InfraException(
            ChainErrors.KeyServiceCode,
            $"{Name} refused with {status}: {message}.",
            remedy,
            status is "PERMISSION_DENIED" ? FailureKind.Refused : FailureKind.Failed);
    }

    /// <summary>CRC-32C (Castagnoli), as Google's services count it.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte one in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, one);
        }

        return ~checksum;
    }

    private static bool IsIntact(ReadOnlySpan<byte> bytes, string? checksum) =>
        checksum == Checksum(bytes).ToString(CultureInfo.InvariantCulture);

    private InfraException Damaged(string what) => new(
        ChainErrors.KeyServiceCode, $"{Name} gave a {what} that arrived damaged.", "Run the command again. Nothing was sent.");
}
