using Jeju.Infra.Components.Resources;

namespace Jeju.Infra.Components.Contracts;

/// <summary>What the contracts are told about their network. Every member that is absent leaves the environment's own value.</summary>
public sealed record ContractParameters
{
    /// <summary>Regions in which nodes of the CDN and the proxy network may list themselves.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>Countries (ISO 3166, two letters) in which exit nodes of the VPN may list themselves.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Accounts whose probe records void the seconds of a dead service.</summary>
    public IReadOnlyList<string> Watchers { get; init; } = [];

    /// <summary>How many of them must sign, 1 to 64; the majority where absent.</summary>
    public int? WatcherQuorum { get; init; }

    /// <summary>JEJU for one dollar, 0 to 1,000,000, by which compensation in stake is counted; 0 for no compensation.</summary>
    public int? JejuPerDollar { get; init; }

    /// <summary>The contract that verifies attestations.</summary>
    public string? AttestationVerifier { get; init; }

    /// <summary>The rollup's output oracle on the chain of the contracts, where that settles the sequenced chain.</summary>
    public string? OutputOracle { get; init; }

    /// <summary>The rollup's factory of dispute games on the chain of the contracts, in place of an output oracle.</summary>
    public string? DisputeGameFactory { get; init; }

    /// <summary>The type of the games whose claims count as outputs, from 0; 0 where absent.</summary>
    public int? DisputeGameType { get; init; }

    /// <summary>What is managed elsewhere and the suite leaves alone, each as <c>AutoSlasher: ORACLE_ROLE</c>.</summary>
    public IReadOnlyList<string> Exceptions { get; init; } = [];

    /// <summary>Writes what is set into the suite's arguments; an empty list is left out, too, so that a plan names only what somebody chose.</summary>
    internal void ApplyTo(ContractSuiteArgs args)
    {
        if (Regions is not null)
        {
            args.Regions = [.. Regions];
        }

        if (Countries is not null)
        {
            args.Countries = [.. Countries];
        }

        if (Watchers.Count > 0)
        {
            args.Watchers = [.. Watchers];
        }

        if (Exceptions.Count > 0)
        {
            args.Exceptions = [.. Exceptions];
        }

        if (WatcherQuorum is { } quorum)
        {
            args.WatcherQuorum = quorum;
        }

        if (JejuPerDollar is { } rate)
        {
            args.JejuPerDollar = rate;
        }

        if (AttestationVerifier is { } verifier)
        {
            args.AttestationVerifier = verifier;
        }

        if (OutputOracle is { } oracle)
        {
            args.OutputOracle = oracle;
        }

        if (DisputeGameFactory is { } factory)
        {
            args.DisputeGameFactory = factory;
        }

        if (DisputeGameType is { } type)
        {
            args.DisputeGameType = type;
        }
    }
}
