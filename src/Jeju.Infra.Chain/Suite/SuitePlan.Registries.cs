using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <content>The registries and markets around the flow of orders.</content>
public sealed partial class SuitePlan
{
    private static readonly string[] RegistryNames =
    [
        "SequencerRegistry", "ComputeRegistry", "ComputeRental", "StorageManager", "CDNRegistry", "VPNRegistry", "ProxyRegistry", "WorkerRegistry",
        "DWSServiceProvisioning", "JNSRegistrar", "RepoRegistry", "PackageRegistry", "ContainerRegistry", "DAOFunding", "MarketFacts",
        "NodeStakingManager", "ServiceRegistry", "LiquidityRouter",
    ];

    /// <summary>Services of the allocation ledger that no kind of the catalog names, with the least stake in JEJU.</summary>
    private static readonly (string Service, int Stake)[] LedgerServices =
    [
        ("rpc", 10_000), ("sequencer", 100_000), ("worker", 10_000), ("proxy", 10_000),
    ];

    /// <summary>Contracts that pay provider nodes out of escrow.</summary>
    private static readonly string[] Lessors =
    [
        "ExternalChainProvider", "ComputeRental", "StorageManager", "CDNRegistry", "VPNRegistry", "ProxyRegistry", "WorkerRegistry",
        "DWSServiceProvisioning", "ServiceRegistry",
    ];

    /// <summary>Contracts whose leases keep a provider node from leaving.</summary>
    private static readonly string[] LeaseHolders = ["ExternalChainProvider", "ComputeRental", "StorageManager", "DWSServiceProvisioning"];

    /// <summary>Contracts that sell the slots of a compute node, out of one count.</summary>
    private static readonly string[] ComputeSellers = ["ComputeRental", "DWSServiceProvisioning", "ExternalChainProvider"];

    /// <summary>Contracts that lock stake of the allocation ledger.</summary>
    private static readonly string[] StakeLockers = ["DWSProviderRegistry", "SequencerRegistry", "NodeStakingManager"];

    /// <summary>Contracts that pay revenue to stakers.</summary>
    private static readonly string[] RevenueSources = ["DWSBilling", "SequencerRegistry", "NodeStakingManager"];

    /// <summary>Contracts whose facts may lead to a slash.</summary>
    private static readonly string[] FactSources = ["MarketFacts", "SequencerRegistry", "ComputeRental"];

    private IEnumerable<PlannedRole> Grant(string role, IEnumerable<string> contracts) =>
        contracts.Select(contract => new PlannedRole(role, Addresses[contract]));

    private IEnumerable<PlannedContract> DescribeRegistries(Address deployer, Address timelock)
    {
        Address names = Addresses["JNSRegistry"];
        Address nodes = Addresses["DWSProviderRegistry"];
        Address billing = Addresses["DWSBilling"];
        Address treasury = Addresses["Treasury"];
        PlannedRole curator = new("CURATOR_ROLE", timelock);
        yield return new PlannedContract(
            "SequencerRegistry",
            new SequencerRegistryContract(Addresses["SequencerRegistry"]).Initialize(
                deployer, Addresses["DelegatedNodeStaking"], Addresses["MultiServiceStakeManager"], PaymentToken, treasury).Data)
        {
            Settings = [DescribeSequencing()],
            Announcements = [DescribeSequencerFacts()],
        };
        yield return new PlannedContract(
            "ComputeRegistry", new ComputeRegistryContract(Addresses["ComputeRegistry"]).Initialize(deployer, nodes).Data)
        {
            Roles = [.. Grant("SELLER_ROLE", ComputeSellers)],
        };
        yield return new PlannedContract(
            "ComputeRental",
            new ComputeRentalContract(Addresses["ComputeRental"]).Initialize(deployer, Addresses["ComputeRegistry"], nodes, billing, treasury).Data)
        {
            Roles = [new PlannedRole("ARBITER_ROLE", timelock)],
            Settings = [DescribeRental()],
        };
        yield return new PlannedContract(
            "StorageManager", new StorageManagerContract(Addresses["StorageManager"]).Initialize(deployer, nodes, billing).Data);
        CDNRegistryContract cdn = new(Addresses["CDNRegistry"]);
        yield return new PlannedContract("CDNRegistry", cdn.Initialize(deployer, nodes, billing).Data)
        {
            Roles = [curator],
            Settings =
            [
                PlannedSetting.Of("names", names, cdn.Names(), cdn.SetNames(names), gas: 80_000),
                PlannedSetting.Of("billing", billing, cdn.Billing(), cdn.SetBilling(billing)) with { HoldsFromStart = true },
            ],
            Sets = [DescribePlaces(_settings.Regions, cdn.SetPlace)],
        };
        VPNRegistryContract vpn = new(Addresses["VPNRegistry"]);
        yield return new PlannedContract("VPNRegistry", vpn.Initialize(deployer, nodes, billing).Data)
        {
            Roles = [curator],
            Settings = [PlannedSetting.Of("billing", billing, vpn.Billing(), vpn.SetBilling(billing)) with { HoldsFromStart = true }],
            Sets = [DescribePlaces(_settings.Countries, vpn.SetPlace)],
        };
        ProxyRegistryContract proxy = new(Addresses["ProxyRegistry"]);
        yield return new PlannedContract("ProxyRegistry", proxy.Initialize(deployer, nodes, billing).Data)
        {
            Roles = [curator],
            Settings = [PlannedSetting.Of("billing", billing, proxy.Billing(), proxy.SetBilling(billing)) with { HoldsFromStart = true }],
            Sets = [DescribePlaces(_settings.Regions, proxy.SetPlace)],
        };
        WorkerRegistryContract workers = new(Addresses["WorkerRegistry"]);
        yield return new PlannedContract("WorkerRegistry", workers.Initialize(deployer, names, nodes, billing).Data)
        {
            Settings = [PlannedSetting.Of("billing", billing, workers.Billing(), workers.SetBilling(billing)) with { HoldsFromStart = true }],
        };
        yield return new PlannedContract(
            "DWSServiceProvisioning",
            new DWSServiceProvisioningContract(Addresses["DWSServiceProvisioning"]).Initialize(
                deployer, names, nodes, Addresses["ComputeRegistry"], billing).Data)
        {
            Roles = [new PlannedRole("MONITOR_ROLE", timelock)],
        };
        JNSRegistrarContract registrar = new(Addresses["JNSRegistrar"]);
        yield return new PlannedContract(
            "JNSRegistrar", registrar.Initialize(deployer, names, JnsNames.Hash(JnsNames.TopLevel), PaymentToken, treasury).Data)
        {
            Settings = [DescribeNamePrices(registrar)],
        };
        yield return new PlannedContract("RepoRegistry", new RepoRegistryContract(Addresses["RepoRegistry"]).Initialize(deployer, names).Data);
        yield return new PlannedContract("PackageRegistry", new PackageRegistryContract(Addresses["PackageRegistry"]).Initialize(deployer, names).Data);
        yield return new PlannedContract(
            "ContainerRegistry", new ContainerRegistryContract(Addresses["ContainerRegistry"]).Initialize(deployer, names).Data);
        yield return DescribeFunding(deployer);
        yield return new PlannedContract(
            "MarketFacts", new MarketFactsContract(Addresses["MarketFacts"]).Initialize(deployer, nodes, Addresses["ExternalChainProvider"]).Data);
        NodeStakingManagerContract rewards = new(Addresses["NodeStakingManager"]);
        yield return new PlannedContract(
            "NodeStakingManager",
            rewards.Initialize(deployer, Addresses["DelegatedNodeStaking"], Addresses["MultiServiceStakeManager"], PaymentToken).Data)
        {
            Roles = [new PlannedRole("ORACLE_ROLE", timelock), new PlannedRole("PRICE_ROLE", timelock)],
            Settings = [DescribeNodeRewards(rewards)],
            Sets =
            [
                new PlannedSet(
                    "region",
                    NodeStakingManagerEvents.RegionSet.Topic,
                    log =>
                    {
                        NodeStakingManagerEvents.RegionSet change = NodeStakingManagerEvents.RegionSet.Decode(log);
                        return new SetChange(change.Region, change.Region.ToName(), change.Known, rewards.SetRegion(change.Region, false));
                    },
                    [.. _settings.Regions.Select(region => new PlannedMember(Bytes32.FromName(region), region, rewards.SetRegion(Bytes32.FromName(region), true)))]),
            ],
        };
        yield return new PlannedContract(
            "ServiceRegistry", new ServiceRegistryContract(Addresses["ServiceRegistry"]).Initialize(deployer, names, billing).Data);
        yield return new PlannedContract(
            "LiquidityRouter",
            new LiquidityRouterContract(Addresses["LiquidityRouter"]).Initialize(
                deployer, Addresses["JejuToken"], Addresses["DelegatedNodeStaking"], Compiled.ImplementationOf(DelegationAccount)).Data)
        {
            Roles = [new PlannedRole("STRATEGIST_ROLE", timelock)],
            Sets = [DescribeVaults()],
        };
    }
}
