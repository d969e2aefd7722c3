using System.Net.Sockets;
using System.Security.Authentication;

using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Probes;

/// <summary>Logs in to Redis with the lease's password and sends PING. A server that still loads its data answers LOADING, which is not ready.</summary>
internal sealed class RedisProbe : IServiceProbe
{
    public async Task<ProbeResult> ProbeAsync(ServiceEndpoint endpoint, ServiceCredentials credentials, CancellationToken cancellationToken)
    {
        try
        {
            RespConnection connection = await RespConnection
                .OpenAsync(endpoint.Host, endpoint.Port, credentials.CertificateFingerprint, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                string login = await connection.CallAsync(["AUTH", credentials.UserName, credentials.Password], cancellationToken)
                    .ConfigureAwait(false);
                if (login.StartsWith("-WRONGPASS", StringComparison.Ordinal))
                {
                    return ProbeResult.Refusing(login[1..]);
                }

                if (login != "+OK")
                {
                    return ProbeResult.Silent(login.TrimStart('-'));
                }

                string answer = await connection.CallAsync(["PING"], cancellationToken).ConfigureAwait(false);
                return answer == "+PONG" ? ProbeResult.Serving : ProbeResult.Silent(answer.TrimStart('-'));
            }
        }
        catch (Exception cause) when (cause is SocketException or IOException or AuthenticationException)
        {
            return ProbeResult.Silent(cause.Message);
        }
    }
}
