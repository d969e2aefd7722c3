namespace Jeju.Infra.Core;

/// <summary>What the contracts of a network allow before anybody sets something else.</summary>
public static class MarketPlaces
{
    private static readonly string[] CloudRegions =
    [
        "ap-northeast-1", "ap-southeast-1", "asia-southeast1", "ca-central-1", "eu-central-1", "eu-west-1", "europe-west1", "europe-west3", "us-central1",
        "us-east-1", "us-east1", "us-west-2",
    ];

    private static readonly string[] ExitCountries = ["AU", "BR", "CA", "CH", "DE", "FI", "FR", "GB", "JP", "KR", "NL", "SE", "SG", "US"];

    /// <summary>Regions in which nodes of the CDN and the proxy network may list themselves: those of the network's own clouds.</summary>
    public static IReadOnlyList<string> RegionsOf(NetworkName network) => network is NetworkName.Localnet ? ["local"] : CloudRegions;

    /// <summary>Countries (ISO 3166, two letters) in which exit nodes of the VPN may list themselves.</summary>
    public static IReadOnlyList<string> CountriesOf(NetworkName network) => network is NetworkName.Localnet ? ["XX"] : ExitCountries;

    /// <summary>JEJU for one dollar, by which compensation in stake is counted; on mainnet 0, for none, until governance names a rate.</summary>
    public static int JejuPerDollarOf(NetworkName network) => network is NetworkName.Mainnet ? 0 : 10;

    /// <summary>How many of some watchers must sign a record: the majority; 0 without watchers, which switches records off.</summary>
    public static int QuorumOf(int watchers) => watchers == 0 ? 0 : (watchers / 2) + 1;
}
