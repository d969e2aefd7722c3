using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.KeyServices;

/// <summary>
/// The clouds' key services: keys that are made in a hardware module, never leave it, and sign what they are asked to. Endpoints and
/// credentials come from where the clouds' own tools look for them.
/// </summary>
public sealed class KeyServiceDirectory : IDisposable
{
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _time;
    private readonly KeyServiceTransport _transport;

    /// <summary>Makes the directory.</summary>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="time">The clock, which is part of every signed request.</param>
    public KeyServiceDirectory(Func<string, string?> environment, TimeProvider time)
    {
        _environment = environment;
        _time = time;
        _transport = new KeyServiceTransport(time);
    }

    /// <summary>Whether the surroundings name credentials for a signer, so that asking for its account is worth the while.</summary>
    public bool HasCredentials(SignerReference signer) => signer.Type switch
    {
        SignerType.AwsKms => new AwsCredentialSource(_environment, signer.Profile, _transport, _time).IsConfigured,
        SignerType.GcpKms => new GoogleTokenSource(_environment, _transport, _time).IsConfigured,
        _ => false,
    };

    /// <summary>Opens a key: reads its public half, from which its account follows.</summary>
    /// <exception cref="InfraException">JEJU0314 to JEJU0316: the service refuses, the key does not suit, or there are no credentials.</exception>
    public async Task<ISigner> OpenAsync(SignerReference signer, CancellationToken cancellationToken)
    {
        string key = signer.Key ?? throw new ArgumentException("The signer names no key.", nameof(signer));
        IKeyService service = signer.Type switch
        {
            SignerType.AwsKms => new AwsKeyService(
                key, RegionOf(signer, key), _environment, new AwsCredentialSource(_environment, signer.Profile, _transport, _time), _transport, _time),
            SignerType.GcpKms => new GoogleKeyService(key, _environment, new GoogleTokenSource(_environment, _transport, _time), _transport),
            _ => throw new ArgumentException($"{signer.Type} is no key service.", nameof(signer)),
        };
        return await KeyServiceSigner.OpenAsync(service, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private string RegionOf(SignerReference signer, string key)
    {
        System.Text.RegularExpressions.Match arn = SignerRules.AwsKeyArn().Match(key);
        return signer.Region
            ?? (arn.Success ? arn.Groups["region"].Value : null)
            ?? _environment("AWS_REGION")
            ?? _environment("AWS_DEFAULT_REGION")
            ?? AwsProfileFile.Read(_environment, signer.Profile).Region
            ?? throw new InfraException(
                ChainErrors.InvalidSignerCode,
                $"The region of the AWS key {key} is not known.",
                "Set the signer's `region`, name the key by its ARN, or set AWS_REGION.",
                FailureKind.Usage);
    }
}
