using System.Net;
using System.Net.Sockets;
using Jeju.Infra.Cli.Plans;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Tests.Cli;

/// <summary>What <c>preview --online</c> looks at, against a network that is made up.</summary>
public sealed class OnlineChecksTests
{
    [Fact]
    public async Task The_chain_of_the_stack_passes()
    {
        var checks = await RunAsync("""{"jsonrpc":"2.0","id":1,"result":"0x14a34"}""", _ => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.1")]));

        Assert.Equal(
            [("chainEndpoint https://chain.test", true, "chain 84532"), ("zone testnet.test", true, "rpc.testnet.test is 192.0.2.1")],
            checks.Select(check => (check.Subject, check.Passed, check.Detail)));
    }

    [Fact]
    public async Task Another_chain_and_a_zone_that_nobody_knows_fail()
    {
        var checks = await RunAsync("""{"jsonrpc":"2.0","id":1,"result":"0x1"}""", _ => throw new SocketException((int)SocketError.HostNotFound));

        Assert.All(checks, check => Assert.False(check.Passed));
        Assert.Equal("chain 1 answers, and the stack settles on 84532", checks[0].Detail);
        Assert.Contains("rpc.testnet.test has no address", checks[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_fails()
    {
        var checks = await RunAsync(answer: null, _ => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        Assert.False(checks[0].Passed);
        Assert.StartsWith("no answer: ", checks[0].Detail, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<OnlineCheck>> RunAsync(string? answer, Func<string, Task<IPAddress[]>> resolve)
    {
        using MadeUpNetwork network = new(answer);
        StackConfig settings = new(
            new Dictionary<string, ConfigEntry>
            {
                ["jeju-infra:chainEndpoint"] = new("https://chain.test", IsSecret: false),
                ["jeju-infra:zone"] = new("testnet.test", IsSecret: false),
            },
            EncryptionSalt: null);
        return await new OnlineChecks(network, (host, _) => resolve(host)).RunAsync(settings, "jeju-infra", NetworkProfile.Testnet, CancellationToken.None);
    }

    private sealed class MadeUpNetwork(string? answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer is null
            ? throw new HttpRequestException("connection refused")
            : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer) });
    }
}
