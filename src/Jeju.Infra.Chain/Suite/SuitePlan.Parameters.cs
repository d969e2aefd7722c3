using System.Numerics;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Chain.Suite;

/// <content>Parameters, limits and sets of the contracts around the flow; most hold from their initializers on, and all are verified.</content>
public sealed partial class SuitePlan
{
    // A dollar token has 6 decimals, and the rate is stake units for one payment unit, times 1e18.
    private static readonly BigInteger RatePerJejuAndDollar = BigInteger.Pow(10, SuiteSettings.JejuDecimals - SuiteSettings.TestUsdDecimals + 18);

    private PlannedContract DescribeTreasury(Address deployer, Address timelock)
    {
        TreasuryContract contract = new(Addresses["Treasury"]);

        // Operators and insurance get nothing from the treasury until governance decides so.
        TreasuryTypes.Split split = new(10_000, 0, 0, 0);
        PlannedSetting Limit(string asset, Address token, TokenAmount daily)
        {
            TreasuryTypes.Limit limit = new(daily.Units, daily.Units / 10);
            return PlannedSetting.Of($"daily limit of {asset}", limit, contract.LimitOf(token), contract.SetLimit(token, limit), gas: 90_000);
        }

        return new PlannedContract("Treasury", contract.Initialize(deployer).Data)
        {
            Roles = [new PlannedRole("SPENDER_ROLE", timelock)],
            Settings =
            [
                PlannedSetting.Of("split", split, contract.CurrentSplit(), contract.SetSplit(split)) with { HoldsFromStart = true },
                Limit("the payment token", PaymentToken, TokenAmount.FromTokens(50_000, SuiteSettings.TestUsdDecimals)),
                Limit("JEJU", Addresses["JejuToken"], TokenAmount.FromTokens(100_000, SuiteSettings.JejuDecimals)),
            ],
            Sets =
            [
                new PlannedSet(
                    "measurement",
                    TreasuryEvents.MeasurementSet.Topic,
                    log =>
                    {
                        TreasuryEvents.MeasurementSet change = TreasuryEvents.MeasurementSet.Decode(log);
                        return new SetChange(change.Measurement, change.Measurement.ToString(), change.Allowed, contract.SetMeasurement(change.Measurement, false));
                    },
                    []),
            ],
            Announcements =
            [
                new PlannedAnnouncement(
                    "verifier",
                    TreasuryEvents.VerifierChanged.Topic,
                    log => TreasuryEvents.VerifierChanged.Decode(log).Verifier.ToChecksumText(),
                    Address.Zero.ToChecksumText(),
                    Address.Zero.ToChecksumText(),
                    contract.SetVerifier(Address.Zero)),
            ],
        };
    }

    private PlannedContract DescribeSlasher(Address deployer, Address timelock)
    {
        AutoSlasherContract contract = new(Addresses["AutoSlasher"]);
        AutoSlasherTypes.Penalties penalties = new(100, 500, 5000, 1000, 2500, 5000);
        BigInteger rate = _settings.JejuPerDollar * RatePerJejuAndDollar;
        return new PlannedContract(
            "AutoSlasher", contract.Initialize(deployer, Addresses["DelegatedNodeStaking"], Addresses["MultiServiceStakeManager"]).Data)
        {
            Roles = [new PlannedRole("ARBITER_ROLE", timelock), new PlannedRole("ORACLE_ROLE", timelock)],
            Settings =
            [
                PlannedSetting.Of("penalties", penalties, contract.Penalties(), contract.SetPenalties(penalties)) with { HoldsFromStart = true },
                PlannedSetting.Of("compensation rate", rate, contract.CompensationRate(), contract.SetCompensationRate(rate), gas: 80_000) with
                {
                    HoldsFromStart = rate.IsZero,
                },
            ],
            Sets =
            [
                DescribeAddresses(
                    "source",
                    AutoSlasherEvents.SourceSet.Topic,
                    log => AutoSlasherEvents.SourceSet.Decode(log) is var change ? (change.Source, change.Registered) : default,
                    contract.SetSource,
                    [.. FactSources.Select(source => Addresses[source])]),
            ],
        };
    }

    private PlannedContract DescribeIdentities(Address deployer, Address timelock)
    {
        IdentityRegistryContract contract = new(Addresses["IdentityRegistry"]);
        IdentityRegistryTypes.Parameters tiers = new(
            TokenAmount.FromTokens(100, SuiteSettings.JejuDecimals).Units,
            TokenAmount.FromTokens(1000, SuiteSettings.JejuDecimals).Units,
            TokenAmount.FromTokens(10_000, SuiteSettings.JejuDecimals).Units,
            (uint)TimeSpan.FromDays(14).TotalSeconds);
        return new PlannedContract("IdentityRegistry", contract.Initialize(deployer, Addresses["JejuToken"], Addresses["Treasury"]).Data)
        {
            // Stake of agents is slashed by governance, with the timelock's delay, which is shorter than the unbonding.
            Roles = [new PlannedRole("SLASHER_ROLE", timelock)],
            Settings = [PlannedSetting.Of("parameters", tiers, contract.Parameters(), contract.SetParameters(tiers)) with { HoldsFromStart = true }],
        };
    }

    private PlannedContract DescribeFunding(Address deployer)
    {
        DAOFundingContract contract = new(Addresses["DAOFunding"]);
        return new PlannedContract(
            "DAOFunding", contract.Initialize(deployer, Addresses["IdentityRegistry"], Addresses["JejuToken"], PaymentToken).Data)
        {
            Sets =
            [
                DescribeAddresses(
                    "source",
                    DAOFundingEvents.SourceSet.Topic,
                    log => DAOFundingEvents.SourceSet.Decode(log) is var change ? (change.Source, change.Known) : default,
                    contract.SetSource,
                    [Addresses["RepoRegistry"], Addresses["PackageRegistry"]]),
            ],
        };
    }

    private PlannedSetting DescribeSequencing()
    {
        SequencerRegistryContract contract = new(Addresses["SequencerRegistry"]);
        SequencerRegistryTypes.Parameters parameters = new(
            TokenAmount.FromTokens(100_000, SuiteSettings.JejuDecimals).Units,
            TokenAmount.FromTokens(1_000_000, SuiteSettings.JejuDecimals).Units,
            8000,
            (uint)TimeSpan.FromDays(1).TotalSeconds,
            (uint)TimeSpan.FromDays(14).TotalSeconds,
            12,
            (uint)TimeSpan.FromHours(12).TotalSeconds);
        return PlannedSetting.Of("parameters", parameters, contract.Parameters(), contract.SetParameters(parameters)) with { HoldsFromStart = true };
    }

    private PlannedSetting DescribeRental()
    {
        ComputeRentalContract contract = new(Addresses["ComputeRental"]);
        ComputeRentalTypes.Parameters parameters = new(
            (uint)TimeSpan.FromMinutes(15).TotalSeconds,
            (uint)_settings.Network.ObjectionWindow.TotalSeconds,
            500,
            TokenAmount.FromTokens(1, SuiteSettings.TestUsdDecimals).Units);
        return PlannedSetting.Of("parameters", parameters, contract.Parameters(), contract.SetParameters(parameters), gas: 90_000);
    }

    private static PlannedSetting DescribeNamePrices(JNSRegistrarContract contract)
    {
        static BigInteger Dollars(int dollars) => TokenAmount.FromTokens(dollars, SuiteSettings.TestUsdDecimals).Units;
        JNSRegistrarTypes.Prices prices = new(Dollars(640), Dollars(160), Dollars(5));
        return PlannedSetting.Of("prices per year", prices, contract.Prices(), contract.SetPrices(prices)) with { HoldsFromStart = true };
    }

    private static PlannedSetting DescribeNodeRewards(NodeStakingManagerContract contract)
    {
        NodeStakingManagerTypes.Parameters parameters = new(
            TokenAmount.FromTokens(1000, SuiteSettings.TestUsdDecimals).Units,
            TokenAmount.FromTokens(1000, SuiteSettings.TestUsdDecimals).Units,
            100_000_000,
            (uint)TimeSpan.FromDays(1).TotalSeconds,
            (uint)TimeSpan.FromDays(7).TotalSeconds,
            2000,
            5,
            2000);
        return PlannedSetting.Of("parameters", parameters, contract.Parameters(), contract.SetParameters(parameters)) with { HoldsFromStart = true };
    }

    private static PlannedSet DescribePlaces(IEnumerable<string> places, Func<Bytes32, bool, ContractCall> allow) => new(
        "place",
        CDNRegistryEvents.PlaceSet.Topic,
        log =>
        {
            CDNRegistryEvents.PlaceSet change = CDNRegistryEvents.PlaceSet.Decode(log);
            return new SetChange(change.Place, change.Place.ToName(), change.Allowed, allow(change.Place, false));
        },
        [.. places.Select(place => new PlannedMember(Bytes32.FromName(place), place, allow(Bytes32.FromName(place), true)))])
    {
        Role = "CURATOR_ROLE",
    };

    private PlannedSet DescribeKinds(ExternalChainProviderContract contract, string role) => new(
        "kind",
        ExternalChainProviderEvents.KindSet.Topic,
        log =>
        {
            ExternalChainProviderEvents.KindSet change = ExternalChainProviderEvents.KindSet.Decode(log);
            return new SetChange(
                KindKey(change.Kind, change.Network),
                $"{change.Kind.ToName()} on {change.Network.ToName()}",
                change.Spec.Active,
                contract.SetKind(change.Kind, change.Network, change.Spec with { Active = false }));
        },
        [.. ServiceCatalog.All.Where(kind => kind.Requirements.ContainsKey(_settings.Network.Name))
            .Select(kind => (kind, requirement: kind.RequirementFor(_settings.Network.Name)))
            .Select(pair => new PlannedMember(KindKey(pair.kind.Id, pair.requirement.NetworkId), pair.kind.Name, new ContractCall(contract.Address, [], string.Empty)))])
    {
        Role = role,
        Gas = 250_000,
        FindsOthersOnly = true,
    };

    private PlannedSet DescribeWatchers(ExternalChainProviderContract contract, string role) => DescribeAddresses(
        "watcher",
        ExternalChainProviderEvents.WatcherSet.Topic,
        log => ExternalChainProviderEvents.WatcherSet.Decode(log) is var change ? (change.Watcher, change.Registered) : default,
        contract.SetWatcher,
        _settings.Watchers) with
    { Role = role };

    private PlannedSet DescribeResolverProviders(JNSResolverContract contract, Address provider) => DescribeAddresses(
        "provider",
        JNSResolverEvents.ProviderSet.Topic,
        log => JNSResolverEvents.ProviderSet.Decode(log) is var change ? (change.Provider, change.Known) : default,
        contract.SetProvider,
        [provider]) with
    { FindsOthersOnly = true };

    private PlannedSet DescribeVaults()
    {
        LiquidityRouterContract contract = new(Addresses["LiquidityRouter"]);
        return DescribeAddresses(
            "vault",
            LiquidityRouterEvents.VaultSet.Topic,
            log => LiquidityRouterEvents.VaultSet.Decode(log) is var change ? (change.Vault, change.Allowed) : default,
            contract.SetVault,
            []);
    }

    private static PlannedSet DescribeMeasurements(DWSProviderRegistryContract contract) => new(
        "measurement",
        DWSProviderRegistryEvents.MeasurementSet.Topic,
        log =>
        {
            DWSProviderRegistryEvents.MeasurementSet change = DWSProviderRegistryEvents.MeasurementSet.Decode(log);
            return new SetChange(change.Measurement, change.Measurement.ToString(), change.Allowed, contract.SetMeasurement(change.Measurement, false));
        },
        []);

    private PlannedSet DescribeAddresses(
        string subject, Bytes32 topic, Func<ChainLog, (Address Member, bool IsIncluded)> read, Func<Address, bool, ContractCall> change, IReadOnlyList<Address> members) => new(
        subject,
        topic,
        log =>
        {
            (Address member, bool isIncluded) = read(log);
            return new SetChange(KeyOf(member), Addresses.NameOf(member), isIncluded, change(member, false));
        },
        [.. members.Select(member => new PlannedMember(KeyOf(member), Addresses.NameOf(member), change(member, true)))]);

    private static Bytes32 KindKey(Bytes32 kind, Bytes32 network) => Keccak.Hash([.. kind.ToBytes(), .. network.ToBytes()]);

    private static Bytes32 KeyOf(Address address) => Bytes32.FromBytes([.. new byte[12], .. address.ToBytes()]);
}
