using System.Net;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>What a provider node gives to its Docker workloads.</summary>
public sealed record DockerBackendOptions
{
    /// <summary>The host's address on which ports are published. Loopback on localnet, where there is no TLS.</summary>
    public string PublishAddress { get; init; } = "127.0.0.1";

    /// <summary>The host that consumers are told, as it will stand on chain.</summary>
    public string AdvertisedHost { get; init; } = "127.0.0.1";

    /// <summary>Whether the services speak TLS. They do wherever their address is not on loopback; there, a test may ask for it.</summary>
    public bool SpeaksTls
    {
        get => field || !(AdvertisedHost == "localhost" || (IPAddress.TryParse(AdvertisedHost, out IPAddress? address) && IPAddress.IsLoopback(address)));
        init;
    }

    /// <summary>
    /// The first port for leases. The range lies below the system's range for outgoing connections (32768 and up on Linux), which would take
    /// a port away while its container restarts.
    /// </summary>
    public int FirstPort { get; init; } = 20000;

    /// <summary>The last port for leases.</summary>
    public int LastPort { get; init; } = 29999;

    /// <summary>The range out of which every lease gets a network of 16 addresses. Docker's own pools end at about thirty networks.</summary>
    public IPNetwork Subnets { get; init; } = IPNetwork.Parse("10.213.0.0/16");

    /// <summary>All that is wrong with the options, one sentence each.</summary>
    public IReadOnlyList<string> Check()
    {
        List<string> failures = [];
        if (FirstPort is < 1024 or > 65535 || LastPort > 65535 || LastPort < FirstPort)
        {
            failures.Add($"firstPort {FirstPort} and lastPort {LastPort} must be a range within 1024 to 65535.");
        }

        if (Subnets.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || Subnets.PrefixLength is < 8 or > 28)
        {
            failures.Add($"subnets {Subnets} must be an IPv4 range of at least one /28 and at most a /8.");
        }

        if (!IPAddress.TryParse(PublishAddress, out _))
        {
            failures.Add($"publishAddress '{PublishAddress}' must be an IP address of this host.");
        }

        if (AdvertisedHost.Length is 0 or > 253)
        {
            failures.Add($"advertisedHost '{AdvertisedHost}' must have 1 to 253 characters.");
        }

        return failures;
    }

    internal DockerBackendOptions Validated()
    {
        IReadOnlyList<string> failures = Check();
        return failures.Count == 0
            ? this
            : throw new InfraException(
                MarketplaceErrors.InvalidRange, string.Join(" ", failures), "Correct the agent's settings.", FailureKind.Usage);
    }
}
