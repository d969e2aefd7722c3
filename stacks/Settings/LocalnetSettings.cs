using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>Where the agent of the localnet runs the workloads.</summary>
public enum LocalnetBackend
{
    /// <summary>Containers of the Docker Engine on this machine.</summary>
    Docker,

    /// <summary>In memory: leases become ready without a workload, for tests of the flow alone.</summary>
    Null,
}

/// <summary>The settings of the stack <c>localnet</c>.</summary>
public sealed record LocalnetSettings : ICheckedSettings
{
    /// <summary>The port of the chain.</summary>
    [Setting("The port of the local chain on 127.0.0.1.", Minimum = 1024, Maximum = 65535)]
    public int ChainPort { get; init; } = 8545;

    /// <summary>Seconds between blocks.</summary>
    [Setting("The time between two blocks; 0 makes a block for each transaction at once.", Unit = "seconds", Minimum = 0, Maximum = 60)]
    public int BlockTime { get; init; }

    /// <summary>The operator's own stake, in JEJU.</summary>
    [Setting("The operator's own stake in his node.", Unit = "JEJU", Minimum = 10_000, Maximum = 1_000_000)]
    public int Stake { get; init; } = 10_000;

    /// <summary>The operator's commission.</summary>
    [Setting("The operator's share of the earnings, before stakers are paid.", Unit = "basis points", Minimum = 2000, Maximum = 4000)]
    public int Commission { get; init; } = 2000;

    /// <summary>What the delegator stakes with the node, in JEJU.</summary>
    [Setting("What the delegator adds to the node's stake; 0 for no delegation.", Unit = "JEJU", Minimum = 0, Maximum = 1_000_000)]
    public int Delegation { get; init; } = 1000;

    /// <summary>The region that the node announces.</summary>
    [Setting("The region that the provider node announces.", Pattern = "[a-z0-9][a-z0-9-]{0,30}", PatternMeaning = "a region's lower-case name")]
    public string Region { get; init; } = "local";

    /// <summary>Where the workloads run.</summary>
    [Setting("Where the agent runs the workloads.")]
    public LocalnetBackend Backend { get; init; } = LocalnetBackend.Docker;

    /// <summary>The address range for the networks of the leases.</summary>
    [Setting("The range from which every lease gets a /28 network of its own, from /12 to /24.")]
    public CidrBlock NetworkRange { get; init; } = CidrBlock.Parse("10.213.0.0/16");

    /// <summary>Services ordered at once that the node can serve of each kind.</summary>
    [Setting("How many leases of each kind the node offers.", Unit = "leases", Minimum = 1, Maximum = 1000)]
    public int CapacityPerKind { get; init; } = 8;

    /// <summary>What the contracts are told about the network.</summary>
    [Setting("What the contracts are told about the network: places, watchers, rates.")]
    public ContractsSettings Contracts { get; init; } = new();

    /// <summary>The services that the stack orders.</summary>
    [Setting("The services that the stack orders through the marketplace: a list of kinds, or of groups with name, kind and more.",
        UniqueBy = nameof(ServiceSettings.Name))]
    public IReadOnlyList<ServiceSettings> Services { get; init; } =
        [new() { Name = "postgres", Kind = "postgres" }, new() { Name = "redis", Kind = "redis" }];

    /// <summary>What the policy may find.</summary>
    [Setting("Findings of the policy that may stay, each with a justification.")]
    public IReadOnlyList<PolicyExceptionSettings> PolicyExceptions { get; init; } = [];

    /// <summary>What empty settings mean, for the reference.</summary>
    internal static LocalnetSettings Defaults(NetworkProfile network) => new() { Contracts = ContractsSettings.Defaults(network) };

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        if (NetworkRange.PrefixLength is < 12 or > 24)
        {
            yield return new SettingRefusal(["networkRange"], $"'{NetworkRange}' is too {(NetworkRange.PrefixLength < 12 ? "wide" : "narrow")}", "write a range from /12 to /24 such as 10.213.0.0/16");
        }
    }
}
