using System.CommandLine;
using Jeju.Infra.Chain;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Operators;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju provider register</c>: registers a provider node with its offers, or makes a registered one what the options say.</summary>
internal static class ProviderRegisterCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> name = new("--name") { Description = "Your own name for the provider node.", DefaultValueFactory = _ => "node" };
        Option<string> stakingNode = new("--staking-node") { Description = "The staking node whose stake backs it, as ./jeju node register shows it.", Required = true };
        Option<string> agent = new("--agent") { Description = "The account with which the agent sends heartbeats and reports.", Required = true };
        Option<string> endpoint = new("--endpoint") { Description = "The public address of the agent.", Required = true };
        Option<string> region = new("--region") { Description = "The region that the node announces.", Required = true };
        Option<string[]> kinds = new("--offer") { Description = "A kind of service to offer at the catalog's price; as often as there are kinds.", Required = true };
        Option<int> capacity = new("--capacity") { Description = "How many leases of each kind it serves at a time.", DefaultValueFactory = _ => 1 };
        Option<bool> tee = new("--tee") { Description = "Offer a trusted execution environment; the node must be attested." };
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        capacity.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1_000_000)
            {
                result.AddError("--capacity is 1 to 1000000.");
            }
        });
        Command command = new("register", "Registers a provider node and publishes its offers.")
        {
            stack, name, stakingNode, agent, endpoint, region, kinds, capacity, tee, signer, yes, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string stackName = parsed.GetRequiredValue(stack);
            NetworkName network = NetworkProfile.ForStack(stackName).Name;
            if (!Eip55.TryParse(parsed.GetRequiredValue(agent), out Address agentAccount))
            {
                throw CliErrors.Usage($"--agent '{parsed.GetValue(agent)}' is no address.", "Write 0x and 40 hexadecimal digits, with the right checksum where the case is mixed.");
            }

            ProviderNodeSpecification wanted = new(
                CommonOptions.Id("--staking-node", parsed.GetRequiredValue(stakingNode)),
                parsed.GetRequiredValue(endpoint),
                parsed.GetRequiredValue(region),
                agentAccount,
                [.. parsed.GetRequiredValue(kinds).Distinct().Select(kind => Offer(ServiceCatalog.Find(kind), network, parsed.GetValue(capacity), parsed.GetValue(tee)))]);
            await Question.AskAsync(context, stackName, $"Register a provider node on '{stackName}'?", parsed.GetValue(yes), cancellationToken);
            await using MarketSession session = await MarketSession.OpenAsync(context, stackName, StackRole.Operator, parsed.GetValue(signer), cancellationToken);
            (Bytes32 nodeId, Bytes32 salt) = await ProviderRegistration.FindNameAsync(
                session.Market, generation => Keccak.Hash($"jeju/provider-node/{parsed.GetRequiredValue(name)}/{generation}"), cancellationToken);
            await ProviderRegistration.EnsureAsync(
                session.Market,
                nodeId,
                salt,
                wanted,
                message =>
                {
                    context.Say($"jeju: {message}");
                    return Task.CompletedTask;
                },
                cancellationToken);
            return await ProviderOffersCommand.WriteAsync(context, session.Market, [nodeId], parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static OfferSpecification Offer(ServiceKind kind, NetworkName network, int capacity, bool tee)
    {
        KindRequirement requirement = kind.RequirementFor(network);
        return new OfferSpecification(kind.Name, requirement.Network, requirement.PricePerHour, capacity, tee);
    }
}
