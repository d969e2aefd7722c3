using System.Net.Security;
using System.Net.Sockets;
using System.Text;

using Jeju.Infra.Marketplace.Credentials;

namespace Jeju.Infra.Marketplace.Probes;

/// <summary>
/// As much of RESP2, Redis's protocol, as a probe needs: a command is an array of bulk strings (<c>*1\r\n$4\r\nPING\r\n</c>), an answer is one line
/// that begins with <c>+</c> (status) or <c>-</c> (error).
/// </summary>
internal sealed class RespConnection : IAsyncDisposable
{
    // Far more than any status or error that a server sends before a client has logged in.
    private const int LongestLine = 4096;

    private readonly TcpClient _client;
    private readonly Stream _stream;

    private RespConnection(TcpClient client, Stream stream)
    {
        _client = client;
        _stream = stream;
    }

    /// <summary>Connects.</summary>
    /// <param name="host">The server.</param>
    /// <param name="port">Its port.</param>
    /// <param name="fingerprint">The fingerprint of the certificate that it must have; null for a connection without TLS.</param>
    /// <param name="cancellationToken">Cancels the connection.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server has another certificate, or speaks no TLS.</exception>
    public static async Task<RespConnection> OpenAsync(string host, int port, string? fingerprint, CancellationToken cancellationToken)
    {
        TcpClient client = new() { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            if (fingerprint is null)
            {
                return new RespConnection(client, client.GetStream());
            }

            SslStream stream = new(client.GetStream());
            SslClientAuthenticationOptions options = new() { TargetHost = host, RemoteCertificateValidationCallback = LeaseSecrets.Accepting(fingerprint) };
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return new RespConnection(client, stream);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and returns the first line of the answer, with its first character.</summary>
    /// <exception cref="IOException">The server hung up, or sent what is not RESP.</exception>
    public async Task<string> CallAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Encode(command), cancellationToken).ConfigureAwait(false);
        return await ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
    }

    internal static byte[] Encode(IReadOnlyList<string> command)
    {
        StringBuilder text = new();
        text.Append('*').Append(command.Count).Append("\r\n");
        foreach (string part in command)
        {
            text.Append('$').Append(Encoding.UTF8.GetByteCount(part)).Append("\r\n").Append(part).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (line.Count < LongestLine)
        {
            if (await _stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 0)
            {
                throw new IOException("the connection was closed");
            }

            if (one[0] == (byte)'\n' && line.Count > 1 && line[^1] == (byte)'\r')
            {
                return Encoding.UTF8.GetString([.. line[..^1]]);
            }

            line.Add(one[0]);
        }

        throw new IOException("the answer is not RESP");
    }
}
