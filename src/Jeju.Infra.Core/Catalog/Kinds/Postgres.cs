namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>PostgreSQL: a cluster of one server, its consumer is its superuser.</summary>
internal static class Postgres
{
    private const string PasswordFile = "secret/password";
    private const string AccessFile = "secret/pg_hba.conf";
    private const string ClusterFolder = WorkloadTemplate.DataPath + "/cluster";

    public static ServiceKind Kind { get; } = new()
    {
        Name = "postgres",
        Title = "PostgreSQL",
        Service = ServiceNames.Database,
        IsStateful = true,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 1, 10, 1, 4, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 2, 50, 2, 8, TimeSpan.FromMinutes(5)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 8, 200, 4, 30, TimeSpan.FromMinutes(5)),
        },
        Workload = new WorkloadTemplate
        {
            Image = new ServiceImage("postgres:17-bookworm", "postgres"),
            UserId = 999,
            Entrypoint = ["docker-entrypoint.sh"],
            Arguments = Arguments,
            TlsArguments =
            [
                "-c", "ssl=on",
                "-c", $"ssl_cert_file={WorkloadTemplate.DataPath}/{WorkloadTemplate.CertificateFile}",
                "-c", $"ssl_key_file={WorkloadTemplate.DataPath}/{WorkloadTemplate.CertificateKeyFile}",
                // The server's own file would let clients in without TLS as well.
                "-c", $"hba_file={WorkloadTemplate.DataPath}/{AccessFile}",
            ],
            // Through the entry point, which knows where the programs of this version lie.
            Announcement = address => ["docker-entrypoint.sh", "pg_isready", "-h", address, "-p", WorkloadTemplate.DiscardPort],
            Environment =
            [
                "PGDATA=" + ClusterFolder,
                "POSTGRES_USER=postgres",
                $"POSTGRES_PASSWORD_FILE={WorkloadTemplate.DataPath}/{PasswordFile}",
            ],
            Ports = [new ServicePort("sql", 5432)],
            Files = (_, credentials) =>
            [
                new WorkloadFile(PasswordFile, credentials.Password),
                .. credentials.CertificateFingerprint is null
                    ? Array.Empty<WorkloadFile>()
                    : [new WorkloadFile(AccessFile, "local all all scram-sha-256\nhostssl all all all scram-sha-256\n")],
            ],
            // The server's own socket, which nobody uses, still needs a folder. The image has one of this mode: runc gives a memory file system
            // the mode of what it covers when a container starts for the second time.
            MemoryFileSystems = new Dictionary<string, string>
            {
                ["/var/run/postgresql"] = "rw,noexec,nosuid,size=1m,mode=1777",
                ["/tmp"] = "rw,noexec,nosuid,size=64m,mode=1777",
            },
            ProcessLimit = 512,
            SharedMemoryShare = 0.25,
            // Fast shutdown: sessions are ended, a checkpoint is written. SIGTERM would wait for the sessions.
            StopSignal = "SIGINT",
            StopTimeout = TimeSpan.FromSeconds(30),
            UserName = "postgres",
            Database = "postgres",
            Probe = ProbeProtocol.PostgresQuery,
            ConnectionString = (endpoint, credentials) =>
                $"postgres://{Uri.EscapeDataString(credentials.UserName)}:{Uri.EscapeDataString(credentials.Password)}@{endpoint}/{credentials.Database}"
                + (credentials.CertificateFingerprint is null ? string.Empty : "?sslmode=require"),
        },
    };

    private static IReadOnlyList<string> Arguments(WorkloadLimits limits) =>
    [
        "postgres",
        "-c", "listen_addresses=*",
        // A quarter of the memory, as the manual suggests for a machine that does nothing else.
        "-c", $"shared_buffers={limits.MemoryMegabytes / 4}MB",
        "-c", $"effective_cache_size={limits.MemoryMegabytes / 2}MB",
        "-c", $"max_worker_processes={Math.Max(8, limits.Cores * 2)}",
        "-c", "password_encryption=scram-sha-256",
        // The image has no compiler for queries.
        "-c", "jit=off",
    ];
}
