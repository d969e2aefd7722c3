using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>Tokens that an account of a test network gets when the suite is deployed.</summary>
/// <param name="Account">Who gets them.</param>
/// <param name="Jeju">JEJU, 18 decimals.</param>
/// <param name="TestUsd">Test dollars, 6 decimals.</param>
public sealed record InitialFunding(Address Account, TokenAmount Jeju, TokenAmount TestUsd);

/// <summary>What a deployment of the suite depends on, besides the compiled contracts.</summary>
public sealed record SuiteSettings
{
    /// <summary>The network.</summary>
    public required NetworkProfile Network { get; init; }

    /// <summary>Who deploys. The addresses depend on it; it keeps no role.</summary>
    public required Address Deployer { get; init; }

    /// <summary>Who may propose changes to the timelock: a Safe, or on localnet the deployer itself.</summary>
    public required Address Proposer { get; init; }

    /// <summary>Who may pause, and nothing else; none where absent.</summary>
    public Address? Guardian { get; init; }

    /// <summary>The token that leases are paid in; absent on test networks, which deploy TestUsd.</summary>
    public Address? PaymentToken { get; init; }

    /// <summary>
    /// Who owns the top-level name and gives names below it; absent means the registrar, which sells them to everybody.
    /// </summary>
    public Address? NameOwner { get; init; }

    /// <summary>Regions in which nodes of the CDN and the proxy network may list themselves.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Countries (ISO 3166, two letters) in which exit nodes of the VPN may list themselves.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>JEJU for one dollar, by which compensation in stake is counted; 0 for no compensation until governance names a rate.</summary>
    public int JejuPerDollar { get; init; }

    /// <summary>The contract that verifies attestations; absent means simulated ones on the localnet, and none elsewhere.</summary>
    public Address? AttestationVerifier { get; init; }

    /// <summary>
    /// The rollup's L2OutputOracle on the chain of the contracts; absent where that chain does not settle the sequenced one, or does it by dispute
    /// games. Where either is named, its adapter and a ForcedInclusionQueue are placed; without them only double signing slashes a sequencer.
    /// </summary>
    public Address? OutputOracle { get; init; }

    /// <summary>The rollup's DisputeGameFactory on the chain of the contracts; absent where there is none. Not together with an output oracle.</summary>
    public Address? DisputeGameFactory { get; init; }

    /// <summary>The type of the games whose claims count as outputs.</summary>
    public uint DisputeGameType { get; init; }

    /// <summary>Registered watchers, whose probe records void the seconds of a dead service.</summary>
    public IReadOnlyList<Address> Watchers { get; init; } = [];

    /// <summary>How many watchers must sign a record, 1 to 64; the majority where absent.</summary>
    public int? WatcherQuorum { get; init; }

    /// <summary>
    /// What is managed elsewhere and no deviation of this plan, each as <c>contract: subject</c>; roles and settings only, never pauses, and
    /// code (<c>contract: implementation</c>) only of a contract whose upgrades were disabled, which keeps what it has.
    /// </summary>
    public IReadOnlyList<string> Exceptions { get; init; } = [];

    /// <summary>What accounts get at the deployment; test networks only.</summary>
    public IReadOnlyList<InitialFunding> Funding { get; init; } = [];

    /// <summary>
    /// A network's settings before anybody gives others. The deployer is the proposer, the registrar sells the names below the top-level name, and
    /// nodes may list themselves in the regions and countries that the network's own clouds have.
    /// </summary>
    public static SuiteSettings For(NetworkProfile network, Address deployer) => network.Name is NetworkName.Localnet
        ? Localnet with { Deployer = deployer, Proposer = deployer }
        : new SuiteSettings
        {
            Network = network,
            Deployer = deployer,
            Proposer = deployer,
            Regions = MarketPlaces.RegionsOf(network.Name),
            Countries = MarketPlaces.CountriesOf(network.Name),
            JejuPerDollar = MarketPlaces.JejuPerDollarOf(network.Name),
        };

    /// <summary>The localnet's settings: Anvil's accounts, funded.</summary>
    public static SuiteSettings Localnet { get; } = new()
    {
        Network = NetworkProfile.Localnet,
        Deployer = AnvilAccounts.Deployer.Address,
        Proposer = AnvilAccounts.Deployer.Address,
        NameOwner = AnvilAccounts.Consumer.Address,
        Regions = MarketPlaces.RegionsOf(NetworkName.Localnet),
        Countries = MarketPlaces.CountriesOf(NetworkName.Localnet),
        JejuPerDollar = MarketPlaces.JejuPerDollarOf(NetworkName.Localnet),
        Funding =
        [
            .. AnvilAccounts.All.Select(account => new InitialFunding(
                account.Address, TokenAmount.FromTokens(2_000_000, JejuDecimals), TokenAmount.FromTokens(1_000_000, TestUsdDecimals))),
        ],
    };

    /// <summary>Decimals of JEJU.</summary>
    public const int JejuDecimals = 18;

    /// <summary>Decimals of TestUsd, as of the dollar token it stands for.</summary>
    public const int TestUsdDecimals = 6;
}
