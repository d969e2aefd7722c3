using System.Net.Sockets;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Gateway;

/// <summary>How a connection of the gateway ended.</summary>
internal enum ConnectionOutcome
{
    /// <summary>It was passed on, and ended in order.</summary>
    Served,

    /// <summary>The client spoke no TLS, named no lease, or took too long to say which.</summary>
    Refused,

    /// <summary>The lease does not take connections.</summary>
    Unreachable,
}

/// <summary>
/// One connection from outside: finds out which lease it is for, and from then on passes bytes in both directions without looking at them. Of PostgreSQL's protocol it speaks the two messages by which client and
/// server agree on TLS (PostgreSQL documentation, "SSL Session Encryption"), because they come before the name.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="settings">The domain.</param>
/// <param name="connect">Connects to a lease.</param>
/// <param name="time">The clock of the deadlines.</param>
internal sealed class GatewayConnection(Socket client, LeaseGatewaySettings settings, Func<string, CancellationToken, Task<Socket>> connect, TimeProvider time)
{
    /// <summary>How long a client may take to say what it wants; and how long a lease, to answer at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int BufferSize = 16 * 1024;

    /// <summary>A length of 8 and the codes 80877103 and 80877104: the requests for TLS and for GSSAPI.</summary>
    private static readonly byte[] PostgresTls = [0, 0, 0, 8, 4, 210, 22, 47];
    private static readonly byte[] PostgresGssapi = [0, 0, 0, 8, 4, 210, 22, 48];

    /// <summary>The fatal alerts 112 (unrecognized_name) and 80 (internal_error): a client then says more than that the connection was closed.</summary>
    private static readonly byte[] UnknownName = [21, 3, 1, 0, 2, 2, 112];
    private static readonly byte[] NotReachable = [21, 3, 1, 0, 2, 2, 80];

    /// <summary>Serves the connection to its end.</summary>
    public async Task<ConnectionOutcome> ServeAsync(CancellationToken cancellationToken)
    {
        byte[] hello = new byte[ClientHello.LongestHello];
        bool isPostgres = false;
        int length = 0;
        Socket lease;
        using (CancellationTokenSource timer = new(Patience, time))
        using (CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token))
        {
            string? name = null;
            while (name is null)
            {
                int count = length < hello.Length ? await client.ReceiveAsync(hello.AsMemory(length), deadline.Token).ConfigureAwait(false) : 0;
                if (count == 0)
                {
                    return ConnectionOutcome.Refused;
                }

                length += count;
                if (!isPostgres && IsBeginOf(hello.AsSpan(0, length)))
                {
                    if (length < PostgresTls.Length)
                    {
                        continue;
                    }

                    isPostgres = hello.AsSpan(0, length).SequenceEqual(PostgresTls);
                    await SendAsync(client, isPostgres ? "S"u8.ToArray() : "N"u8.ToArray(), deadline.Token).ConfigureAwait(false);
                    length = 0;
                    continue;
                }

                (HelloState state, string? host) = ClientHello.Read(hello.AsSpan(0, length));
                if (state == HelloState.Foreign)
                {
                    return ConnectionOutcome.Refused;
                }

                if (state == HelloState.Complete)
                {
                    name = host is null ? null : LeaseAccess.LeaseOf(host, settings.Domain);
                    if (name is null)
                    {
                        await SendAsync(client, UnknownName, deadline.Token).ConfigureAwait(false);
                        return ConnectionOutcome.Refused;
                    }
                }
            }

            try
            {
                lease = await OpenAsync(name, isPostgres, deadline.Token).ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is SocketException or IOException)
            {
                await SendAsync(client, NotReachable, deadline.Token).ConfigureAwait(false);
                return ConnectionOutcome.Unreachable;
            }
        }

        using (lease)
        {
            await SendAsync(lease, hello.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(PassAsync(client, lease, cancellationToken), PassAsync(lease, client, cancellationToken)).ConfigureAwait(false);
        }

        return ConnectionOutcome.Served;
    }

    private static bool IsBeginOf(ReadOnlySpan<byte> received) =>
        received.Length <= PostgresTls.Length && (PostgresTls.AsSpan().StartsWith(received) || PostgresGssapi.AsSpan().StartsWith(received));

    private async Task<Socket> OpenAsync(string name, bool isPostgres, CancellationToken cancellationToken)
    {
        Socket lease = await connect(name, cancellationToken).ConfigureAwait(false);
        try
        {
            if (isPostgres)
            {
                byte[] answer = new byte[1];
                await SendAsync(lease, PostgresTls, cancellationToken).ConfigureAwait(false);
                int count = await lease.ReceiveAsync(answer, cancellationToken).ConfigureAwait(false);
                if (count != 1 || answer[0] != (byte)'S')
                {
                    throw new IOException("The lease refuses TLS.");
                }
            }

            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Passes bytes on until their source has no more, and says so to the other side; a failure of one side ends both.</summary>
    private static async Task PassAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int count)
            {
                await SendAsync(to, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            from.Dispose();
            to.Dispose();
        }
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
        }
    }
}
