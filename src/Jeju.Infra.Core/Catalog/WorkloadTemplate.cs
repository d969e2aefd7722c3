namespace Jeju.Infra.Core.Catalog;

/// <summary>
/// How a kind runs in a container. Nothing in it comes from the consumer: a lease chooses a kind, not a program, a mount or an argument.
/// The service writes nowhere but in its volume and its memory file systems. On loopback it listens on plain TCP; anywhere else it speaks TLS
/// itself, with a certificate of the lease's own.
/// </summary>
public sealed record WorkloadTemplate
{
    /// <summary>Where the volume of a lease is mounted.</summary>
    public const string DataPath = "/data";

    /// <summary>Where the certificate of a lease lies, relative to <see cref="DataPath"/>, if the service is to speak TLS.</summary>
    public const string CertificateFile = "secret/tls.crt";

    /// <summary>Where the certificate's key lies.</summary>
    public const string CertificateKeyFile = "secret/tls.key";

    /// <summary>The port of the discard protocol (RFC 863): where an <see cref="Announcement"/> goes, which wants no answer.</summary>
    internal const string DiscardPort = "9";

    /// <summary>The image.</summary>
    public required ServiceImage Image { get; init; }

    /// <summary>The user and group id that the service runs as; never 0.</summary>
    public required int UserId { get; init; }

    /// <summary>The program.</summary>
    public required IReadOnlyList<string> Entrypoint { get; init; }

    /// <summary>Its arguments, given the lease's limits.</summary>
    public required Func<WorkloadLimits, IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>
    /// The arguments that make it speak TLS and nothing else on the same ports; null of a kind that cannot, which is served on loopback alone. What
    /// it is told by files instead, <see cref="Files"/> adds for credentials that have a certificate.
    /// </summary>
    public IReadOnlyList<string>? TlsArguments { get; init; }

    /// <summary>
    /// A program of the image, with arguments, that sends a packet to the address it is given, and ends: by it the host learns at once that a container
    /// is back. Null of a kind that speaks to others by itself as soon as it runs.
    /// </summary>
    public Func<string, IReadOnlyList<string>>? Announcement { get; init; }

    /// <summary>Its environment, <c>NAME=value</c>; never a secret.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The ports it listens on, in the order in which they stand on chain.</summary>
    public required IReadOnlyList<ServicePort> Ports { get; init; }

    /// <summary>Files that lie in the volume before the first start, readable by the service alone. This is how it learns its password.</summary>
    public required Func<WorkloadLimits, ServiceCredentials, IReadOnlyList<WorkloadFile>> Files { get; init; }

    /// <summary>Memory file systems by path, with mount options.</summary>
    public IReadOnlyDictionary<string, string> MemoryFileSystems { get; init; } = new Dictionary<string, string>();

    /// <summary>Processes and threads at most.</summary>
    public required int ProcessLimit { get; init; }

    /// <summary>Share of the memory limit given to <c>/dev/shm</c>, 0 to 1.</summary>
    public double SharedMemoryShare { get; init; }

    /// <summary>The signal that makes it shut down in order.</summary>
    public string StopSignal { get; init; } = "SIGTERM";

    /// <summary>How long that may take before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether it must reach the internet, as a chain node does to find its peers.</summary>
    public bool NeedsInternet { get; init; }

    /// <summary>The name that its consumer logs in with.</summary>
    public required string UserName { get; init; }

    /// <summary>The database its consumer finds there, if it has such a thing.</summary>
    public string? Database { get; init; }

    /// <summary>How readiness is found out.</summary>
    public required ProbeProtocol Probe { get; init; }

    /// <summary>The connection string in the form the usual clients take.</summary>
    public required Func<ServiceEndpoint, ServiceCredentials, string> ConnectionString { get; init; }
}

/// <summary>An image and how to get it.</summary>
/// <param name="Registry">The image in a registry, with a tag. <c>jeju images pin</c> resolves it to a digest.</param>
/// <param name="Recipe">The recipe in the repository that builds it where no registry answers, if there is one.</param>
public sealed record ServiceImage(string Registry, string? Recipe);

/// <summary>The limits of a workload, from the requirement on chain.</summary>
/// <param name="MemoryMegabytes">Memory in MiB.</param>
/// <param name="DiskGigabytes">Disk in GiB.</param>
/// <param name="Cores">Processor cores.</param>
public sealed record WorkloadLimits(int MemoryMegabytes, int DiskGigabytes, int Cores)
{
    /// <summary>The limits that a requirement asks for.</summary>
    public static WorkloadLimits Of(KindRequirement requirement) =>
        new(requirement.MemoryMegabytes, requirement.DiskGigabytes, requirement.Cores);
}

/// <summary>A port that a service listens on.</summary>
/// <param name="Name">What it is for, for example <c>rpc</c>.</param>
/// <param name="Number">The port inside the container.</param>
public sealed record ServicePort(string Name, int Number);

/// <summary>A file in the volume of a lease.</summary>
/// <param name="Path">Relative to <see cref="WorkloadTemplate.DataPath"/>.</param>
/// <param name="Content">Its text.</param>
public sealed record WorkloadFile(string Path, string Content);

/// <summary>Where a service answers.</summary>
/// <param name="Host">A name or address.</param>
/// <param name="Ports">Its ports, in the order of the kind's <see cref="WorkloadTemplate.Ports"/>.</param>
public sealed record ServiceEndpoint(string Host, IReadOnlyList<int> Ports)
{
    /// <summary>The first port.</summary>
    public int Port => Ports[0];

    /// <inheritdoc/>
    public bool Equals(ServiceEndpoint? other) => other is not null && Host == other.Host && Ports.SequenceEqual(other.Ports);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Host, Ports.Count, Ports.Count > 0 ? Port : 0);

    /// <summary>Host and first port.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>What a consumer needs besides the endpoint. It travels sealed; its text form shows no secret.</summary>
/// <param name="UserName">The name to log in with.</param>
/// <param name="Password">The password of this lease alone.</param>
/// <param name="Database">The database, if the service has such a thing.</param>
/// <param name="CertificateFingerprint">SHA-256 of the TLS certificate in hexadecimal; null on loopback, where there is no TLS.</param>
public sealed record ServiceCredentials(string UserName, string Password, string? Database = null, string? CertificateFingerprint = null)
{
    /// <summary>The user name alone.</summary>
    public override string ToString() => $"credentials of {UserName}";
}

/// <summary>How readiness is found out: by the service's own protocol, never by an open port alone.</summary>
public enum ProbeProtocol
{
    /// <summary>A query over the PostgreSQL protocol, logged in.</summary>
    PostgresQuery,

    /// <summary>PING over RESP, logged in.</summary>
    RedisPing,

    /// <summary>HTTP status 200.</summary>
    HttpOk,

    /// <summary>JSON-RPC <c>getHealth</c> answers <c>ok</c>.</summary>
    SolanaHealth,

    /// <summary>JSON-RPC <c>getblockchaininfo</c> answers.</summary>
    BitcoinInfo,

    /// <summary>JSON-RPC <c>eth_chainId</c> answers.</summary>
    EthereumChainId,

    /// <summary>The IPFS node tells its id.</summary>
    IpfsId,
}
