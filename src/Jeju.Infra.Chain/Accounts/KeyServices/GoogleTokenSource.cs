using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.KeyServices;

/// <summary>An OAuth access token.</summary>
/// <param name="Value">The token.</param>
/// <param name="Expires">When it ends; absent for one that was given.</param>
/// <param name="Origin">Where it comes from, for messages.</param>
internal sealed record GoogleToken(string Value, DateTimeOffset? Expires, string Origin)
{
    public override string ToString() => Origin;
}

/// <summary>
/// Finds an access token where Google's own tools find one, in their order: a token or a token file that is given, the credentials file of the
/// application (a service account, or a user's login), and the metadata server of the machine or the workload's identity.
/// </summary>
internal sealed class GoogleTokenSource(Func<string, string?> environment, KeyServiceTransport transport, TimeProvider time)
{
    private const string Scope = "https://www.googleapis.com/auth/cloudkms";
    private const string UserTokenEndpoint = "https://oauth2.googleapis.com/token";
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AssertionLife = TimeSpan.FromHours(1);

    private GoogleToken? _known;

    /// <summary>Whether the surroundings name any. The metadata server is not asked.</summary>
    internal bool IsConfigured => NotEmpty("GOOGLE_OAUTH_ACCESS_TOKEN") is not null || NotEmpty("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE") is not null
        || NotEmpty("GCE_METADATA_HOST") is not null || File.Exists(CredentialsFile);

    private string CredentialsFile => NotEmpty("GOOGLE_APPLICATION_CREDENTIALS") ?? Path.Combine(
        NotEmpty("CLOUDSDK_CONFIG") ?? Path.Combine(NotEmpty("HOME") ?? string.Empty, ".config", "gcloud"), "application_default_credentials.json");

    /// <summary>Finds one, or renews one that is about to expire.</summary>
    /// <exception cref="InfraException">JEJU0316: there are no credentials; JEJU0314: the service that gives tokens refuses.</exception>
    internal async Task<GoogleToken> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is null || (_known.Expires is { } expires && expires - Reserve <= time.GetUtcNow()))
        {
            _known = await FindAsync(cancellationToken).ConfigureAwait(false);
        }

        return _known;
    }

    private async Task<GoogleToken> FindAsync(CancellationToken cancellationToken)
    {
        if (NotEmpty("GOOGLE_OAUTH_ACCESS_TOKEN") is { } given)
        {
            return new GoogleToken(given, null, "the variable GOOGLE_OAUTH_ACCESS_TOKEN");
        }

        if (NotEmpty("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE") is { } tokenFile)
        {
            // Whoever writes the file renews it.
            return new GoogleToken((await ReadAsync(tokenFile, cancellationToken).ConfigureAwait(false)).Trim(), time.GetUtcNow() + Reserve + TimeSpan.FromMinutes(1), $"the token in {tokenFile}");
        }

        if (NotEmpty("GOOGLE_APPLICATION_CREDENTIALS") is not null || File.Exists(CredentialsFile))
        {
            return await FromFileAsync(CredentialsFile, cancellationToken).ConfigureAwait(false);
        }

        return await FromMetadataAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<GoogleToken> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        ServiceAccount account;
        try
        {
            account = JsonSerializer.Deserialize<ServiceAccount>(await ReadAsync(path, cancellationToken).ConfigureAwait(false), JsonSerializerOptions.Web)
                ?? throw new JsonException("it is empty");
        }
        catch (JsonException exception)
        {
            throw Missing($"{path} holds no credentials: {exception.Message}", exception);
        }

        Dictionary<string, string> form = account.Type switch
        {
            "service_account" => new Dictionary<string, string>
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
                ["assertion"] = Assertion(account, path),
            },
            "authorized_user" => new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token",
                ["client_id"] = account.ClientId ?? string.Empty,
                ["client_secret"] = account.ClientSecret ?? string.Empty,
                ["refresh_token"] = account.RefreshToken ?? string.Empty,
            },
            _ => throw Missing($"{path} holds credentials of type '{account.Type}'; service_account and authorized_user can be used"),
        };
        string identity = account.ClientEmail ?? "the user's login";
        ServiceAnswer answer = await transport.SendAsync(
            "Google's token service",
            () => new HttpRequestMessage(HttpMethod.Post, account.TokenUri ?? UserTokenEndpoint) { Content = new FormUrlEncodedContent(form) },
            cancellationToken).ConfigureAwait(false);
        return ReadToken(answer, identity);
    }

    private async Task<GoogleToken> FromMetadataAsync(CancellationToken cancellationToken)
    {
        string host = NotEmpty("GCE_METADATA_HOST") ?? "metadata.google.internal";
        try
        {
            ServiceAnswer answer = await transport.SendAsync(
                "Google's metadata server",
                () =>
                {
                    HttpRequestMessage request = new(HttpMethod.Get, $"http://{host}/computeMetadata/v1/instance/service-accounts/default/token");
                    request.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
                    return request;
                },
                cancellationToken).ConfigureAwait(false);
            return ReadToken(answer, "the workload's identity");
        }
        catch (InfraException exception) when (exception.InnerException is HttpRequestException)
        {
            throw Missing("There are no credentials for Google Cloud KMS", exception);
        }
    }

    /// <summary>A signed statement of the service account, for which the token service gives a token (RFC 7523).</summary>
    private string Assertion(ServiceAccount account, string path)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        string header = JsonSerializer.Serialize(new Dictionary<string, string?> { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = account.PrivateKeyId });
        string claims = JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["iss"] = account.ClientEmail,
            ["scope"] = Scope,
            ["aud"] = account.TokenUri ?? UserTokenEndpoint,
            ["iat"] = now,
            ["exp"] = now + (long)AssertionLife.TotalSeconds,
        });
        string unsigned = $"{Encoded(Encoding.UTF8.GetBytes(header))}.{Encoded(Encoding.UTF8.GetBytes(claims))}";
        try
        {
            using RSA key = RSA.Create();
            key.ImportFromPem(account.PrivateKey);
            return $"{unsigned}.{Encoded(key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw Missing($"{path} holds no usable private key of the service account", exception);
        }
    }

    private GoogleToken ReadToken(ServiceAnswer answer, string identity)
    {
        if (!answer.Succeeded || answer.Text("access_token") is not { } token)
        {
            throw new InfraException(
                ChainErrors.KeyServiceCode,
                string.Create(CultureInfo.InvariantCulture, $"Google gives no token to {identity}: {answer.Text("error_description") ?? answer.Text("error") ?? $"status {(int)answer.Status}"}."),
                "Check that the account exists and its key is enabled, and this machine's clock.",
                FailureKind.Refused);
        }

        double life = answer.Json is { } json && json.TryGetProperty("expires_in", out JsonElement seconds) && seconds.TryGetDouble(out double given) ? given : 0;
        return new GoogleToken(token, time.GetUtcNow() + TimeSpan.FromSeconds(life), identity);
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Missing($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static string Encoded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static InfraException Missing(string what, Exception? cause = null) => new(
        ChainErrors.MissingCredentialsCode,
        $"{what}.",
        "Set GOOGLE_APPLICATION_CREDENTIALS to a service account's file, run with a workload identity, or run `gcloud auth application-default login`.",
        FailureKind.Usage,
        cause);

    private string? NotEmpty(string variable) => environment(variable) is { Length: > 0 } value ? value : null;

    private sealed record ServiceAccount
    {
        [System.Text.Json.Serialization.JsonPropertyName("type")]
        public string? Type { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("client_email")]
        public string? ClientEmail { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("private_key")]
        public string? PrivateKey { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("private_key_id")]
        public string? PrivateKeyId { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("token_uri")]
        public string? TokenUri { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("client_id")]
        public string? ClientId { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("client_secret")]
        public string? ClientSecret { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("refresh_token")]
        public string? RefreshToken { get; init; }
    }
}
