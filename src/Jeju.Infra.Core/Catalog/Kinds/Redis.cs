namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>Redis with its append-only file, so that a killed server loses at most its last second.</summary>
internal static class Redis
{
    private const string ConfigurationFile = "secret/redis.conf";

    public static ServiceKind Kind { get; } = new()
    {
        Name = "redis",
        Title = "Redis",
        Service = ServiceNames.Database,
        IsStateful = true,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 1, 1, 1, 2, TimeSpan.FromMinutes(2)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 2, 5, 1, 4, TimeSpan.FromMinutes(5)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 8, 20, 2, 15, TimeSpan.FromMinutes(5)),
        },
        Workload = new WorkloadTemplate
        {
            Image = new ServiceImage("redis:7.2-bookworm", "redis"),
            UserId = 999,
            Entrypoint = ["redis-server"],
            Arguments = _ => [$"{WorkloadTemplate.DataPath}/{ConfigurationFile}"],
            TlsArguments = [],
            Announcement = address => ["redis-cli", "-h", address, "-p", WorkloadTemplate.DiscardPort, "ping"],
            Ports = [new ServicePort("resp", 6379)],
            Files = (limits, credentials) => [new WorkloadFile(ConfigurationFile, Configuration(limits, credentials))],
            ProcessLimit = 128,
            StopTimeout = TimeSpan.FromSeconds(15),
            UserName = "default",
            Probe = ProbeProtocol.RedisPing,
            ConnectionString = (endpoint, credentials) => $"{(credentials.CertificateFingerprint is null ? "redis" : "rediss")}://default:{Uri.EscapeDataString(credentials.Password)}@{endpoint}/0",
        },
    };

    private static readonly string[] PlainPort = ["port 6379"];

    /// <summary>Clients show no certificate; they log in with the password.</summary>
    private static readonly string[] TlsPort =
    [
        "port 0",
        "tls-port 6379",
        $"tls-cert-file {WorkloadTemplate.DataPath}/{WorkloadTemplate.CertificateFile}",
        $"tls-key-file {WorkloadTemplate.DataPath}/{WorkloadTemplate.CertificateKeyFile}",
        "tls-auth-clients no",
    ];

    private static string Configuration(WorkloadLimits limits, ServiceCredentials credentials) => string.Join('\n', (string[])
    [
        "bind * -::*",
        .. credentials.CertificateFingerprint is null ? PlainPort : TlsPort,
        $"dir {WorkloadTemplate.DataPath}",
        $"requirepass {credentials.Password}",
        "appendonly yes",
        "appendfsync everysec",
        // A rewrite of the append-only file forks; what is left over is its room.
        $"maxmemory {limits.MemoryMegabytes * 7 / 10}mb",
        "maxmemory-policy noeviction",
        "enable-debug-command no",
        "enable-module-command no",
        string.Empty,
    ]);
}
