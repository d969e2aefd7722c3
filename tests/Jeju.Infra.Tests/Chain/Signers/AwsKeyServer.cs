using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;

namespace Jeju.Infra.Tests.Chain.Signers;

/// <summary>
/// AWS KMS, STS and the credentials agent of a pod. A request whose Signature Version 4 does not fit its bytes is refused, as is one whose
/// session token is missing.
/// </summary>
internal sealed class AwsKeyServer : CloudServer
{
    public const string Region = "eu-west-1";
    public const string Key = "alias/jeju-deployer";
    public const string RsaKey = "alias/rsa";
    public const string WebToken = "token.of.the.pod";
    public const string Role = "arn:aws:iam::100000000001:role/deployer";
    public const string AgentToken = "token-of-the-agent";

    private readonly Dictionary<string, (string Secret, string? Session)> _identities = new()
    {
        ["AKIDUSER"] = ("secret/of+the=user", null),
        ["AKIDDENIED"] = ("secret-of-the-denied", null),
        ["ASIAPOD"] = ("secret-of-the-pod", "session-of-the-pod"),
        ["ASIAWEB"] = ("secret-of-the-web", "session-of-the-web"),
    };

    /// <summary>The curve's implementation is OpenSSL's: half of its signatures are in the upper half of the order.</summary>
    public ECDsa PrivateKey { get; } = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));

    /// <summary>How many further requests are throttled.</summary>
    public int Throttled { get; set; }

    public void UseUser(string accessKey = "AKIDUSER")
    {
        Environment["AWS_ACCESS_KEY_ID"] = accessKey;
        Environment["AWS_SECRET_ACCESS_KEY"] = _identities[accessKey].Secret;
    }

    protected override CloudAnswer Answer(CloudRequest request) => request switch
    {
        { Method: "GET", Path: "/v1/credentials" } => Credentials(request),
        { Method: "POST" } when request.Text.StartsWith("Action=", StringComparison.Ordinal) => AssumeRole(request),
        { Method: "POST", Path: "/" } => Operate(request),
        _ => new CloudAnswer(404, ""),
    };

    private static CloudAnswer Credentials(CloudRequest request) => request.Headers.GetValueOrDefault("authorization") == AgentToken
        ? new CloudAnswer(200, Json(new JsonObject
        {
            ["AccessKeyId"] = "ASIAPOD",
            ["SecretAccessKey"] = "secret-of-the-pod",
            ["Token"] = "session-of-the-pod",
            ["Expiration"] = TimeProvider.System.GetUtcNow().AddHours(6).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        }))
        : new CloudAnswer(403, "");

    private static CloudAnswer AssumeRole(CloudRequest request)
    {
        System.Collections.Specialized.NameValueCollection form = HttpUtility.ParseQueryString(request.Text);
        bool known = form["Action"] == "AssumeRoleWithWebIdentity" && form["Version"] == "2011-06-15" && form["WebIdentityToken"] == WebToken
            && form["RoleArn"] == Role && form["RoleSessionName"] is { Length: > 0 };
        return known
            ? new CloudAnswer(
                200,
                """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>secret-of-the-web</SecretAccessKey><SessionToken>session-of-the-web</SessionToken>
                <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """,
                "text/xml")
            : new CloudAnswer(
                403,
                """
                <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>
                <Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>
                """,
                "text/xml");
    }

    private CloudAnswer Operate(CloudRequest request)
    {
        if (FindSignatureProblem(request) is { } problem)
        {
            return Error("InvalidSignatureException", problem);
        }

        if (Throttled > 0)
        {
            Throttled--;
            return Error("ThrottlingException", "Rate exceeded");
        }

        if (request.Headers["authorization"].Contains("AKIDDENIED", StringComparison.Ordinal))
        {
            return Error("AccessDeniedException", "User is not authorized to perform: kms:GetPublicKey");
        }

        JsonElement body = JsonDocument.Parse(request.Body).RootElement;
        string? key = body.GetProperty("KeyId").GetString();
        switch (request.Headers["x-amz-target"])
        {
            case "TrentService.GetPublicKey" when key == RsaKey:
                using (RSA rsa = RSA.Create(2048))
                {
                    return PublicKey(rsa.ExportSubjectPublicKeyInfo(), "RSA_2048");
                }

            case "TrentService.GetPublicKey" when key == Key:
                return PublicKey(PrivateKey.ExportSubjectPublicKeyInfo(), "ECC_SECG_P256K1");
            case "TrentService.Sign" when key == Key && body.GetProperty("MessageType").GetString() == "DIGEST"
                && body.GetProperty("SigningAlgorithm").GetString() == "ECDSA_SHA_256":
                byte[] signature = PrivateKey.SignHash(body.GetProperty("Message").GetBytesFromBase64(), DSASignatureFormat.Rfc3279DerSequence);
                return new CloudAnswer(200, Json(new JsonObject { ["KeyId"] = key, ["Signature"] = Convert.ToBase64String(signature) }));
            default:
                return Error("NotFoundException", $"Invalid keyId '{key}'");
        }
    }

    private static CloudAnswer PublicKey(byte[] encoded, string specification) => new(200, Json(new JsonObject
    {
        ["PublicKey"] = Convert.ToBase64String(encoded),
        ["KeySpec"] = specification,
        ["KeyUsage"] = "SIGN_VERIFY",
    }));

    private static CloudAnswer Error(string type, string message) =>
        new(400, Json(new JsonObject { ["__type"] = $"com.amazonaws.kms#{type}", ["message"] = message }));

    private static string Json(JsonObject body) => body.ToJsonString();

    /// <summary>Checks a request as AWS documents it, from what arrived alone.</summary>
    private string? FindSignatureProblem(CloudRequest request)
    {
        const string Scheme = "AWS4-HMAC-SHA256 ";
        string authorization = request.Headers.GetValueOrDefault("authorization") ?? "";
        if (!authorization.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return "no signature";
        }

        Dictionary<string, string> parts = authorization[Scheme.Length..].Split(", ").Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        string[] credential = parts["Credential"].Split('/');
        string[] signed = parts["SignedHeaders"].Split(';');
        string stamp = request.Headers["x-amz-date"];
        if (!_identities.TryGetValue(credential[0], out (string Secret, string? Session) identity))
        {
            return "unknown access key";
        }

        if (request.Headers.GetValueOrDefault("x-amz-security-token") != identity.Session)
        {
            return "wrong session token";
        }

        // Everything that decides must be under the signature.
        if (!new[] { "host", "x-amz-date", "x-amz-target" }.All(signed.Contains) || (identity.Session is not null && !signed.Contains("x-amz-security-token")))
        {
            return "a header is not signed";
        }

        StringBuilder canonical = new();
        canonical.Append(request.Method).Append('\n').Append(request.Path).Append("\n\n");
        foreach (string name in signed)
        {
            canonical.Append(name).Append(':').Append(request.Headers[name]).Append('\n');
        }

        canonical.Append('\n').Append(parts["SignedHeaders"]).Append('\n').Append(Convert.ToHexString(SHA256.HashData(request.Body)).ToLowerInvariant());
        string day = stamp[..8];
        if (credential[1] != day || credential[2] != Region || credential[3] != "kms" || credential[4] != "aws4_request")
        {
            return "wrong scope";
        }

        byte[] key = Encoding.UTF8.GetBytes("AWS4" + identity.Secret);
        foreach (string part in credential[1..])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        string text = $"AWS4-HMAC-SHA256\n{stamp}\n{day}/{Region}/kms/aws4_request\n{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString()))).ToLowerInvariant()}";
        string expected = Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
        return parts["Signature"] == expected ? null : "The request signature we calculated does not match the signature you provided";
    }
}
