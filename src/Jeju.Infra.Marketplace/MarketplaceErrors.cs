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

    /// <summary>A live order has the salt already, and no journal of ours says that we sent it.</summary>
    public static readonly ErrorCode ForeignOrder = new(520);

    /// <summary>No offer fits what the consumer asks for.</summary>
    public static readonly ErrorCode NoOffer = new(521);

    /// <summary>An order ended before it was ready.</summary>
    public static readonly ErrorCode OrderEnded = new(522);

    /// <summary>An order is not ready in time.</summary>
    public static readonly ErrorCode NotReadyInTime = new(523);

    /// <summary>The chain knows no such order.</summary>
    public static readonly ErrorCode UnknownOrder = new(524);

    /// <summary>The consumer cannot pay for the order.</summary>
    public static readonly ErrorCode CannotPay = new(525);

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

    /// <summary>The agent's settings file is missing or wrong.</summary>
    public static readonly ErrorCode InvalidAgentSettings = new(630);

    /// <summary>Another agent runs with the same folder.</summary>
    public static readonly ErrorCode AgentRunsAlready = new(631);

    /// <summary>A lease asks for what this provider node cannot give.</summary>
    public static readonly ErrorCode LeaseNotServable = new(632);

    /// <summary>An account that signs probe records is no registered watcher.</summary>
    public static readonly ErrorCode NotAWatcher = new(640);

    /// <summary>The folder in which watchers share their records cannot be used.</summary>
    public static readonly ErrorCode ExchangeUnusable = new(641);

    /// <summary>The Kubernetes API does not answer.</summary>
    public static readonly ErrorCode KubernetesUnreachable = new(650);

    /// <summary>The Kubernetes API refused a request.</summary>
    public static readonly ErrorCode KubernetesRefused = new(651);

    /// <summary>A range of ports or addresses in the settings is no range.</summary>
    public static readonly ErrorCode InvalidRange = new(625);
}
