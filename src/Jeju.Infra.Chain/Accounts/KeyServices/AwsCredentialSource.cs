using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.KeyServices;

/// <summary>What signs requests to AWS.</summary>
/// <param name="AccessKey">The access key's id.</param>
/// <param name="SecretKey">Its secret.</param>
/// <param name="SessionToken">The token of a role's session.</param>
/// <param name="Expires">When the session ends; absent for a user's key.</param>
/// <param name="Origin">Where they come from, for messages.</param>
internal sealed record AwsCredentials(string AccessKey, string SecretKey, string? SessionToken, DateTimeOffset? Expires, string Origin)
{
    // Neither half of the key belongs into a log.
    public override string ToString() => Origin;
}

/// <summary>
/// Finds credentials where AWS's own tools find them, in their order: the environment, a web identity (IRSA), a profile, and the container's
/// endpoint (EKS pod identity, ECS). The role of a machine is not asked: pods must not use their node's.
/// </summary>
internal sealed class AwsCredentialSource(Func<string, string?> environment, string? profile, KeyServiceTransport transport, TimeProvider time)
{
    private const string ContainerHost = "http://169.254.170.2";
    private const string SessionName = "jeju-infra";
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(5);

    private AwsCredentials? _known;

    /// <summary>Whether the surroundings name any.</summary>
    internal bool IsConfigured =>
        (profile is null && (Has("AWS_ACCESS_KEY_ID") || Has("AWS_WEB_IDENTITY_TOKEN_FILE") || Has("AWS_CONTAINER_CREDENTIALS_FULL_URI")
            || Has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")))
        || AwsProfileFile.Read(environment, profile).AccessKey is not null;

    /// <summary>Finds them, or renews those that are about to expire.</summary>
    /// <exception cref="InfraException">JEJU0316: there are none; JEJU0314: the service that gives them refuses.</exception>
    internal async Task<AwsCredentials> GetAsync(string region, CancellationToken cancellationToken)
    {
        if (_known is null || (_known.Expires is { } expires && expires - Reserve <= time.GetUtcNow()))
        {
            _known = await FindAsync(region, cancellationToken).ConfigureAwait(false);
        }

        return _known;
    }

    private async Task<AwsCredentials> FindAsync(string region, CancellationToken cancellationToken)
    {
        if (profile is null && environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } accessKey && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
        {
            return new AwsCredentials(accessKey, secret, NotEmpty("AWS_SESSION_TOKEN"), null, "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }

        if (profile is null && environment("AWS_WEB_IDENTITY_TOKEN_FILE") is { Length: > 0 } tokenFile && environment("AWS_ROLE_ARN") is { Length: > 0 } role)
        {
            return await AssumeRoleAsync(tokenFile, role, region, cancellationToken).ConfigureAwait(false);
        }

        AwsProfileFile file = AwsProfileFile.Read(environment, profile);
        if (file.AccessKey is { } ownKey && file.SecretKey is { } ownSecret)
        {
            return new AwsCredentials(ownKey, ownSecret, file.SessionToken, null, $"the profile {file.Name}");
        }

        if (profile is null && ContainerEndpoint() is { } endpoint)
        {
            return await AskContainerAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }

        throw new InfraException(
            ChainErrors.MissingCredentialsCode,
            profile is null ? "There are no credentials for AWS KMS." : $"The profile '{profile}' has no access key in AWS's credentials file.",
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run with a pod identity, or add the profile to ~/.aws/credentials.",
            FailureKind.Usage);
    }

    private async Task<AwsCredentials> AssumeRoleAsync(string tokenFile, string role, string region, CancellationToken cancellationToken)
    {
        Dictionary<string, string> form = new()
        {
            ["Action"] = "AssumeRoleWithWebIdentity",
            ["Version"] = "2011-06-15",
            ["RoleArn"] = role,
            ["RoleSessionName"] = NotEmpty("AWS_ROLE_SESSION_NAME") ?? SessionName,
            ["WebIdentityToken"] = (await ReadFileAsync(tokenFile, cancellationToken).ConfigureAwait(false)).Trim(),
        };
        ServiceAnswer answer = await transport.SendAsync(
            "AWS STS",
            () => new HttpRequestMessage(HttpMethod.Post, AwsEndpoint.Of(environment, "sts", region)) { Content = new FormUrlEncodedContent(form) },
            cancellationToken).ConfigureAwait(false);
        try
        {
            XDocument document = XDocument.Parse(answer.Body);
            string? Text(string name) => document.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
            return answer.Succeeded && Text("AccessKeyId") is { } accessKey && Text("SecretAccessKey") is { } secret
                ? new AwsCredentials(accessKey, secret, Text("SessionToken"), Time(Text("Expiration")), $"the web identity of role {role}")
                : throw Refused($"AWS STS does not give the role {role}: {Text("Code") ?? "no reason"}: {Text("Message")?.Trim()}");
        }
        catch (XmlException exception)
        {
            throw Refused($"AWS STS does not give the role {role}: status {(int)answer.Status}", exception);
        }
    }

    private Uri? ContainerEndpoint() =>
        NotEmpty("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } relative ? new Uri(ContainerHost + relative)
        : NotEmpty("AWS_CONTAINER_CREDENTIALS_FULL_URI") is { } full ? new Uri(full)
        : null;

    private async Task<AwsCredentials> AskContainerAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        // The token goes to the pod's own agent and to nobody else in clear.
        string[] agents = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];
        if (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback && !agents.Contains(endpoint.Host.Trim('[', ']')))
        {
            throw Refused($"The container's credentials endpoint {endpoint} is neither local nor https");
        }

        string? authorization = NotEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { } file
            ? (await ReadFileAsync(file, cancellationToken).ConfigureAwait(false)).Trim()
            : NotEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        ServiceAnswer answer = await transport.SendAsync(
            "The container's credentials endpoint",
            () =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, endpoint);
                if (authorization is not null)
                {
                    request.Headers.TryAddWithoutValidation("Authorization", authorization);
                }

                return request;
            },
            cancellationToken).ConfigureAwait(false);
        return answer.Succeeded && answer.Text("AccessKeyId") is { } accessKey && answer.Text("SecretAccessKey") is { } secret
            ? new AwsCredentials(accessKey, secret, answer.Text("Token"), Time(answer.Text("Expiration")), "the container's identity")
            : throw Refused($"The container's credentials endpoint answers with status {(int)answer.Status}");
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InfraException(
                ChainErrors.MissingCredentialsCode, $"The token {path} cannot be read: {exception.Message}", "Check the pod's identity.", innerException: exception);
        }
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static InfraException Refused(string what, Exception? cause = null) => new(
        ChainErrors.KeyServiceCode, $"{what}.", "Check the trust policy of the role and the identity of this process.", FailureKind.Refused, cause);

    private bool Has(string variable) => NotEmpty(variable) is not null;

    private string? NotEmpty(string variable) => environment(variable) is { Length: > 0 } value ? value : null;
}

/// <summary>One profile of AWS's configuration files.</summary>
internal sealed record AwsProfileFile(string Name, string? AccessKey, string? SecretKey, string? SessionToken, string? Region)
{
    internal static AwsProfileFile Read(Func<string, string?> environment, string? profile)
    {
        string name = profile ?? environment("AWS_PROFILE") ?? "default";
        string folder = Path.Combine(environment("HOME") ?? string.Empty, ".aws");
        Dictionary<string, string> secrets = Section(environment("AWS_SHARED_CREDENTIALS_FILE") ?? Path.Combine(folder, "credentials"), name);
        Dictionary<string, string> settings = Section(environment("AWS_CONFIG_FILE") ?? Path.Combine(folder, "config"), name == "default" ? name : $"profile {name}");
        string? Value(string key) => secrets.GetValueOrDefault(key) ?? settings.GetValueOrDefault(key);
        return new AwsProfileFile(name, Value("aws_access_key_id"), Value("aws_secret_access_key"), Value("aws_session_token"), Value("region"));
    }

    private static Dictionary<string, string> Section(string path, string section)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        bool inside = false;
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            string text = line.Trim();
            if (text.StartsWith('['))
            {
                inside = text.Trim('[', ']').Trim() == section;
            }
            else if (inside && !text.StartsWith('#') && text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                values[text[..at].Trim()] = text[(at + 1)..].Trim();
            }
        }

        return values;
    }
}
