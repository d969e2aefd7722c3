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
        var (clouds, nodeCluster) = Clouds.Define(settings, profile);
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

        foreach (ClusterPlatform cluster in nodeCluster?.All ?? [])
        {
            _ = new GatewayNames(
                $"{cluster.Name}-jns",
                new GatewayNamesArgs { Registry = contracts.AddressOf("JNSRegistry"), ExternalChainProvider = contracts.AddressOf("ExternalChainProvider") },
                cluster.Options);
        }

        OperatedNode? node = null;
        Resource? servedBy = null;
        if (settings.Operator is { } @operator && settings.AgentAddress is { } agent)
        {
            node = new OperatedNode("node", new OperatedNodeArgs
            {
                Suite = contracts.Reference,
                Operator = @operator.ToArgs(),
                Stake = TokenAmount.FromTokens(settings.Stake, 18).ToString(),
                Commission = settings.Commission,
                Endpoint = settings.NodeEndpoint,
                Region = settings.Region,
                Agent = agent.ToString(),
                Offers = Marketplace.Offers(profile, settings.CapacityPerKind),
            });
            servedBy = nodeCluster is null ? node : new AgentNode(
                $"{nodeCluster.Platform.Name}-dws-node",
                new AgentNodeArgs
                {
                    NodeId = node.NodeId,
                    ExternalChainProvider = contracts.AddressOf("ExternalChainProvider"),
                    ProviderRegistry = contracts.AddressOf("DWSProviderRegistry"),
                },
                new ComponentResourceOptions { Provider = nodeCluster.Platform.Provider, DependsOn = [nodeCluster.Agent] });
        }

        var services = Marketplace.Order(
            settings.Services, profile, contracts.Reference, settings.Consumer.ToArgs(), servedBy, settings.EncryptionKey);

        return new Dictionary<string, object?>
        {
            ["clouds"] = clouds,
            ["contracts"] = contracts.Addresses,
            ["nodeId"] = node?.NodeId,
            ["endpoints"] = Marketplace.Endpoints(services),
            ["connectionStrings"] = Marketplace.ConnectionStrings(services),
        };
    }
}
