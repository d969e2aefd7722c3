using System.Globalization;
using System.Net.Sockets;

using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Gateway;

using Xunit;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>The usual clients of the leased services, through the gateway in front of a cluster's leases, as consumers outside use it.</summary>
public sealed class LeaseGatewayClientTests
{
    private const string Domain = "leases.example.org";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [DockerTheory]
    [InlineData("postgres", "42")]
    [InlineData("redis", "PONG")]
    public async Task A_client_that_names_its_lease_reaches_it_and_nobody_elses(string kind, string answer)
    {
        using CancellationTokenSource stop = new();
        using CancellationTokenSource deadline = new(Deadline);
        await using DockerHost host = new();
        using DockerBackend backend = host.NewBackend(speaksTls: true);
        Bytes32 order = DockerHost.NewOrder();
        Workload workload = await backend.EnsureAsync(DockerHost.Request(kind, order), default);
        await DockerHost.WaitUntilServingAsync(workload);
        string lease = $"jeju-{order.ToString()[2..22]}";
        LeaseGateway gateway = LeaseGateway.Listen(
            new LeaseGatewaySettings { Domain = Domain, Namespace = "tenants", Address = "127.0.0.1", Ports = [0], StatusPort = 0, MetricsPort = 0 },
            (name, _, cancellationToken) => name == lease ? ConnectAsync(workload.Endpoint!, cancellationToken) : throw new SocketException((int)SocketError.HostNotFound),
            TimeProvider.System);
        await using (gateway)
        {
            Task serving = gateway.ServeAsync(stop.Token);
            int port = gateway.Addresses[0].Port;

            CommandRun own = await CommandRun.RunAsync(Client(kind, $"{lease}.{Domain}", port, workload.Credentials!), deadline.Token);
            CommandRun stranger = await CommandRun.RunAsync(Client(kind, $"jeju-{new string('0', 20)}.{Domain}", port, workload.Credentials!), deadline.Token);

            Assert.Equal(answer, own.Succeeded().Text.Trim());
            Assert.NotEqual(0, stranger.ExitCode);
            Assert.DoesNotContain(answer, stranger.Output, StringComparison.Ordinal);
            await stop.CancelAsync();
            await serving.WaitAsync(deadline.Token);
        }
    }

    private static async Task<Socket> ConnectAsync(ServiceEndpoint endpoint, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint.Host, endpoint.Ports[0], cancellationToken);
        return socket;
    }

    /// <summary>The client as a consumer starts it, but for the address: the name is in no DNS here. The password is in the environment, where the list of processes does not show it.</summary>
    private static ChildProcessStart Client(string kind, string host, int port, ServiceCredentials credentials) => kind == "postgres"
        ? new ChildProcessStart(
            "psql",
            $"host={host} hostaddr=127.0.0.1 port={port} user={credentials.UserName} dbname={credentials.Database} sslmode=require connect_timeout=20",
            "--no-psqlrc", "--tuples-only", "--no-align", "--command", "SELECT 6 * 7")
        {
            Environment = new Dictionary<string, string?> { ["PGPASSWORD"] = credentials.Password },
        }
        : new ChildProcessStart("redis-cli", "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "--tls", "--insecure", "--sni", host, "-e", "PING")
        {
            Environment = new Dictionary<string, string?> { ["REDISCLI_AUTH"] = credentials.Password },
        };
}
