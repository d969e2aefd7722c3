using System.Text.Json;
using Jeju.Infra.Cli;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <content>The marketplace by command, beside what the settings order.</content>
public sealed partial class ProvisionedLocalnetTests
{
    private const string NodeName = "by-command";

    [DockerFact]
    [ReadmeCommand("./jeju external-chains")]
    public async Task A_service_is_ordered_by_command_once_and_ended_by_command()
    {
        SuiteView suite = await SuiteView.OfAsync(Localnet);
        int before = (await suite.LiveOrdersAsync()).Count;
        string[] order = ["external-chains", "--chain", "redis", "--hours", "1", "--show-secrets"];
        try
        {
            string first = (await Localnet.RunAsync(order)).Succeeded().Output.Trim();
            Assert.Equal("PONG", await LocalnetCheckout.RedisAsync(first, "ping"));
            Assert.NotEqual(await Localnet.OutputAsync("connectionStrings.redis"), first);

            CommandRun second = (await Localnet.RunAsync(order)).Succeeded();
            Assert.Equal(first, second.Output.Trim());
            Assert.Contains("nothing is paid again", second.Error, StringComparison.Ordinal);
            Assert.Equal(before + 1, (await suite.LiveOrdersAsync()).Count);
        }
        finally
        {
            CommandRun ended = (await Localnet.RunAsync("external-chains", "--chain", "redis", "--end")).Succeeded();
            Assert.Contains("refunded", ended.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, (await suite.LiveOrdersAsync()).Count);
        using LeaseContainers containers = await LeaseContainers.OfAsync(Localnet);
        await Eventually.IsTrueAsync("the container is gone", RestoreDeadline, async () => await containers.CountAsync() == (2, 2, 2));
    }

    [DockerFact]
    [ReadmeCommand("./jeju node register")]
    [ReadmeCommand("./jeju node stake")]
    [ReadmeCommand("./jeju delegate")]
    [ReadmeCommand("./jeju provider register")]
    [ReadmeCommand("./jeju provider offers")]
    [ReadmeCommand("./jeju provider drain")]
    public async Task An_operator_comes_stakes_offers_and_drains_by_command_and_nothing_is_sent_twice()
    {
        SuiteView suite = await SuiteView.OfAsync(Localnet);
        string node = (await Localnet.JsonAsync("node", "register", "--name", NodeName)).GetProperty("nodeId").GetString()!;
        JsonElement staked = await Localnet.JsonAsync("node", "stake", "--name", NodeName, "--amount", "10000");
        JsonElement lent = await Localnet.JsonAsync("delegate", "--node", node, "--amount", "250");
        string[] register =
        [
            "provider", "register", "--name", NodeName, "--staking-node", node, "--agent", "0x00000000000000000000000000000000000000aa",
            "--endpoint", "https://node.example", "--region", "local", "--offer", "ipfs",
        ];
        string provider = (await Localnet.JsonAsync(register))[0].GetProperty("nodeId").GetString()!;
        CommandRun drained = (await Localnet.RunAsync("provider", "drain", "--node", provider)).Succeeded();

        Assert.Equal((node, "10000"), (staked.GetProperty("nodeId").GetString(), staked.GetProperty("stake").GetString()));
        Assert.Equal("250", lent.GetProperty("amount").GetString());
        Assert.Contains($"{provider}  draining  0 leases", drained.Output, StringComparison.Ordinal);
        JsonElement offer = Assert.Single((await Localnet.JsonAsync("provider", "offers", "--node", provider)).EnumerateArray());
        Assert.Equal(("ipfs", false), (offer.GetProperty("kind").GetString(), offer.GetProperty("available").GetBoolean()));

        IReadOnlyList<string> before = await suite.TransactionCountsAsync();
        await Localnet.JsonAsync("node", "stake", "--node", provider, "--amount", "10000");
        await Localnet.JsonAsync("delegate", "--node", provider, "--amount", "250");
        (await Localnet.RunAsync("provider", "drain", "--node", provider)).Succeeded();
        Assert.Equal(before, await suite.TransactionCountsAsync());
    }

    [DockerFact]
    public async Task A_draining_node_takes_no_order_and_the_refusal_says_so()
    {
        string node = await Localnet.OutputAsync("nodeId");
        (await Localnet.RunAsync("provider", "drain", "--node", node)).Succeeded();
        try
        {
            CommandRun refused = await Localnet.RunAsync("external-chains", "--chain", "redis", "--hours", "1");

            Assert.Equal(ExitCode.Failed, refused.ExitCode);
            Assert.Contains("JEJU0521", refused.Error, StringComparison.Ordinal);
        }
        finally
        {
            (await Localnet.RunAsync("provider", "drain", "--undo", "--node", node)).Succeeded();
        }
    }

    [DockerFact]
    [ReadmeCommand("./jeju node start")]
    public async Task A_killed_agent_is_started_by_node_start_and_a_running_one_is_left_alone()
    {
        int agent = (await Localnet.JsonAsync("localnet", "status")).GetProperty("agentProcessId").GetInt32();
        CommandRun running = (await Localnet.RunAsync("node", "start")).Succeeded();
        (await CommandRun.RunAsync(new Jeju.Infra.Cli.Processes.ChildProcessStart("kill", "-9", $"{agent}"), CancellationToken.None)).Succeeded();
        await Eventually.IsTrueAsync("the agent is gone", RestoreDeadline, () => Task.FromResult(!IsRunning(agent)));

        CommandRun started = (await Localnet.RunAsync("node", "start")).Succeeded();

        Assert.Contains($"agent {agent}", running.Output, StringComparison.Ordinal);
        Assert.StartsWith(await Localnet.OutputAsync("nodeId"), started.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"agent {agent}\n", started.Output, StringComparison.Ordinal);
    }

    [DockerFact]
    public async Task A_mistyped_resource_to_replace_is_refused_with_the_closest_names()
    {
        CommandRun refused = await Localnet.RunAsync("up", "--replace", "rediss");

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("JEJU0138", refused.Error, StringComparison.Ordinal);
        Assert.Contains("'rediss'", refused.Error, StringComparison.Ordinal);
        Assert.Contains("such as redis,", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Whether a process runs: one that ended and that nobody has asked about yet has no command line any more.</summary>
    private static bool IsRunning(int process)
    {
        string commandLine = $"/proc/{process}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine).Length > 0;
    }
}
