using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Provider.Handlers;

namespace Jeju.Infra.Provider;

/// <summary>The resource types of the package.</summary>
internal static class ResourceHandlers
{
    /// <param name="layout">Where the checkout that the plugin belongs to keeps its files.</param>
    /// <param name="time">The clock.</param>
    /// <param name="environment">The variables of the engine's process, where signing keys may be.</param>
    public static IReadOnlyList<IResourceHandler> All(RepositoryLayout layout, TimeProvider time, Func<string, string?> environment)
    {
        var signers = new SignerResolver(environment, layout.Root, new KeyServiceDirectory(environment, time));
        var services = new SuiteServices(new ChainAccess(layout, time), signers, layout);
        return
        [
            new LocalChainHandler(layout, time),
            new ServiceImagesHandler(layout, time),
            new GeneratedPasswordHandler(),
            new PeerIdentityHandler(),
            new ContractSuiteHandler(services),
            new ContractHandler(services),
            new ContractSettingHandler(services),
            new NodeOperatorHandler(services),
            new ProviderNodeHandler(services),
            new DelegationHandler(services),
            new JnsNameHandler(services),
            new ProvisionedNodeHandler(services, time),
            new ProviderAgentHandler(services, time),
        ];
    }
}
