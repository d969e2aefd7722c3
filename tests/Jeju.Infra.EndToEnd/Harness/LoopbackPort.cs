using System.Net;
using System.Net.Sockets;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>
/// Ports of this machine for programs that a test starts, stops and starts again. They lie below those that the kernel gives to outgoing
/// connections: one of those could otherwise take the port while its program is down. Leases take theirs from 20000 on.
/// </summary>
internal static class LoopbackPort
{
    private const int First = 10_000;
    private const int Count = 10_000;

    // Another run on the same machine begins somewhere else.
    private static int _last = Random.Shared.Next(Count);

    /// <summary>A port on which nothing listens, and that no other test of this process got.</summary>
    public static int Next()
    {
        for (int tries = 0; tries < Count; tries++)
        {
            int port = First + ((Interlocked.Increment(ref _last) & int.MaxValue) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"Something listens on each port from {First} to {First + Count - 1}.");
    }

    private static bool IsFree(int port)
    {
        // Any: what listens on all addresses of the machine takes the port too.
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
