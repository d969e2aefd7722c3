using Jeju.Infra.Components.Contracts;
using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Components.Marketplace;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>
/// Testnet and mainnet. Phase 1: the clouds. Phase 2: the contracts on the settlement chain, the network's own provider node, and the services it
/// orders.
/// </summary>
internal static class MarketStack
{
    public static IDictionary<string, object?> Define(MarketSettings settings, NetworkProfile profile)
    {
        var (clouds, clusters) = Clouds.Define(settings, profile);
        var contracts = new NetworkContracts("contracts", new NetworkContractsArgs
        {
            Chain = new ChainArgs { Endpoint = settings.ChainEndpoint, ChainId = profile.SettlementChain.ToString() },
            Deployer = settings.Deployer.ToArgs(),
            Network = profile.StackName,
            Proposer = OptionalInput.From(settings.Proposer?.ToString()),
            Guardian = OptionalInput.From(settings.Guardian?.ToString()),
            PaymentToken = OptionalInput.From(settings.PaymentToken?.ToString()),
            NameOwner = OptionalInput.From(settings.Consumer.Address?.ToString()),
            Parameters = settings.Contracts.ToParameters(),
        });

        foreach (ClusterPlatform cluster in clusters.Select(one => one.Platform))
        {
            _ = new GatewayNames(
                $"{cluster.Name}-jns",
                new GatewayNamesArgs { Registry = contracts.AddressOf("JNSRegistry"), ExternalChainProvider = contracts.AddressOf("ExternalChainProvider") },
                cluster.Options);
        }

        OperatedNode Operate(string name, SignerSettings owner, Address agent, string endpoint, string region) => new(name, new OperatedNodeArgs
        {
            Suite = contracts.Reference,
            Operator = owner.ToArgs(),
            Stake = TokenAmount.FromTokens(settings.Stake, 18).ToString(),
            Commission = settings.Commission,
            Endpoint = endpoint,
            Region = region,
            Agent = agent.ToString(),
            Offers = Marketplace.Offers(profile, settings.CapacityPerKind),
        });
        List<OperatedNode> nodes = [];
        if (settings.Operator is { } @operator && settings.AgentAddress is { } agent)
        {
            nodes.Add(Operate("node", @operator, agent, settings.NodeEndpoint, settings.Region));
        }

        if (settings.StandbyNode is { } standby)
        {
            nodes.Add(Operate("standby-node", standby.Operator, standby.AgentAddress, standby.Endpoint, standby.Region));
        }

        // Each node is served by one cluster, in the same order; without clusters, by whoever runs the agent.
        Resource[] servedBy = [.. nodes.Select((node, index) => index >= clusters.Count ? (Resource)node : new AgentNode(
            $"{clusters[index].Platform.Name}-dws-node",
            new AgentNodeArgs
            {
                NodeId = node.NodeId,
                ExternalChainProvider = contracts.AddressOf("ExternalChainProvider"),
                ProviderRegistry = contracts.AddressOf("DWSProviderRegistry"),
            },
            new ComponentResourceOptions { Provider = clusters[index].Platform.Provider, DependsOn = [clusters[index].Agent] }))];

        var services = Marketplace.Order(
            settings.Services, profile, contracts.Reference, settings.Consumer.ToArgs(), servedBy, settings.EncryptionKey);

        return new Dictionary<string, object?>
        {
            ["clouds"] = clouds,
            ["contracts"] = contracts.Addresses,
            ["nodeId"] = nodes.FirstOrDefault()?.NodeId,
            ["standbyNodeId"] = nodes.Skip(1).FirstOrDefault()?.NodeId,
            ["endpoints"] = Marketplace.Endpoints(services),
            ["connectionStrings"] = Marketplace.ConnectionStrings(services),
        };
    }
}
