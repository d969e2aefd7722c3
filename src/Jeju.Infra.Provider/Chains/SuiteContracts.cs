using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Provider.Chains;

/// <summary>The suite's contracts as the handlers call them.</summary>
internal sealed class SuiteContracts(CompiledSuite factory, Address deployer)
{
    public JejuTokenContract Jeju => new(AddressOf("JejuToken"));

    public DelegatedNodeStakingContract Staking => new(AddressOf("DelegatedNodeStaking"));

    public MultiServiceStakeManagerContract StakeManager => new(AddressOf("MultiServiceStakeManager"));

    public DWSProviderRegistryContract ProviderRegistry => new(AddressOf("DWSProviderRegistry"));

    public DWSBillingContract Billing => new(AddressOf("DWSBilling"));

    public ExternalChainProviderContract Orders => new(AddressOf("ExternalChainProvider"));

    public JNSRegistryContract Names => new(AddressOf("JNSRegistry"));

    public JNSResolverContract Resolver => new(AddressOf("JNSResolver"));

    /// <summary>The addresses of all contracts that any network has.</summary>
    public IEnumerable<Address> All => SuitePlan.ContractNames(NetworkProfile.Localnet).Select(AddressOf);

    /// <summary>The factory, which anybody may use in a namespace of his own.</summary>
    public Address FactoryAddress => factory.FactoryAddress;

    /// <summary>Where an account's contract of some name is, deployed or not.</summary>
    public Address ProxyOf(Address account, string name) => factory.ProxyOf(account, name);

    public Address AddressOf(string contract) => factory.ProxyOf(deployer, contract);
}
