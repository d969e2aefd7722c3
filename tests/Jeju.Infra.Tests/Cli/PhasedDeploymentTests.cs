using Jeju.Infra.Cli;
using Jeju.Infra.Cli.Deployments;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Cli;

public sealed class PhasedDeploymentTests : IDisposable
{
    private const string Root = "urn:pulumi:testnet::jeju-infra::pulumi:pulumi:Stack::jeju-infra-testnet";
    private const string Gateway = "urn:pulumi:testnet::jeju-infra::jeju:kubernetes:Gateway::gateway";
    private const string Network = "urn:pulumi:testnet::jeju-infra::jeju:aws:Network::jeju-testnet";
    private const string Cluster = "urn:pulumi:testnet::jeju-infra::pulumi:providers:kubernetes::cluster";
    private const string Aws = "urn:pulumi:testnet::jeju-infra::pulumi:providers:aws::aws";

    private const string Password = "urn:pulumi:testnet::jeju-infra::jeju:index:GeneratedPassword::login";

    private static readonly PlannedResource[] Plan =
    [
        Component(Root, "pulumi:pulumi:Stack", ""),
        Component(Gateway, "jeju:kubernetes:Gateway", Root),
        Component(Network, "jeju:aws:Network", Root),
        Resource("pulumi:providers:aws", "aws", Root, "urn:pulumi:testnet::jeju-infra::pulumi:providers:pulumi::default::id"),
        Resource("pulumi:providers:kubernetes", "cluster", Root, "urn:pulumi:testnet::jeju-infra::pulumi:providers:pulumi::default::id"),
        Resource("aws:ec2/vpc:Vpc", "vpc", Network, $"{Aws}::id"),
        Resource("kubernetes:core/v1:Namespace", "gateway", Root, $"{Cluster}::id"),
        Resource("kubernetes:apps/v1:Deployment", "gateway", Gateway, $"{Cluster}::id"),
        Resource("jeju:index:ContractSuite", "contracts", Root, "jeju::id"),
        Resource("jeju:index:ProvisionedNode", "redis", Root, "jeju::id"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-phases-").FullName;
    private readonly FakeEngine _engine = new();
    private readonly List<string> _said = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_resource_is_in_one_phase_and_what_holds_others_in_their_first()
    {
        var phases = PhasePlan.Divide(Plan);

        Assert.Equal(["cloud", "platform", "chain-services", "contracts", "marketplace"], phases.Select(phase => phase.Name));
        Assert.Equal(Plan.Length - 1, phases.Sum(phase => phase.Urns.Count));
        Assert.Equal([Network, Aws], phases[0].Urns.Where(urn => urn is Network or Aws));
        Assert.Contains(Cluster, phases[1].Urns);
        Assert.Contains(Gateway, phases[2].Urns);
        Assert.Equal("1 aws, 1 providers", phases[0].Summary);
    }

    [Theory]
    [InlineData("jeju:kubernetes:GatewayNames", "contracts")]
    [InlineData("jeju:kubernetes:AgentNode", "marketplace")]
    public void What_a_cluster_is_told_of_the_chain_comes_with_what_it_is_told_of(string component, string phase)
    {
        const string Told = "urn:pulumi:testnet::jeju-infra::told";

        var phases = PhasePlan.Divide([.. Plan, Component(Told, component, Root), Resource("kubernetes:core/v1:ConfigMap", "told", Told, $"{Cluster}::id")]);

        Assert.Equal(phase, Assert.Single(phases, one => one.Urns.Contains("urn:pulumi:testnet::jeju-infra::kubernetes:core/v1:ConfigMap::told")).Name);
    }

    /// <summary>The engine refuses a target that needs a resource which is neither one nor there.</summary>
    [Fact]
    public void What_a_resource_needs_is_made_in_its_phase_or_before()
    {
        PlannedResource[] plan =
        [
            .. Plan.Where(resource => resource.Type != "aws:ec2/vpc:Vpc"),
            Resource("jeju:index:GeneratedPassword", "login", Root, "jeju::id"),
            Resource("aws:ec2/vpc:Vpc", "vpc", Network, $"{Aws}::id") with { Dependencies = [Password] },
        ];

        Assert.Contains(Password, PhasePlan.Divide(plan)[0].Urns);
        Assert.Contains(Password, PhasePlan.Divide([.. plan.Where(resource => resource.Type != "aws:ec2/vpc:Vpc")])[^1].Urns);
    }

    [Fact]
    public async Task Each_phase_is_read_back_before_the_next_begins()
    {
        var outcomes = await RunAsync();

        Assert.Equal(Enumerable.Repeat("done", 5), outcomes.Select(outcome => outcome.Outcome));
        Assert.Equal(
            ["look cloud", "deploy cloud", "look cloud", "look platform", "deploy platform", "look platform"],
            _engine.Calls.Take(6));
    }

    [Fact]
    public async Task A_run_that_failed_is_continued_where_it_stopped()
    {
        _engine.FailsAt = DeploymentPhase.ChainServices;
        await Assert.ThrowsAsync<InfraException>(RunAsync);
        Assert.DoesNotContain("deploy contracts", _engine.Calls);

        _engine.FailsAt = null;
        _engine.Calls.Clear();
        var outcomes = await RunAsync();

        Assert.Equal(["was-done", "was-done", "done", "done", "done"], outcomes.Select(outcome => outcome.Outcome));
        Assert.DoesNotContain("deploy cloud", _engine.Calls);
    }

    [Fact]
    public async Task What_was_done_and_is_no_longer_there_is_done_again_whatever_the_journal_says()
    {
        await RunAsync();
        _engine.Done.Remove(DeploymentPhase.Platform);

        var outcomes = await RunAsync();

        Assert.Equal(["was-done", "done", "was-done", "was-done", "was-done"], outcomes.Select(outcome => outcome.Outcome));
        Assert.Contains(_said, line => line.StartsWith("jeju: platform: was done on ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_phase_that_ends_well_and_left_nothing_ends_the_run()
    {
        _engine.PretendsAt = DeploymentPhase.Platform;

        var error = await Assert.ThrowsAsync<InfraException>(RunAsync);

        Assert.Equal(new ErrorCode(834), error.Code);
        Assert.Equal("deploy platform", _engine.Calls[^2]);
    }

    [Fact]
    public void What_has_left_the_program_is_removed_last_and_by_the_stack_as_a_whole()
    {
        Assert.Equal(DeploymentPhase.Removal, Enum.GetValues<DeploymentPhase>()[^1]);
        Assert.All(PulumiDeployment.Commands("testnet", PhasePlan.Removal), command => Assert.DoesNotContain("--target", command));
        Assert.DoesNotContain(PhasePlan.Divide(Plan), phase => phase.Phase == DeploymentPhase.Removal);
    }

    [Fact]
    public async Task What_a_person_has_to_do_before_a_phase_is_said_before_it_is_deployed()
    {
        PhasePlan[] phases = [.. PhasePlan.Divide(Plan).Select(phase => phase.Phase == DeploymentPhase.ChainServices ? phase with { Notes = ["fill the secret jeju-testnet-op-stack-jwt"] } : phase)];
        PhasedDeployment deployment = new(_engine, new PhaseJournal(Path.Combine(_folder, "testnet", "phases.json"), TimeProvider.System), line =>
        {
            _said.Add(line);
            if (line.Contains("fill the secret", StringComparison.Ordinal))
            {
                Assert.DoesNotContain("deploy chain-services", _engine.Calls);
            }
        });

        await deployment.RunAsync(phases, CancellationToken.None);
        Assert.Contains("jeju: chain-services: fill the secret jeju-testnet-op-stack-jwt", _said);

        _said.Clear();
        await deployment.RunAsync(phases, CancellationToken.None);
        Assert.DoesNotContain(_said, line => line.Contains("fill the secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deploy", "all")]
    [InlineData("k8s", "deploy")]
    [InlineData("multi-cloud", "all")]
    public async Task Without_pulumi_a_deployment_fails_with_the_way_out(params string[] command)
    {
        var outcome = await new CommandLineTester().With("PATH", "/nonexistent").RunAsync([.. command, "--stack", "testnet", "--yes"]);

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.StartsWith("error JEJU0832:", outcome.Talk, StringComparison.Ordinal);
        Assert.Contains("--dry-run", outcome.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stack_on_one_cloud_has_nothing_to_fail_over_to()
    {
        var outcome = await new CommandLineTester().RunAsync("multi-cloud", "failover", "--stack", "testnet", "--to", "gcp");

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains("is on aws alone: nothing can take over", outcome.Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "--stack", "testnet")]
    [InlineData(null, "--network", "testnet")]
    [InlineData("testnet", null, null)]
    [InlineData("mainnet", "--network", "testnet")]
    public async Task The_stack_is_named_by_either_option_and_by_NETWORK_where_there_is_none(string? variable, string? option, string? value)
    {
        CommandLineTester tester = new();
        if (variable is not null)
        {
            tester.With("NETWORK", variable);
        }

        string[] named = option is null ? [] : [option, value!];
        var outcome = await tester.RunAsync(["multi-cloud", "failover", .. named, "--to", "gcp"]);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains("The stack 'testnet' is on aws alone", outcome.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_phase_is_yet_to_make_is_no_target_of_a_refresh()
    {
        foreach (PhasePlan phase in PhasePlan.Divide(Plan))
        {
            IReadOnlyList<string[]> commands = PulumiDeployment.Commands("testnet", phase);

            Assert.Equal(["refresh", "up"], commands.Select(command => command[0]));
            Assert.DoesNotContain("--target", commands[0]);
            Assert.DoesNotContain("--refresh", commands[1]);
            Assert.Equal(phase.Urns, commands[1].Zip(commands[1].Skip(1)).Where(pair => pair.First == "--target").Select(pair => pair.Second));
            Assert.All(commands, command => Assert.Contains("--yes", command));
        }
    }

    [Theory]
    [InlineData("delegate --node 0x1 --amount 5", "--node '0x1' is no id")]
    [InlineData("delegate --node 0x0000000000000000000000000000000000000000000000000000000000000001 --amount x", "--amount 'x' is no amount of JEJU")]
    [InlineData("external-chains --chain mysql", "mysql")]
    [InlineData("external-chains --chain redis --hours 721", "--hours is 1 to 720")]
    [InlineData("external-chains --chain redis --signer 0x4c0883a6", "--signer names no kind of signer")]
    [InlineData("node register --commission 19", "--commission is 20 to 40 percent")]
    [InlineData("external-chains --stack mainnet --chain redis --yes --signer environment:KEY", "mainnet refuses")]
    public async Task Wrong_arguments_of_the_market_commands_are_refused_before_a_chain_is_asked(string commandLine, string expected)
    {
        var outcome = await new CommandLineTester().RunAsync(commandLine.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(expected, outcome.Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("0x4c0883a6", outcome.Talk, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<PhaseOutcome>> RunAsync() =>
        new PhasedDeployment(_engine, new PhaseJournal(Path.Combine(_folder, "testnet", "phases.json"), TimeProvider.System), _said.Add)
            .RunAsync(PhasePlan.Divide(Plan), CancellationToken.None);

    private static PlannedResource Component(string urn, string type, string parent) => new()
    {
        Urn = urn, Type = type, Inputs = PropertyMap.Empty, Parent = parent, Dependencies = [], Provider = "", Options = PropertyMap.Empty,
    };

    private static PlannedResource Resource(string type, string name, string parent, string provider) =>
        Component($"urn:pulumi:testnet::jeju-infra::{type}::{name}", type, parent) with { Provider = provider };

    private sealed class FakeEngine : IDeploymentEngine
    {
        public HashSet<DeploymentPhase> Done { get; } = [];

        public List<string> Calls { get; } = [];

        public DeploymentPhase? FailsAt { get; set; }

        public DeploymentPhase? PretendsAt { get; set; }

        public Task<bool> IsAsPlannedAsync(PhasePlan phase, CancellationToken cancellationToken)
        {
            Calls.Add($"look {phase.Name}");
            return Task.FromResult(Done.Contains(phase.Phase));
        }

        public Task DeployAsync(PhasePlan phase, CancellationToken cancellationToken)
        {
            Calls.Add($"deploy {phase.Name}");
            if (phase.Phase == FailsAt)
            {
                throw new InfraException(new ErrorCode(833), "It failed.", "Run it again.");
            }

            if (phase.Phase != PretendsAt)
            {
                Done.Add(phase.Phase);
            }

            return Task.CompletedTask;
        }

        public string Describe(PhasePlan phase) => phase.Name;
    }
}
