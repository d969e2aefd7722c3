using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace;

/// <summary>
/// The codes of the marketplace's errors: 05xx orders (0501 and 0502 are the catalog's), 06xx agent, backends and images (0601 to 0603 are the
/// Docker client's).
/// </summary>
public static class MarketplaceErrors
{
    /// <summary>Sealed credentials cannot be opened: another key, another order, or damaged.</summary>
    public static readonly ErrorCode CredentialsUnreadable = new(510);

    /// <summary>The image of a service kind can neither be pulled nor built.</summary>
    public static readonly ErrorCode ImageUnavailable = new(610);

    /// <summary>An image recipe cannot be read, or its build failed.</summary>
    public static readonly ErrorCode RecipeFailed = new(611);

    /// <summary>A provider node has no free port in its range.</summary>
    public static readonly ErrorCode NoFreePort = new(620);

    /// <summary>A provider node has no free subnet in its range.</summary>
    public static readonly ErrorCode NoFreeSubnet = new(621);

    /// <summary>The data of a stateful lease is gone; an empty store must not take its place.</summary>
    public static readonly ErrorCode DataLost = new(622);

    /// <summary>A kind has no workload that this backend can run.</summary>
    public static readonly ErrorCode KindNotRunnable = new(623);

    /// <summary>A workload did not come up.</summary>
    public static readonly ErrorCode WorkloadFailed = new(624);

    /// <summary>A range of ports or addresses in the settings is no range.</summary>
    public static readonly ErrorCode InvalidRange = new(625);
}
