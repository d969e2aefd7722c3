using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Operators;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju node ...</c>: a node of one's own, from registration to the running agent.</summary>
internal static class NodeCommand
{
    private const string DefaultName = "node";
    private static readonly TimeSpan HeartbeatLimit = TimeSpan.FromSeconds(60);

    public static Command Create(CommandContext context) => new("node", "A staking node of your own: registration, stake, agent.")
    {
        Register(context),
        Stake(context),
        Start(context),
    };

    private static Command Register(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> name = new("--name") { Description = "Your own name for the node, from which its id follows.", DefaultValueFactory = _ => DefaultName };
        Option<decimal?> commission = new("--commission") { Description = "Your share of the earnings in percent, 20 to 40; 20 at first." };
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> json = CommonOptions.Json();
        commission.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<decimal?>() is < 20 or > 40)
            {
                result.AddError("--commission is 20 to 40 percent.");
            }
        });
        Command command = new("register", "Registers you as an operator, and a staking node.") { stack, name, commission, signer, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using MarketSession session = await MarketSession.OpenAsync(
                context, parsed.GetRequiredValue(stack), StackRole.Operator, parsed.GetValue(signer), cancellationToken);
            ushort? basisPoints = parsed.GetValue(commission) is { } percent ? (ushort)decimal.Round(percent * 100) : null;
            Bytes32 nodeId = await NodeStaking.EnsureAsync(
                session.Market, Salt(parsed.GetRequiredValue(name)), stake: null, basisPoints, message => Say(context, message), cancellationToken);
            return await WriteAsync(context, session, nodeId, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static Command Stake(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> amount = new("--amount") { Description = "The node's own stake in JEJU; what is there already counts.", Required = true };
        Option<string?> node = new("--node") { Description = "The staking node's id, or that of a provider node it backs; that of --name where absent." };
        Option<string> name = new("--name") { Description = "The name under which the node was registered.", DefaultValueFactory = _ => DefaultName };
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> json = CommonOptions.Json();
        Command command = new("stake", "Brings the node's own stake up to an amount.") { stack, amount, node, name, signer, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TokenAmount stake = CommonOptions.Amount("--amount", parsed.GetRequiredValue(amount));
            await using MarketSession session = await MarketSession.OpenAsync(
                context, parsed.GetRequiredValue(stack), StackRole.Operator, parsed.GetValue(signer), cancellationToken);
            Bytes32 nodeId = parsed.GetValue(node) is { } text
                ? await StakingNodes.FindAsync(session.Market, CommonOptions.Id("--node", text), cancellationToken)
                : await session.Chain.QueryAsync(
                    session.Market.Contracts.Staking.NodeIdOf(session.Pipeline.Account, Salt(parsed.GetRequiredValue(name))), cancellationToken);
            await NodeStaking.StakeAsync(session.Market, nodeId, stake, cancellationToken);
            return await WriteAsync(context, session, nodeId, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static Command Start(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Command command = new("start", "Starts the agent of this machine's provider node, and waits for its heartbeat on chain.") { stack };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            LocalnetProcesses processes = new(context, name);
            if (!File.Exists(processes.AgentSettingsFile))
            {
                throw new InfraException(
                    new ErrorCode(835),
                    $"There is no agent for stack '{name}' on this machine: {processes.AgentSettingsFile} does not exist.",
                    name == "localnet" ? "Run ./jeju up, which writes it." : "Write the agent's settings there, or run it with ./jeju agent run --settings FILE.",
                    FailureKind.Usage);
            }

            AgentSettings settings = AgentSettings.Load(processes.AgentSettingsFile);
            SettlementChain settlement = SettlementChain.OfStack(context, name);
            await using ChainClient chain = await settlement.ConnectAsync(context, cancellationToken);
            MarketContracts contracts = new((await settlement.AddressesAsync(context, cancellationToken)).Of);
            bool ran = processes.FindAgent() is not null;
            processes.StartAgent();
            context.Say(ran ? "jeju: the agent runs already" : "jeju: the agent starts; waiting for its heartbeat on chain");
            await WaitForHeartbeatAsync(context, chain, contracts, settings, processes, cancellationToken);
            await context.Output.WriteLineAsync($"{settings.NodeId}  agent {processes.FindAgent()}");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The post-condition, read from the chain: the registry calls the node healthy.</summary>
    private static async Task WaitForHeartbeatAsync(
        CommandContext context, ChainClient chain, MarketContracts contracts, AgentSettings settings, LocalnetProcesses processes, CancellationToken cancellationToken)
    {
        long started = context.Time.GetTimestamp();
        long seen = 0;
        while (!await chain.QueryAsync(contracts.ProviderRegistry.IsHealthy(settings.NodeId), cancellationToken) || processes.FindAgent() is null)
        {
            if (context.Time.GetElapsedTime(started) > HeartbeatLimit)
            {
                throw new InfraException(
                    new ErrorCode(836),
                    $"The agent of node {settings.NodeId} has sent no heartbeat for {HeartbeatLimit.TotalSeconds:0} seconds.",
                    $"Read {Path.Combine(Path.GetDirectoryName(processes.AgentSettingsFile) ?? "", "agent.log")}.");
            }

            using CancellationTokenSource look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            look.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                seen = await chain.WaitForBlockAsync(seen, look.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // No block came: what changes with time alone is looked at again.
            }
        }
    }

    private static async Task<int> WriteAsync(CommandContext context, MarketSession session, Bytes32 nodeId, bool asJson, CancellationToken cancellationToken)
    {
        var node = await session.Chain.QueryAsync(session.Market.Contracts.Staking.Node(nodeId), cancellationToken);
        string own = new TokenAmount(node.SelfStake).ToTokens(18);
        string lent = new TokenAmount(node.DelegatedStake).ToTokens(18);
        await context.Output.WriteLineAsync(asJson
            ? JsonSerializer.Serialize(new StakedNode(nodeId.ToString(), node.Operator.ToChecksumText(), own, lent), JsonText.Indented)
            : $"{nodeId}  operator {node.Operator.ToChecksumText()}  stake {own} JEJU  delegated {lent} JEJU");
        return ExitCode.Done;
    }

    private static Task Say(CommandContext context, string message)
    {
        context.Say($"jeju: {message}");
        return Task.CompletedTask;
    }

    private static Bytes32 Salt(string name) => Keccak.Hash($"jeju/staking-node/{name}");

    private sealed record StakedNode(string NodeId, string Operator, string Stake, string Delegated);
}
