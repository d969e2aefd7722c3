using Jeju.Infra.Components.Contracts;
using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Components.Marketplace;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>The whole network on one machine: a chain, the contracts, a provider node with its agent, and the services ordered from it.</summary>
internal static class LocalnetStack
{
    public static IDictionary<string, object?> Define(LocalnetSettings settings)
    {
        var profile = NetworkProfile.Localnet;

        var chain = new LocalSettlement("chain", new LocalSettlementArgs { Port = settings.ChainPort, BlockTime = settings.BlockTime });

        // Before anything is paid: a service whose image cannot be had must not be ordered.
        var beforeContracts = new ComponentResourceOptions();
        if (settings.Backend == LocalnetBackend.Docker && settings.Services.Count > 0)
        {
            beforeContracts.DependsOn = [new ServiceImages("images", new ServiceImagesArgs { Kinds = Marketplace.Kinds(settings.Services) })];
        }

        var contracts = new NetworkContracts("contracts", new NetworkContractsArgs
        {
            Chain = chain.Reference,
            Deployer = DevelopmentAccounts.Deployer,
            Network = profile.StackName,
            Parameters = settings.Contracts.ToParameters(),
        }, beforeContracts);

        var operated = new OperatedNodeArgs
        {
            Suite = contracts.Reference,
            Operator = DevelopmentAccounts.Operator,
            Stake = Jeju(settings.Stake),
            Commission = settings.Commission,
            Endpoint = "http://127.0.0.1:4030",
            Region = settings.Region,
            Agent = DevelopmentAccounts.AgentAddress,
            Offers = Marketplace.Offers(profile, settings.CapacityPerKind),
        };
        if (settings.Delegation > 0)
        {
            operated.Delegator = DevelopmentAccounts.Delegator;
            operated.Delegation = Jeju(settings.Delegation);
        }

        var node = new OperatedNode("node", operated);

        var agent = new ProviderAgent("agent", new ProviderAgentArgs
        {
            Suite = contracts.Reference,
            Signer = DevelopmentAccounts.Agent,
            NodeId = node.NodeId,
            Backend = settings.Backend == LocalnetBackend.Docker ? "docker" : "null",
            NetworkRange = settings.NetworkRange.ToString(),
        }, new CustomResourceOptions { DeleteBeforeReplace = true });

        var services = Marketplace.Order(settings.Services, profile, contracts.Reference, DevelopmentAccounts.Consumer, [agent]);

        return new Dictionary<string, object?>
        {
            ["chain"] = new Dictionary<string, object?> { ["endpoint"] = chain.Endpoint, ["chainId"] = chain.ChainId, ["genesisHash"] = chain.GenesisHash },
            ["contracts"] = contracts.Addresses,
            ["nodeId"] = node.NodeId,
            ["endpoints"] = Marketplace.Endpoints(services),
            ["connectionStrings"] = Marketplace.ConnectionStrings(services),
        };
    }

    private static string Jeju(int tokens) => TokenAmount.FromTokens(tokens, 18).ToString();
}
