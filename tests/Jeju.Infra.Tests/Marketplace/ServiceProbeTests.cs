using System.Net;
using System.Net.Sockets;
using System.Text;

using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Probes;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class ServiceProbeTests
{
    private static readonly ServiceCredentials Credentials = new("default", "pässword");

    [Fact]
    public void Encode_CountsBytesNotCharacters() =>
        Assert.Equal("*2\r\n$4\r\nAUTH\r\n$9\r\npässword\r\n", Encoding.UTF8.GetString(RespConnection.Encode(["AUTH", "pässword"])));

    [Theory]
    [InlineData(new[] { "+OK", "+PONG" }, ProbeOutcome.Serving)]
    [InlineData(new[] { "-WRONGPASS invalid username-password pair" }, ProbeOutcome.Refusing)]
    [InlineData(new[] { "+OK", "-LOADING Redis is loading the dataset in memory" }, ProbeOutcome.Silent)]
    [InlineData(new[] { "HTTP/1.1 400 Bad Request" }, ProbeOutcome.Silent)]
    [InlineData(new string[0], ProbeOutcome.Silent)]
    public async Task Redis_ServerThatAnswers_IsJudgedByItsWords(string[] answers, ProbeOutcome expected)
    {
        using LineServer server = new([.. answers.Select(answer => answer + "\r\n")]);

        ProbeResult result = await Probe(ProbeProtocol.RedisPing, server.Port);

        Assert.Equal(expected, result.Outcome);
        Assert.DoesNotContain(Credentials.Password, result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProbeProtocol.HttpOk, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ProbeOutcome.Serving)]
    [InlineData(ProbeProtocol.HttpOk, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", ProbeOutcome.Silent)]
    [InlineData(ProbeProtocol.HttpOk, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", ProbeOutcome.Refusing)]
    [InlineData(ProbeProtocol.SolanaHealth, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"result\":\"ok\"}", ProbeOutcome.Serving)]
    [InlineData(ProbeProtocol.SolanaHealth, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"error\":{} }", ProbeOutcome.Silent)]
    [InlineData(ProbeProtocol.BitcoinInfo, "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{\"result\":{\"chain\":\"regtest\"}}", ProbeOutcome.Serving)]
    [InlineData(ProbeProtocol.EthereumChainId, "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"result\":\"0x7a69\"}", ProbeOutcome.Serving)]
    [InlineData(ProbeProtocol.EthereumChainId, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"result\":1}", ProbeOutcome.Silent)]
    [InlineData(ProbeProtocol.IpfsId, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"ID\":\"Q\"}", ProbeOutcome.Serving)]
    [InlineData(ProbeProtocol.IpfsId, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!", ProbeOutcome.Silent)]
    public async Task Http_ServerThatAnswers_IsJudgedByStatusAndBody(ProbeProtocol protocol, string answer, ProbeOutcome expected)
    {
        using LineServer server = new([answer]);

        Assert.Equal(expected, (await Probe(protocol, server.Port)).Outcome);
    }

    [Theory]
    [InlineData(ProbeProtocol.PostgresQuery)]
    [InlineData(ProbeProtocol.RedisPing)]
    [InlineData(ProbeProtocol.HttpOk)]
    public async Task Nobody_listens_and_the_result_says_so(ProbeProtocol protocol)
    {
        using TcpListener reserved = new(IPAddress.Loopback, 0);
        reserved.Start();
        int port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();

        ProbeResult result = await Probe(protocol, port);

        Assert.Equal(ProbeOutcome.Silent, result.Outcome);
        Assert.NotEmpty(result.Detail);
    }

    private static Task<ProbeResult> Probe(ProbeProtocol protocol, int port) => ServiceProbes.For(protocol, TimeProvider.System)
        .ProbeAsync(new ServiceEndpoint("127.0.0.1", [port]), Credentials, CancellationToken.None);

    /// <summary>Answers each request with the next text, whatever was asked, and then hangs up.</summary>
    private sealed class LineServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public LineServer(IReadOnlyList<string> answers)
        {
            _listener.Start();
            _ = ServeAsync(answers);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Stop();

        private async Task ServeAsync(IReadOnlyList<string> answers)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                byte[] request = new byte[4096];
                foreach (string answer in answers)
                {
                    if (await stream.ReadAsync(request) == 0)
                    {
                        return;
                    }

                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                }
            }
            catch (Exception ended) when (ended is SocketException or IOException or ObjectDisposedException)
            {
                // The probe, or the test, is done with this server.
            }
        }
    }
}
