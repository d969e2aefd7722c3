using System.Net.Sockets;

using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;

using Npgsql;

namespace Jeju.Infra.Marketplace.Probes;

/// <summary>Logs in to PostgreSQL and runs a query that has to read a catalog and come back.</summary>
internal sealed class PostgresProbe : IServiceProbe
{
    public async Task<ProbeResult> ProbeAsync(ServiceEndpoint endpoint, ServiceCredentials credentials, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = endpoint.Host,
            Port = endpoint.Port,
            Username = credentials.UserName,
            Password = credentials.Password,
            Database = credentials.Database,
            SslMode = credentials.CertificateFingerprint is null ? SslMode.Disable : SslMode.Require,
            // A pooled connection would answer for a server that takes no new ones.
            Pooling = false,
            ApplicationName = "jeju probe",
        };
        try
        {
            NpgsqlConnection connection = new(settings.ConnectionString);
            await using (connection.ConfigureAwait(false))
            {
                if (credentials.CertificateFingerprint is { } fingerprint)
                {
                    connection.SslClientAuthenticationOptionsCallback = options => options.RemoteCertificateValidationCallback = LeaseSecrets.Accepting(fingerprint);
                }

                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                NpgsqlCommand command = new("SELECT count(*) > 0 FROM pg_catalog.pg_database", connection);
                await using (command.ConfigureAwait(false))
                {
                    return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true
                        ? ProbeResult.Serving
                        : ProbeResult.Silent("the query gave an unexpected answer");
                }
            }
        }
        catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName)
        {
            return ProbeResult.Refusing(refusal.MessageText);
        }
        catch (NpgsqlException cause)
        {
            return ProbeResult.Silent((cause as PostgresException)?.MessageText ?? cause.GetBaseException().Message);
        }
        catch (SocketException cause)
        {
            return ProbeResult.Silent(cause.Message);
        }
    }
}
