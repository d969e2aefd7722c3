using Jeju.Infra.Components.Contracts;
using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>What the contracts are told about their network. Changes of a deployed network go through its timelock.</summary>
public sealed record ContractsSettings : ICheckedSettings
{
    private const int MostWatchers = 64;
    private const string Region = "[a-z0-9][a-z0-9-]{0,30}";

    /// <summary>The regions in which nodes may list themselves.</summary>
    [Setting("The regions in which nodes of the CDN and the proxy network may list themselves; the list replaces the network's own.",
        Pattern = Region, PatternMeaning = "a region's lower-case name")]
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>The countries in which exit nodes may list themselves.</summary>
    [Setting("The countries in which exit nodes of the VPN may list themselves; the list replaces the network's own.",
        Pattern = "[A-Z]{2}", PatternMeaning = "a country's two capital letters (ISO 3166) such as CH")]
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>The watchers.</summary>
    [Setting("The accounts of the watchers, whose signed records void the seconds in which a paid service is dead; at most 64, and nothing is voided without any.")]
    public IReadOnlyList<Address> Watchers { get; init; } = [];

    /// <summary>How many watchers must sign.</summary>
    [Setting("How many watchers must sign a record; the majority where absent.", Unit = "watchers", Minimum = 1, Maximum = MostWatchers)]
    public int? WatcherQuorum { get; init; }

    /// <summary>The rate of compensation.</summary>
    [Setting("The rate by which compensation in stake is counted; 0 for no compensation.", Unit = "JEJU per dollar", Minimum = 0, Maximum = 1_000_000)]
    public int? JejuPerDollar { get; init; }

    /// <summary>The verifier of attestations.</summary>
    [Setting("The contract that verifies attestations of trusted execution environments; simulated ones on localnet and none elsewhere where absent.")]
    public Address? AttestationVerifier { get; init; }

    /// <summary>The rollup's output oracle.</summary>
    [Setting("The rollup's output oracle on the chain of the contracts, where that chain settles the sequenced one: its adapter and a queue of forced inclusions "
        + "are placed; without it and without a factory of dispute games only double signing slashes a sequencer.")]
    public Address? OutputOracle { get; init; }

    /// <summary>The rollup's factory of dispute games.</summary>
    [Setting("The rollup's factory of dispute games on the chain of the contracts, in place of an output oracle.")]
    public Address? DisputeGameFactory { get; init; }

    /// <summary>The type of the games that count.</summary>
    [Setting("The type of the dispute games whose claims count as outputs, as the rollup's portal respects it; 0 where absent.", Minimum = 0, Maximum = int.MaxValue)]
    public int? DisputeGameType { get; init; }

    /// <summary>What the plan leaves alone.</summary>
    [Setting("Roles and settings of the contracts that are managed elsewhere, and that neither `up` nor `contracts verify` touches; and the implementation of one whose upgrades are disabled.",
        Pattern = "[A-Za-z0-9]+: .+", PatternMeaning = "a contract and a subject as `contracts verify` names them, such as 'AutoSlasher: ORACLE_ROLE'")]
    public IReadOnlyList<string> Exceptions { get; init; } = [];

    /// <summary>What empty settings mean on a network, for the reference.</summary>
    internal static ContractsSettings Defaults(NetworkProfile network) => new()
    {
        Regions = MarketPlaces.RegionsOf(network.Name),
        Countries = MarketPlaces.CountriesOf(network.Name),
        JejuPerDollar = MarketPlaces.JejuPerDollarOf(network.Name),
    };

    /// <summary>The settings as the contracts' component takes them.</summary>
    internal ContractParameters ToParameters() => new()
    {
        Regions = Regions,
        Countries = Countries,
        Watchers = [.. Watchers.Select(watcher => watcher.ToString())],
        WatcherQuorum = WatcherQuorum,
        JejuPerDollar = JejuPerDollar,
        AttestationVerifier = AttestationVerifier?.ToString(),
        OutputOracle = OutputOracle?.ToString(),
        DisputeGameFactory = DisputeGameFactory?.ToString(),
        DisputeGameType = DisputeGameType,
        Exceptions = Exceptions,
    };

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        foreach (SettingRefusal refusal in FindTwice("regions", Regions).Concat(FindTwice("countries", Countries))
            .Concat(FindTwice("watchers", Watchers)).Concat(FindTwice("exceptions", Exceptions)))
        {
            yield return refusal;
        }

        for (int index = 0; index < Watchers.Count; index++)
        {
            if (Watchers[index].IsZero)
            {
                yield return new SettingRefusal(["watchers", index], "the zero address is nobody's", "write an account whose key a watcher has");
            }
            else if (network.Name is not NetworkName.Localnet && DevelopmentAccounts.IsWellKnown(Watchers[index]))
            {
                yield return new SettingRefusal(["watchers", index], DevelopmentAccounts.Refusal(Watchers[index]), "write an account whose key the watcher alone has");
            }
        }

        if (Watchers.Count > MostWatchers)
        {
            yield return new SettingRefusal(["watchers"], $"{Watchers.Count} watchers are more than the contract takes", $"write at most {MostWatchers}");
        }

        if (WatcherQuorum > Watchers.Count)
        {
            yield return new SettingRefusal(
                ["watcherQuorum"], $"'{WatcherQuorum}' of {Watchers.Count} watchers can never sign", "write at most as many as there are watchers, or leave the setting out");
        }

        foreach ((string name, Address? contract) in new[]
            { ("attestationVerifier", AttestationVerifier), ("outputOracle", OutputOracle), ("disputeGameFactory", DisputeGameFactory) })
        {
            if (contract is { IsZero: true })
            {
                yield return new SettingRefusal([name], "the zero address is nobody's", "write the contract's address, or leave the setting out");
            }
        }

        if (OutputOracle is not null && DisputeGameFactory is not null)
        {
            yield return new SettingRefusal(
                ["disputeGameFactory"], "one contract of the rollup tells of its outputs, and 'outputOracle' is set", "keep the one that the rollup's proposer posts to");
        }

        if (DisputeGameType is not null && DisputeGameFactory is null)
        {
            yield return new SettingRefusal(
                ["disputeGameType"], "there are no games without 'disputeGameFactory'", "name the factory, or leave the type out");
        }
    }

    private static IEnumerable<SettingRefusal> FindTwice<T>(string name, IReadOnlyList<T>? list)
        where T : notnull
    {
        Dictionary<T, int> first = [];
        for (int index = 0; index < (list?.Count ?? 0); index++)
        {
            if (!first.TryAdd(list![index], index))
            {
                yield return new SettingRefusal([name, index], $"'{list[index]}' stands at {name}[{first[list[index]]}] already", "leave it out here");
            }
        }
    }
}
