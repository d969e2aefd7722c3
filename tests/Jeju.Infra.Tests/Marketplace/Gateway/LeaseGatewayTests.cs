using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jeju.Infra.Marketplace.Gateway;

namespace Jeju.Infra.Tests.Marketplace.Gateway;

/// <summary>The gateway between real sockets and real TLS on loopback: a client, the gateway, and what stands for a lease.</summary>
public sealed class LeaseGatewayTests
{
    private const string Lease = "jeju-0123456789abcdef0123";
    private const string Host = Lease + ".leases.example.org";
    private static readonly byte[] PostgresTls = [0, 0, 0, 8, 4, 210, 22, 47];
    private static readonly byte[] PostgresGssapi = [0, 0, 0, 8, 4, 210, 22, 48];

    [Fact]
    public async Task A_client_speaks_TLS_with_the_lease_that_it_names_and_with_nobody_in_between()
    {
        await using Echo lease = new();
        await using Run run = await Run.StartAsync(lease.ConnectAsync);
        byte[] sent = RandomNumberGenerator.GetBytes(300_000);

        using Socket socket = await run.ConnectAsync();
        await using SslStream client = new(new NetworkStream(socket), false, (_, certificate, _, _) => certificate!.GetCertHashString() == lease.Thumbprint);
        await client.AuthenticateAsClientAsync(Host);
        Task writing = WriteAsync();
        byte[] received = new byte[sent.Length];
        await client.ReadExactlyAsync(received);
        await writing;
        await client.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);

        // The lease's goodbye comes through as well.
        while (await client.ReadAsync(received) > 0)
        {
        }

        Assert.Equal(sent, received[..sent.Length]);
        Assert.Equal([(Lease, 0)], run.Asked);
        await run.StopAsync();
        Assert.Contains("connections_total{outcome=\"served\"} 1\n", run.Figures(), StringComparison.Ordinal);
        Assert.Contains("open_connections 0\n", run.Figures(), StringComparison.Ordinal);

        async Task WriteAsync()
        {
            await client.WriteAsync(sent);
            await client.FlushAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PostgreSQLs_request_for_TLS_is_answered_and_repeated_to_the_lease(bool asksForGssapiFirst)
    {
        await using Echo lease = new(postgresAnswer: (byte)'S');
        await using Run run = await Run.StartAsync(lease.ConnectAsync);

        using Socket socket = await run.ConnectAsync();
        if (asksForGssapiFirst)
        {
            await socket.SendAsync(PostgresGssapi);
            Assert.Equal((byte)'N', Assert.Single(await ReadAsync(socket, 1)));
        }

        // In two parts, as a network may have it.
        await socket.SendAsync(PostgresTls[..3]);
        await socket.SendAsync(PostgresTls[3..]);
        Assert.Equal((byte)'S', Assert.Single(await ReadAsync(socket, 1)));
        await using SslStream client = new(new NetworkStream(socket), false, (_, _, _, _) => true);
        await client.AuthenticateAsClientAsync(Host);
        await client.WriteAsync("select"u8.ToArray());
        byte[] answer = new byte[6];
        await client.ReadExactlyAsync(answer);

        Assert.Equal("select"u8.ToArray(), answer);
        Assert.Equal(PostgresTls, lease.Preamble);
    }

    [Theory]
    [InlineData("other.example.org")]
    [InlineData("kubernetes.leases.example.org")]
    [InlineData("192.0.2.1")]
    public async Task A_name_that_is_no_leases_is_refused_in_TLSs_own_words_and_nobody_is_asked(string host)
    {
        await using Run run = await Run.StartAsync((_, _, _) => throw new InvalidOperationException("Nobody is to be asked."));

        using Socket socket = await run.ConnectAsync();
        await using SslStream client = new(new NetworkStream(socket), false, (_, _, _, _) => true);
        await Assert.ThrowsAnyAsync<Exception>(() => client.AuthenticateAsClientAsync(host));
        await run.StopAsync();

        Assert.Empty(run.Asked);
        Assert.Contains("connections_total{outcome=\"refused\"} 1\n", run.Figures(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData((byte)'N')]
    public async Task A_lease_that_takes_no_connection_or_no_TLS_is_told_to_the_client(byte? postgresAnswer)
    {
        await using Echo lease = new(postgresAnswer);
        await using Run run = await Run.StartAsync(
            postgresAnswer is null ? (_, _, _) => Task.FromException<Socket>(new SocketException((int)SocketError.ConnectionRefused)) : lease.ConnectAsync);

        using Socket socket = await run.ConnectAsync();
        if (postgresAnswer is not null)
        {
            await socket.SendAsync(PostgresTls);
            await ReadAsync(socket, 1);
        }

        await using SslStream client = new(new NetworkStream(socket), false, (_, _, _, _) => true);
        await Assert.ThrowsAnyAsync<Exception>(() => client.AuthenticateAsClientAsync(Host));
        await run.StopAsync();

        Assert.Contains("connections_total{outcome=\"unreachable\"} 1\n", run.Figures(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PING\r\n")]
    [InlineData("")]
    public async Task Whoever_speaks_no_TLS_or_says_nothing_is_hung_up_on(string text)
    {
        await using Run run = await Run.StartAsync((_, _, _) => throw new InvalidOperationException("Nobody is to be asked."), time: new HastyTime(200));

        using Socket socket = await run.ConnectAsync();
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));

        Assert.Empty(await ReadAsync(socket, 1));
    }

    [Fact]
    public async Task One_connection_more_than_allowed_is_turned_away_and_the_others_go_on()
    {
        await using Echo lease = new();
        await using Run run = await Run.StartAsync(lease.ConnectAsync, maximum: 1);
        using Socket first = await run.ConnectAsync();
        await using SslStream client = new(new NetworkStream(first), false, (_, _, _, _) => true);
        await client.AuthenticateAsClientAsync(Host);

        using Socket second = await run.ConnectAsync();
        Assert.Empty(await ReadAsync(second, 1));
        await client.WriteAsync("still"u8.ToArray());
        byte[] answer = new byte[5];
        await client.ReadExactlyAsync(answer);

        Assert.Equal("still"u8.ToArray(), answer);
        Assert.Contains("{outcome=\"turned away\"} 1\n", run.Figures(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_stops_takes_nobody_new_and_ends_what_does_not_end_by_itself()
    {
        await using Echo lease = new();
        await using Run run = await Run.StartAsync(lease.ConnectAsync, time: new HastyTime(200));
        using Socket socket = await run.ConnectAsync();
        await using SslStream client = new(new NetworkStream(socket), false, (_, _, _, _) => true);
        await client.AuthenticateAsClientAsync(Host);

        await run.StopAsync();

        Assert.Contains("open_connections 0\n", run.Figures(), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(async () => Assert.NotEqual(0, await client.ReadAsync(new byte[1])));
    }

    [Fact]
    public async Task Strangers_learn_that_it_is_well_and_no_more()
    {
        await using Run run = await Run.StartAsync((_, _, _) => throw new InvalidOperationException("Nobody is to be asked."));

        Assert.Equal([(200, false), (200, true)], [(run.Gateway.Answer("GET", "/health", false).Status, false), (run.Gateway.Answer("GET", "/health", true).Status, true)]);
        Assert.Equal((404, 200), (run.Gateway.Answer("GET", "/metrics", false).Status, run.Gateway.Answer("GET", "/metrics", true).Status));
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        byte[] buffer = new byte[count];
        try
        {
            return buffer[..await socket.ReceiveAsync(buffer, deadline.Token)];
        }
        catch (SocketException)
        {
            // Hung up on without a goodbye.
            return [];
        }
    }

    /// <summary>A gateway that runs, on a free port.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _serving = Task.CompletedTask;

        private Run(LeaseGateway gateway) => Gateway = gateway;

        public LeaseGateway Gateway { get; }

        public List<(string Lease, int Port)> Asked { get; } = [];

        public static Task<Run> StartAsync(Func<string, int, CancellationToken, Task<Socket>> connect, int maximum = 10, TimeProvider? time = null)
        {
            Run? run = null;
            LeaseGatewaySettings settings = new()
            {
                Domain = "leases.example.org", Namespace = "tenants", Address = "127.0.0.1", Ports = [0], StatusPort = 0, MetricsPort = 0, MaximumConnections = maximum,
            };
            LeaseGateway gateway = LeaseGateway.Listen(
                settings,
                (lease, port, cancellationToken) =>
                {
                    run!.Asked.Add((lease, port));
                    return connect(lease, port, cancellationToken);
                },
                time ?? TimeProvider.System);
            run = new Run(gateway);
            run._serving = gateway.ServeAsync(run._stop.Token);
            return Task.FromResult(run);
        }

        public async Task<Socket> ConnectAsync()
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(Gateway.Addresses[0]);
            return socket;
        }

        public string Figures() => Gateway.Answer("GET", "/metrics", true).Text;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _serving.WaitAsync(TimeSpan.FromSeconds(60));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Gateway.DisposeAsync();
            _stop.Dispose();
        }
    }

    /// <summary>A lease that sends back what it gets, over TLS; after PostgreSQL's request for it where an answer is given.</summary>
    private sealed class Echo : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 _certificate;
        private readonly byte? _postgresAnswer;

        public Echo(byte? postgresAnswer = null)
        {
            _postgresAnswer = postgresAnswer;
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _certificate = new CertificateRequest("CN=lease", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            _listener.Start();
            _ = ServeAsync();
        }

        public string Thumbprint => _certificate.GetCertHashString();

        public byte[] Preamble { get; private set; } = [];

        public async Task<Socket> ConnectAsync(string lease, int port, CancellationToken cancellationToken)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_listener.LocalEndpoint, cancellationToken);
            return socket;
        }

        public ValueTask DisposeAsync()
        {
            _listener.Stop();
            _certificate.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task ServeAsync()
        {
            try
            {
                using Socket socket = await _listener.AcceptSocketAsync();
                await using NetworkStream network = new(socket);
                if (_postgresAnswer is { } answer)
                {
                    byte[] preamble = new byte[8];
                    await network.ReadExactlyAsync(preamble);
                    Preamble = preamble;
                    network.WriteByte(answer);
                }

                await using SslStream tls = new(network);
                await tls.AuthenticateAsServerAsync(_certificate);
                byte[] buffer = new byte[10_000];
                while (await tls.ReadAsync(buffer) is > 0 and int count)
                {
                    await tls.WriteAsync(buffer.AsMemory(0, count));
                }

                await tls.ShutdownAsync();
            }
            catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The test is over.
            }
        }
    }
}
