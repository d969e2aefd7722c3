using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;
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
    [Theory]
    [InlineData(null, ProbeOutcome.Serving)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", ProbeOutcome.Silent)]
    public async Task Server_with_TLS_is_known_by_the_fingerprint_of_its_lease_and_no_other_is_told_the_password(string? fingerprint, ProbeOutcome expected)
    {
        LeaseSecrets secrets = LeaseSecrets.Generate(ServiceCatalog.Find("redis"), new WorkloadLimits(1024, 1, 1), "node.example", TimeProvider.System.GetUtcNow());
        string Pem(string path) => secrets.Files.Single(file => file.Path == path).Content;
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(Pem(WorkloadTemplate.CertificateFile), Pem(WorkloadTemplate.CertificateKeyFile));
        using X509Certificate2 usable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        using LineServer server = new(["+OK\r\n", "+PONG\r\n"], usable);
        ServiceCredentials credentials = secrets.Credentials with { CertificateFingerprint = fingerprint ?? secrets.Credentials.CertificateFingerprint };

        ProbeResult result = await ServiceProbes.For(ProbeProtocol.RedisPing, TimeProvider.System).ProbeAsync(new ServiceEndpoint("127.0.0.1", [server.Port]), credentials, default);

        Assert.Equal(expected, result.Outcome);
        Assert.Equal(expected == ProbeOutcome.Serving, server.Asked.Contains(secrets.Credentials.Password, StringComparison.Ordinal));
        Assert.Contains("tls-port 6379", secrets.Files.Single(file => file.Path.EndsWith("redis.conf", StringComparison.Ordinal)).Content, StringComparison.Ordinal);
        Assert.Equal("node.example", certificate.GetNameInfo(X509NameType.DnsFromAlternativeName, forIssuer: false));
    }

    private sealed class LineServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public LineServer(IReadOnlyList<string> answers, X509Certificate2? certificate = null)
        {
            _listener.Start();
            _ = ServeAsync(answers, certificate);
        }

        /// <summary>What the client has said.</summary>
        public string Asked { get; private set; } = string.Empty;

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Stop();

        private async Task ServeAsync(IReadOnlyList<string> answers, X509Certificate2? certificate)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    SslStream secured = new(stream);
                    await secured.AuthenticateAsServerAsync(certificate);
                    stream = secured;
                }

                byte[] request = new byte[4096];
                foreach (string answer in answers)
                {
                    int length = await stream.ReadAsync(request);
                    if (length == 0)
                    {
                        return;
                    }

                    Asked += Encoding.UTF8.GetString(request, 0, length);

                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                }
            }
            catch (Exception ended) when (ended is SocketException or IOException or ObjectDisposedException or AuthenticationException)
            {
                // The probe, or the test, is done with this server.
            }
        }
    }
}
