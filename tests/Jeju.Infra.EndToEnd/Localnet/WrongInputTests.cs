using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Jeju.Infra.Chain;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Agent;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <summary>Wrong input ends with one clear message, a code and the exit code, and leaves nothing half done.</summary>
public sealed class WrongInputTests
{
    [DockerTheory]
    [InlineData("services", "[mongodb]", 2, "JEJU07")]
    [InlineData("commission", "100", 2, "JEJU07")]
    [InlineData("colour", "red", 2, "JEJU07")]
    public async Task A_wrong_setting_is_refused_with_its_name_before_anything_starts(string name, string value, int exitCode, string code)
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync((name, value));

        CommandRun up = (await localnet.RunAsync("up")).FailedWith(exitCode, code);

        Assert.Contains(name, up.Error, StringComparison.Ordinal);
        Assert.False(await IsListeningAsync(localnet.ChainPort), "a chain was started");
    }

    [DockerFact]
    public async Task A_taken_port_is_named_and_what_uses_it_is_left_alone()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        using TcpListener other = new(IPAddress.Loopback, localnet.ChainPort);
        other.Start();

        CommandRun up = (await localnet.RunAsync("up")).FailedWith(1, "JEJU0801");

        // It takes connections, as every listening socket does, and nobody ever answers.
        Assert.Contains("never answers", up.Error, StringComparison.Ordinal);
        Assert.Contains(localnet.ChainPort.ToString(CultureInfo.InvariantCulture), up.Error, StringComparison.Ordinal);
    }

    [DockerFact]
    public async Task Another_chain_at_the_port_is_refused()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        using CancellationTokenSource stop = new();
        string port = localnet.ChainPort.ToString(CultureInfo.InvariantCulture);
        Task<int> other = ChildProcess.RunAsync(
            new ChildProcessStart(localnet.Layout.FoundryTool("anvil"), "--port", port, "--chain-id", "1337", "--quiet"), _ => { }, stop.Token);
        try
        {
            await Eventually.IsTrueAsync("the other chain listens", TimeSpan.FromSeconds(30), () => IsListeningAsync(localnet.ChainPort));

            CommandRun up = (await localnet.RunAsync("up")).FailedWith(3, "JEJU0302");

            Assert.Contains("1337", up.Error, StringComparison.Ordinal);
        }
        finally
        {
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        }
    }

    [DockerFact]
    public async Task Without_the_docker_engine_up_says_so_before_it_starts_anything()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        localnet.Environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";

        (await localnet.RunAsync("up")).FailedWith(1, "JEJU0812");

        Assert.False(await IsListeningAsync(localnet.ChainPort), "a chain was started");
    }

    [DockerFact]
    public async Task A_wrong_passphrase_is_refused_and_the_right_one_still_works()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[redis]"));
        localnet.Environment["PULUMI_CONFIG_PASSPHRASE"] = "right";
        await localnet.UpAsync();
        localnet.Environment["PULUMI_CONFIG_PASSPHRASE"] = "wrong";

        CommandRun wrong = (await localnet.RunAsync("up")).FailedWith(2, "JEJU0106");
        localnet.Environment["PULUMI_CONFIG_PASSPHRASE"] = "right";
        CommandRun right = await localnet.RunAsync("up", "--expect-no-changes");

        Assert.Contains("passphrase", wrong.Error, StringComparison.OrdinalIgnoreCase);
        right.Succeeded();
    }

    [Fact]
    public async Task A_well_known_key_is_refused_for_every_other_chain()
    {
        string folder = Directory.CreateTempSubdirectory("jeju-agent-").FullName;
        try
        {
            string file = Path.Combine(folder, "settings.json");
            new AgentSettings
            {
                ChainUrl = "http://127.0.0.1:1",
                ChainId = new ChainId(84532),
                ExternalChainProvider = AnvilAccounts.Deployer.Address,
                ProviderRegistry = AnvilAccounts.Deployer.Address,
                NodeId = Bytes32.FromName("node"),
                AgentKey = AnvilAccounts.Agent.PrivateKey,
                StateFolder = folder,
                RepositoryRoot = JejuScript.Layout.Root,
            }.Save(file);
            using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));

            CommandRun agent = (await CommandRun.RunAsync(
                new ChildProcessStart(JejuScript.Layout.CommandLineTool, "agent", "run", "--settings", file), deadline.Token)).FailedWith(3, "JEJU0304");

            Assert.Contains("84532", agent.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
