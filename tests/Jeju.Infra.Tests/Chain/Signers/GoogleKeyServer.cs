using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;

namespace Jeju.Infra.Tests.Chain.Signers;

/// <summary>Google Cloud KMS, its token service and the metadata server. Only tokens that were given out, and given tokens, are accepted.</summary>
internal sealed class GoogleKeyServer : CloudServer
{
    public const string Version = "projects/jeju/locations/europe-west1/keyRings/chain/cryptoKeys/deployer/cryptoKeyVersions/1";
    public const string OtherVersion = "projects/jeju/locations/europe-west1/keyRings/chain/cryptoKeys/p256/cryptoKeyVersions/1";
    public const string Account = "deployer@jeju.iam.gserviceaccount.com";
    public const string DeniedToken = "token-without-rights";
    public const string GivenToken = "token-in-a-file";

    private readonly HashSet<string> _tokens = [DeniedToken, GivenToken];

    public ECDsa PrivateKey { get; } = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));

    public RSA AccountKey { get; } = RSA.Create(2048);

    /// <summary>How many further requests are throttled.</summary>
    public int Throttled { get; set; }

    /// <summary>Whether a bit of each signature changes on its way.</summary>
    public bool Damages { get; set; }

    /// <summary>The file of the service account.</summary>
    public string AccountFile(string email = Account) => new JsonObject
    {
        ["type"] = "service_account",
        ["client_email"] = email,
        ["private_key_id"] = "k1",
        ["private_key"] = AccountKey.ExportPkcs8PrivateKeyPem(),
        ["token_uri"] = Address + "/token",
    }.ToJsonString();

    protected override CloudAnswer Answer(CloudRequest request)
    {
        if (request.Path == "/token")
        {
            return GiveToken(request);
        }

        if (request.Path == "/computeMetadata/v1/instance/service-accounts/default/token")
        {
            return request.Headers.GetValueOrDefault("metadata-flavor") == "Google" ? Token("metadata") : new CloudAnswer(403, "");
        }

        string bearer = (request.Headers.GetValueOrDefault("authorization") ?? "").Replace("Bearer ", "", StringComparison.Ordinal);
        if (!_tokens.Contains(bearer))
        {
            return Error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
        }

        if (bearer == DeniedToken)
        {
            return Error(403, "PERMISSION_DENIED", "Permission 'cloudkms.cryptoKeyVersions.viewPublicKey' denied");
        }

        if (Throttled > 0)
        {
            Throttled--;
            return Error(429, "RESOURCE_EXHAUSTED", "Quota exceeded");
        }

        return (request.Method, request.Path) switch
        {
            ("GET", $"/v1/{Version}/publicKey") => PublicKey(PrivateKey.ExportSubjectPublicKeyInfoPem(), "EC_SIGN_SECP256K1_SHA256"),
            ("GET", $"/v1/{OtherVersion}/publicKey") => PublicKey("-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n", "EC_SIGN_P256_SHA256"),
            ("POST", $"/v1/{Version}:asymmetricSign") => Sign(request),
            _ => Error(404, "NOT_FOUND", "CryptoKeyVersion not found."),
        };
    }

    /// <summary>CRC-32C bit by bit, as its definition says.</summary>
    private static string Checksum(byte[] bytes)
    {
        uint checksum = 0xffffffff;
        foreach (byte one in bytes)
        {
            checksum ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 1) == 1 ? (checksum >> 1) ^ 0x82f63b78 : checksum >> 1;
            }
        }

        return (checksum ^ 0xffffffff).ToString(CultureInfo.InvariantCulture);
    }

    private CloudAnswer GiveToken(CloudRequest request)
    {
        System.Collections.Specialized.NameValueCollection form = HttpUtility.ParseQueryString(request.Text);
        if (form["grant_type"] == "refresh_token")
        {
            return form["client_id"] == "id" && form["client_secret"] == "s" && form["refresh_token"] == "r" ? Token("user") : Refused("invalid_client");
        }

        string[] parts = (form["assertion"] ?? "").Split('.');
        if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" || parts.Length != 3)
        {
            return Refused("unsupported_grant_type");
        }

        if (!AccountKey.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return Refused("Invalid JWT Signature.");
        }

        JsonElement header = JsonDocument.Parse(Decode(parts[0])).RootElement;
        JsonElement claims = JsonDocument.Parse(Decode(parts[1])).RootElement;
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        bool valid = header.GetProperty("alg").GetString() == "RS256"
            && header.GetProperty("kid").GetString() == "k1"
            && claims.GetProperty("iss").GetString() == Account
            && claims.GetProperty("aud").GetString() == Address + "/token"
            && claims.GetProperty("scope").GetString() == "https://www.googleapis.com/auth/cloudkms"
            && Math.Abs(claims.GetProperty("iat").GetInt64() - now) < 60
            && claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64() is > 0 and <= 3600;
        return valid ? Token("account") : Refused("Invalid grant: account not found");
    }

    private CloudAnswer Sign(CloudRequest request)
    {
        JsonElement body = JsonDocument.Parse(request.Body).RootElement;
        byte[] digest = body.GetProperty("digest").GetProperty("sha256").GetBytesFromBase64();
        if (body.GetProperty("digestCrc32c").GetString() != Checksum(digest))
        {
            return Error(400, "INVALID_ARGUMENT", "checksum mismatch");
        }

        byte[] signature = PrivateKey.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        string checksum = Checksum(signature);
        if (Damages)
        {
            signature[^1] ^= 1;
        }

        return new CloudAnswer(200, new JsonObject
        {
            ["signature"] = Convert.ToBase64String(signature),
            ["signatureCrc32c"] = checksum,
            ["verifiedDigestCrc32c"] = true,
            ["name"] = Version,
        }.ToJsonString());
    }

    private static CloudAnswer PublicKey(string pem, string algorithm) => new(200, new JsonObject
    {
        ["pem"] = pem,
        ["algorithm"] = algorithm,
        ["pemCrc32c"] = Checksum(Encoding.UTF8.GetBytes(pem)),
    }.ToJsonString());

    private CloudAnswer Token(string source)
    {
        string token = $"ya29.{source}.{_tokens.Count}";
        _tokens.Add(token);
        return new CloudAnswer(200, new JsonObject { ["access_token"] = token, ["expires_in"] = 3599, ["token_type"] = "Bearer" }.ToJsonString());
    }

    private static CloudAnswer Refused(string why) =>
        new(400, new JsonObject { ["error"] = "invalid_grant", ["error_description"] = why }.ToJsonString());

    private static CloudAnswer Error(int code, string status, string message) => new(code, new JsonObject
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["status"] = status },
    }.ToJsonString());

    private static byte[] Decode(string text) =>
        Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4));
}
