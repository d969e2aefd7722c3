using System.Net;
using System.Net.Sockets;
using Jeju.Infra.Cli.Plans;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Tests.Core;

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

    [Theory]
    [InlineData("0x6001", true, "2 bytes of code")]
    [InlineData("0x", false, "there is no code")]
    public async Task Every_contract_of_the_bundle_must_have_code_on_Ethereum(string code, bool passes, string detail)
    {
        RollupBundle bundle = RollupBundle.Read("bundle.json", RollupBundleTests.Good().ToJsonString(), NetworkName.Testnet);
        using MadeUpNetwork network = new($$"""{"jsonrpc":"2.0","id":1,"result":"{{code}}"}""");
        StackConfig settings = Settings("""{"bundle":"bundle.json","l1Endpoint":"https://ethereum.test"}""");

        Assert.Equal("bundle.json", OnlineChecks.BundleFile(settings, "jeju-infra"));
        var checks = await new OnlineChecks(network, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])).RunAsync(settings, "jeju-infra", NetworkProfile.Testnet, bundle, CancellationToken.None);

        Assert.Equal(
            [
                ($"bundle disputeGameFactory {bundle.DisputeGameFactory}", passes, detail),
                ($"bundle rollup.deposit_contract_address {Address.Parse("0x00000000000000000000000000000000000000de")}", passes, detail),
                ($"bundle rollup.l1_system_config_address {Address.Parse("0x000000000000000000000000000000000000005c")}", passes, detail),
            ],
            checks.Where(check => check.Subject.StartsWith("bundle ", StringComparison.Ordinal)).Select(check => (check.Subject, check.Passed, check.Detail)));
        Assert.Equal(3, network.Asked.Count(call => call.Contains("eth_getCode", StringComparison.Ordinal)));
        Assert.Contains(checks, check => check.Subject == "rollup.l1Endpoint https://ethereum.test" && !check.Passed);
    }

    [Fact]
    public async Task A_bundle_whose_chain_nobody_can_be_asked_about_fails_with_the_setting()
    {
        RollupBundle bundle = RollupBundle.Read("bundle.json", RollupBundleTests.Good().ToJsonString(), NetworkName.Testnet);
        using MadeUpNetwork network = new("""{"jsonrpc":"2.0","id":1,"result":"0x14a34"}""");

        var checks = await new OnlineChecks(network, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]))
            .RunAsync(Settings("""{"bundle":"bundle.json"}"""), "jeju-infra", NetworkProfile.Testnet, bundle, CancellationToken.None);

        Assert.Equal(3, checks.Count(check => !check.Passed && check.Detail.Contains("'l1Endpoint'", StringComparison.Ordinal)));
    }

    private static StackConfig Settings(string? rollup = null)
    {
        Dictionary<string, ConfigEntry> entries = new()
        {
            ["jeju-infra:chainEndpoint"] = new("https://chain.test", IsSecret: false),
            ["jeju-infra:zone"] = new("testnet.test", IsSecret: false),
        };
        if (rollup is not null)
        {
            entries["jeju-infra:rollup"] = new(rollup, IsSecret: false);
        }

        return new StackConfig(entries, EncryptionSalt: null);
    }

    private static async Task<IReadOnlyList<OnlineCheck>> RunAsync(string? answer, Func<string, Task<IPAddress[]>> resolve)
    {
        using MadeUpNetwork network = new(answer);
        return await new OnlineChecks(network, (host, _) => resolve(host)).RunAsync(Settings(), "jeju-infra", NetworkProfile.Testnet, bundle: null, CancellationToken.None);
    }

    private sealed class MadeUpNetwork(string? answer) : HttpMessageHandler
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Asked { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Enqueue(await request.Content!.ReadAsStringAsync(cancellationToken));
            return answer is null ? throw new HttpRequestException("connection refused") : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer) };
        }
    }
}
