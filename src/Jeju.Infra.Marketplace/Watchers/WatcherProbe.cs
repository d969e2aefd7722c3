using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;
using Jeju.Infra.Marketplace.Probes;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>
/// Asks a service as somebody who has neither its credentials nor its certificate's fingerprint: with a name that it knows and a password that it
/// does not, and over TLS with whatever certificate it shows where it does not answer otherwise. To be refused is an answer.
/// </summary>
/// <param name="mayBeLocal">Whether addresses of this machine and of private networks are asked, as on a localnet.</param>
/// <param name="time">The clock of the deadlines.</param>
internal sealed class WatcherProbe(bool mayBeLocal, TimeProvider time)
{
    private const string UnknownPassword = "watcher";
    private static readonly TimeSpan HandshakeDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Asks once. Nothing that a provider wrote or answers is an exception.</summary>
    public async Task<ProbeResult> AskAsync(ServiceKind kind, ServiceEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (kind.Workload is not { } workload)
        {
            throw new ArgumentException("The kind has no probe.", nameof(kind));
        }

        try
        {
            if (await EndpointRules.FindProblemAsync(endpoint, mayBeLocal, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                return ProbeResult.Silent(problem);
            }

            IServiceProbe probe = ServiceProbes.For(workload.Probe, time);
            ServiceCredentials credentials = new(workload.UserName, UnknownPassword, workload.Database);
            ProbeResult plain = await probe.ProbeAsync(endpoint, credentials, cancellationToken).ConfigureAwait(false);
            return plain.Outcome is ProbeOutcome.Silent && await FindFingerprintAsync(endpoint, cancellationToken).ConfigureAwait(false) is { } fingerprint
                ? await probe.ProbeAsync(endpoint, credentials with { CertificateFingerprint = fingerprint }, cancellationToken).ConfigureAwait(false)
                : plain;
        }
#pragma warning disable CA1031 // Whatever a provider wrote on chain or answers, it must not stop a watcher from asking the others.
        catch (Exception strange) when (strange is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return ProbeResult.Silent(strange.Message);
        }
    }

    /// <summary>The fingerprint of the certificate that an endpoint shows; null where it speaks no TLS.</summary>
    private async Task<string?> FindFingerprintAsync(ServiceEndpoint endpoint, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(HandshakeDeadline, time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        string? fingerprint = null;
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(endpoint.Host, endpoint.Port, linked.Token).ConfigureAwait(false);
            SslStream stream = new(client.GetStream());
            await using (stream.ConfigureAwait(false))
            {
                SslClientAuthenticationOptions options = new()
                {
                    TargetHost = endpoint.Host,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => (fingerprint = certificate is null ? null : LeaseSecrets.FingerprintOf(certificate)) is not null,
                };
                await stream.AuthenticateAsClientAsync(options, linked.Token).ConfigureAwait(false);
                return fingerprint;
            }
        }
        catch (Exception cause) when (cause is SocketException or IOException or AuthenticationException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
