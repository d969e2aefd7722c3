using System.Numerics;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Chain.Suite;

/// <summary>
/// The whole suite of a network in one place: every contract with what it is initialized with, who holds which role, and what it is set to.
/// Contracts name each other freely; their initializers only store addresses.
/// </summary>
public sealed partial class SuitePlan
{
    private const string PauserRole = "PAUSER_ROLE";
    private const string SimulatedVerifier = "SimulatedAttestationVerifier";
    private const string DelegationAccount = "DelegationAccount";

    // The stake that a service of the allocation ledger takes at least: the design's 10 000 JEJU per node.
    private static readonly BigInteger MinimumServiceStake = TokenAmount.FromTokens(10_000, SuiteSettings.JejuDecimals).Units;

    private readonly SuiteSettings _settings;

    private SuitePlan(SuiteSettings settings, CompiledSuite compiled)
    {
        _settings = settings;
        Compiled = compiled;
        Addresses = new SuiteAddresses(ContractNames(settings.Network).ToDictionary(name => name, name => compiled.ProxyOf(settings.Deployer, name)));
        PlainContracts = [.. PlainContractNames(settings).Select(DescribePlain)];
        Contracts = [.. Describe().Select(AddCommonRoles)];
    }

    /// <summary>The settings it was made of.</summary>
    public SuiteSettings Settings => _settings;

    /// <summary>The code.</summary>
    public CompiledSuite Compiled { get; }

    /// <summary>Where the contracts are or will be.</summary>
    public SuiteAddresses Addresses { get; }

    /// <summary>The contracts in the order of their deployment.</summary>
    public IReadOnlyList<PlannedContract> Contracts { get; }

    /// <summary>The contracts of a network. Test dollars exist on test networks alone.</summary>
    public static IReadOnlyList<string> ContractNames(NetworkProfile network) =>
    [
        "JejuTimelock", "JejuToken", .. network.Name is NetworkName.Mainnet ? Array.Empty<string>() : ["TestUsd"], "Treasury", "IdentityRegistry",
        "MultiServiceStakeManager", "DelegatedNodeStaking", "AutoSlasher", "DWSProviderRegistry", "DWSBilling", "ExternalChainProvider",
        "JNSRegistry", "JNSResolver", .. RegistryNames,
    ];

    /// <summary>Makes the plan of a network.</summary>
    /// <param name="settings">The deployer, the proposer and the like.</param>
    /// <param name="artifacts">The compiled contracts.</param>
    /// <param name="cancellationToken">Ends the reading of files.</param>
    /// <exception cref="InfraException">JEJU0401: not compiled; JEJU0406: no payment token; JEJU0408: two contracts tell of the rollup's outputs.</exception>
    public static async Task<SuitePlan> CreateAsync(SuiteSettings settings, ContractArtifacts artifacts, CancellationToken cancellationToken)
    {
        CompiledSuite compiled = await CompiledSuite.ReadAsync(
            artifacts, [.. ContractNames(settings.Network), .. StatelessContractNames(settings.Network)], cancellationToken).ConfigureAwait(false);
        return new SuitePlan(settings, compiled);
    }

    /// <summary>Makes the plan of a network from code that was read before.</summary>
    /// <param name="settings">The deployer, the proposer and the like.</param>
    /// <param name="compiled">The code of all contracts of the network.</param>
    /// <exception cref="InfraException">JEJU0406: no payment token; JEJU0408: two contracts tell of the rollup's outputs.</exception>
    public static SuitePlan Create(SuiteSettings settings, CompiledSuite compiled) => new(settings, compiled);

    /// <summary>
    /// Where the contracts of a network are for a deployer, deployed or not. It reads two small artifacts and asks nobody.
    /// </summary>
    /// <exception cref="InfraException">JEJU0401: not compiled.</exception>
    public static async Task<SuiteAddresses> PredictAddressesAsync(
        NetworkProfile network, Address deployer, ContractArtifacts artifacts, CancellationToken cancellationToken)
    {
        CompiledSuite compiled = await CompiledSuite.ReadAsync(artifacts, [], cancellationToken).ConfigureAwait(false);
        return new SuiteAddresses(ContractNames(network).ToDictionary(name => name, name => compiled.ProxyOf(deployer, name)));
    }

    private Address PaymentToken => _settings.PaymentToken ?? (_settings.Network.Name is NetworkName.Mainnet
        ? throw new InfraException(
            new ErrorCode(406), "The mainnet suite needs a payment token.", "Set `paymentToken` to the dollar token of the chain (one with EIP-3009).", FailureKind.Usage)
        : Addresses["TestUsd"]);

    private IEnumerable<PlannedContract> Describe()
    {
        Address deployer = _settings.Deployer;
        Address timelock = Addresses["JejuTimelock"];
        yield return DescribeTimelock(timelock);
        JejuTokenContract jeju = new(Addresses["JejuToken"]);
        yield return new PlannedContract("JejuToken", jeju.Initialize(deployer).Data)
        {
            Once = [.. _settings.Funding.Where(funding => funding.Jeju > TokenAmount.Zero)
                .Select(funding => (jeju.Mint(funding.Account, funding.Jeju.Units), "MINTER_ROLE"))],
        };
        if (Addresses.All.TryGetValue("TestUsd", out Address testUsd))
        {
            TestUsdContract usd = new(testUsd);
            yield return new PlannedContract("TestUsd", usd.Initialize(deployer).Data)
            {
                Once = [.. _settings.Funding.Where(funding => funding.TestUsd > TokenAmount.Zero)
                    .Select(funding => (usd.Mint(funding.Account, funding.TestUsd.Units), "MINTER_ROLE"))],
            };
        }

        yield return DescribeTreasury(deployer, timelock);
        yield return DescribeIdentities(deployer, timelock);
        yield return DescribeStakeManager(deployer);
        yield return new PlannedContract(
            "DelegatedNodeStaking",
            new DelegatedNodeStakingContract(Addresses["DelegatedNodeStaking"]).Initialize(
                deployer, Addresses["JejuToken"], PaymentToken, Addresses["MultiServiceStakeManager"], Addresses["Treasury"]).Data)
        {
            Roles = [new PlannedRole("SLASHER_ROLE", Addresses["AutoSlasher"]), .. Grant("REVENUE_ROLE", RevenueSources)],
            Settings = [.. DescribeStakingSettings()],
        };
        yield return DescribeSlasher(deployer, timelock);
        yield return DescribeProviderRegistry(deployer, timelock);
        yield return DescribeBilling(deployer);
        yield return DescribeExternalChainProvider(deployer, timelock);
        yield return DescribeNames(deployer, timelock);
        JNSResolverContract resolver = new(Addresses["JNSResolver"]);
        Address provider = Addresses["ExternalChainProvider"];
        yield return new PlannedContract("JNSResolver", resolver.Initialize(deployer, Addresses["JNSRegistry"], provider).Data)
        {
            Settings =
            [
                PlannedSetting.Of("provider ExternalChainProvider", true, resolver.IsProvider(provider), resolver.SetProvider(provider, true)) with
                {
                    HoldsFromStart = true,
                },
            ],
            Sets = [DescribeResolverProviders(resolver, provider)],
        };
        foreach (PlannedContract registry in DescribeRegistries(deployer, timelock))
        {
            yield return registry;
        }
    }

    private PlannedContract DescribeBilling(Address deployer)
    {
        const ushort ProtocolFee = 500;
        DWSBillingContract contract = new(Addresses["DWSBilling"]);
        (Address treasury, Address staking) = (Addresses["Treasury"], Addresses["DelegatedNodeStaking"]);
        return new PlannedContract("DWSBilling", contract.Initialize(deployer, PaymentToken, staking, treasury).Data)
        {
            Roles = [.. Grant("LESSOR_ROLE", Lessors)],
            Settings =
            [
                PlannedSetting.Of("protocol fee in basis points", ProtocolFee, contract.ProtocolFeeBps(), contract.SetProtocolFee(ProtocolFee)) with
                {
                    HoldsFromStart = true,
                },
                PlannedSetting.Of("treasury", treasury, contract.Treasury(), contract.SetWiring(treasury, staking)) with { HoldsFromStart = true },
                PlannedSetting.Of("staking", staking, contract.Staking(), contract.SetWiring(treasury, staking)) with { HoldsFromStart = true },
            ],
        };
    }

    private IEnumerable<PlannedSetting> DescribeStakingSettings()
    {
        DelegatedNodeStakingContract contract = new(Addresses["DelegatedNodeStaking"]);
        (Address treasury, Address stakeManager) = (Addresses["Treasury"], Addresses["MultiServiceStakeManager"]);

        // Design, section 10.
        DelegatedNodeStakingTypes.Parameters parameters = new(
            TokenAmount.FromTokens(100, SuiteSettings.JejuDecimals).Units,
            TokenAmount.FromTokens(10_000_000, SuiteSettings.JejuDecimals).Units,
            1000,
            500,
            (uint)TimeSpan.FromDays(14).TotalSeconds,
            (uint)TimeSpan.FromDays(7).TotalSeconds,
            (uint)TimeSpan.FromDays(1).TotalSeconds);
        yield return PlannedSetting.Of("parameters", parameters, contract.Parameters(), contract.SetParameters(parameters)) with { HoldsFromStart = true };
        yield return PlannedSetting.Of("treasury", treasury, contract.Treasury(), contract.SetWiring(treasury, stakeManager)) with { HoldsFromStart = true };
        yield return PlannedSetting.Of(
            "stake manager", stakeManager, contract.StakeManager(), contract.SetWiring(treasury, stakeManager)) with { HoldsFromStart = true };
    }

    private PlannedContract DescribeTimelock(Address timelock)
    {
        JejuTimelockContract contract = new(timelock);
        BigInteger delay = (BigInteger)_settings.Network.TimelockDelay.TotalSeconds;
        return new PlannedContract("JejuTimelock", contract.Initialize(delay, [_settings.Proposer], [_settings.Proposer]).Data)
        {
            IsGoverned = false,
            Roles =
            [
                new PlannedRole(PlannedRole.Administrator, timelock), new PlannedRole("PROPOSER_ROLE", _settings.Proposer),
                new PlannedRole("CANCELLER_ROLE", _settings.Proposer), new PlannedRole("EXECUTOR_ROLE", _settings.Proposer),
            ],
            Settings = [PlannedSetting.Of("minimum delay in seconds", delay, contract.GetMinDelay(), contract.UpdateDelay(delay))],
        };
    }

    private PlannedContract DescribeStakeManager(Address deployer)
    {
        MultiServiceStakeManagerContract contract = new(Addresses["MultiServiceStakeManager"]);
        uint unbonding = (uint)TimeSpan.FromDays(14).TotalSeconds;
        return new PlannedContract("MultiServiceStakeManager", contract.Initialize(deployer, Addresses["DelegatedNodeStaking"]).Data)
        {
            Roles = [.. Grant("LOCKER_ROLE", StakeLockers)],
            Settings =
            [
                .. ServiceCatalog.All.Select(kind => kind.Service).Distinct().Select(service => (service, MinimumServiceStake))
                    .Concat(LedgerServices.Select(service => (service.Service, TokenAmount.FromTokens(service.Stake, SuiteSettings.JejuDecimals).Units)))
                    .OrderBy(pair => pair.Item1, StringComparer.Ordinal)
                    .Select(pair => PlannedSetting.Of(
                        $"service {pair.Item1}",
                        new MultiServiceStakeManagerTypes.Service(true, pair.Item2),
                        contract.ServiceInfo(Bytes32.FromName(pair.Item1)),
                        contract.SetService(Bytes32.FromName(pair.Item1), pair.Item2))),
                PlannedSetting.Of("unbonding in seconds", unbonding, contract.UnbondingPeriod(), contract.SetUnbondingPeriod(unbonding)) with
                {
                    HoldsFromStart = true,
                },
            ],
        };
    }

    private PlannedContract DescribeProviderRegistry(Address deployer, Address timelock)
    {
        DWSProviderRegistryContract contract = new(Addresses["DWSProviderRegistry"]);
        uint interval = (uint)_settings.Network.HeartbeatInterval.TotalSeconds;
        Address verifier = _settings.AttestationVerifier
            ?? (PlainContracts.Any(planned => planned.Name == SimulatedVerifier) ? Compiled.ImplementationOf(SimulatedVerifier) : Address.Zero);

        // A node is late after three missed heartbeats; an attestation is good for a day.
        DWSProviderRegistryTypes.Parameters parameters = new(interval, interval * 3, 86_400);
        return new PlannedContract(
            "DWSProviderRegistry",
            contract.Initialize(
                deployer, Addresses["DelegatedNodeStaking"], Addresses["MultiServiceStakeManager"], Addresses["IdentityRegistry"], verifier).Data)
        {
            Roles = [.. Grant("LEASE_ROLE", LeaseHolders), new PlannedRole("CURATOR_ROLE", timelock)],
            Sets = [DescribeMeasurements(contract)],
            Settings =
            [
                PlannedSetting.Of("parameters", parameters, contract.Parameters(), contract.SetParameters(parameters)),
                PlannedSetting.Of("attestation verifier", verifier, VerifierOf(contract), contract.SetVerifier(verifier)) with { HoldsFromStart = true },
            ],
        };
    }

    private static ContractQuery<Address> VerifierOf(DWSProviderRegistryContract contract)
    {
        ContractQuery<(Address Staking, Address StakeManager, Address IdentityRegistry, Address Verifier)> wiring = contract.Wiring();
        return new ContractQuery<Address>(wiring.To, wiring.Data, wiring.Description, data => wiring.Decode(data).Verifier);
    }

    private PlannedContract DescribeExternalChainProvider(Address deployer, Address timelock)
    {
        const string CatalogRole = "CATALOG_ROLE";
        ExternalChainProviderContract contract = new(Addresses["ExternalChainProvider"]);
        ushort quorum = (ushort)(_settings.WatcherQuorum ?? MarketPlaces.QuorumOf(_settings.Watchers.Count));
        ExternalChainProviderTypes.Parameters parameters = new((uint)_settings.Network.ObjectionWindow.TotalSeconds, 300, 32, quorum);
        Address slots = Addresses["ComputeRegistry"];
        List<PlannedSetting> settings =
        [
            PlannedSetting.Of("parameters", parameters, contract.Parameters(), contract.SetParameters(parameters)),
            PlannedSetting.Of("compute registry", slots, contract.ComputeRegistry(), contract.SetComputeRegistry(slots), gas: 80_000),
        ];
        foreach (ServiceKind kind in ServiceCatalog.All.Where(kind => kind.Requirements.ContainsKey(_settings.Network.Name)))
        {
            KindRequirement requirement = kind.RequirementFor(_settings.Network.Name);
            ExternalChainProviderTypes.KindSpec spec = new(
                true, requirement.IsTeeRequired, kind.IsStateful, (ushort)requirement.Cores, (uint)requirement.MemoryMegabytes,
                (uint)requirement.DiskGigabytes, (uint)requirement.ReadyDeadline.TotalSeconds, requirement.PricePerHour.Units,
                Bytes32.FromName(kind.Service));
            settings.Add(PlannedSetting.Of(
                $"kind {kind.Name} on {requirement.Network}",
                spec,
                contract.KindSpec(kind.Id, requirement.NetworkId),
                contract.SetKind(kind.Id, requirement.NetworkId, spec),
                CatalogRole,
                250_000));
        }

        return new PlannedContract(
            "ExternalChainProvider", contract.Initialize(deployer, Addresses["DWSProviderRegistry"], Addresses["DWSBilling"]).Data)
        {
            Roles = [new PlannedRole(CatalogRole, timelock)],
            Settings = settings,
            Sets = [DescribeKinds(contract, CatalogRole), DescribeWatchers(contract, CatalogRole)],
        };
    }

    private PlannedContract DescribeNames(Address deployer, Address timelock)
    {
        JNSRegistryContract contract = new(Addresses["JNSRegistry"]);
        Address owner = _settings.NameOwner ?? Addresses["JNSRegistrar"];
        return new PlannedContract("JNSRegistry", contract.Initialize(deployer).Data)
        {
            Settings =
            [
                PlannedSetting.Of(
                    $"owner of the name {JnsNames.TopLevel}", owner, contract.Owner(JnsNames.Hash(JnsNames.TopLevel)),
                    contract.SetSubnodeOwner(Bytes32.Zero, Keccak.Hash(JnsNames.TopLevel), owner)),
                PlannedSetting.Of("owner of the root name", timelock, contract.Owner(Bytes32.Zero), contract.SetOwner(Bytes32.Zero, timelock)),
            ],
        };
    }

    private PlannedContract AddCommonRoles(PlannedContract contract)
    {
        if (!contract.IsGoverned)
        {
            return contract;
        }

        IEnumerable<PlannedRole> guardian = _settings.Guardian is { } account ? [new PlannedRole(PauserRole, account)] : [];
        return contract with
        {
            Roles = [new PlannedRole(PlannedRole.Administrator, Addresses["JejuTimelock"]), .. guardian, .. contract.Roles],
        };
    }
}
