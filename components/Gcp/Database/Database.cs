using System.Globalization;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Sql;
using Pulumi.Gcp.Sql.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its PostgreSQL.</summary>
public sealed class DatabaseArgs : ResourceArgs
{
    /// <summary>Tier, storage, backups and protection.</summary>
    public required DatabasePlan Plan { get; init; }

    /// <summary>The major version of PostgreSQL, for example <c>17</c>.</summary>
    public required string MajorVersion { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The network, once private service access is there.</summary>
    [Input("networkId", required: true)]
    public Input<string> NetworkId { get; set; } = null!;

    /// <summary>The key that encrypts storage.</summary>
    [Input("dataKeyId", required: true)]
    public Input<string> DataKeyId { get; set; } = null!;

    /// <summary>Labels of the instances, which the provider's default labels do not reach.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// PostgreSQL on Cloud SQL in two zones: encrypted with the stack's key, TLS only, on a private address alone, backed up with point-in-time recovery. Each workload that
/// uses it has a <see cref="DatabaseUser"/> of its own.
/// </summary>
public sealed class Database : ComponentResource
{
    /// <summary>Declares the database.</summary>
    public Database(string name, DatabaseArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Database", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        DatabaseInstance primary = new(
            name,
            new DatabaseInstanceArgs
            {
                // Without a name of its own it gets one that nobody had: that of a deleted instance is taken for a week.
                DatabaseVersion = $"POSTGRES_{args.MajorVersion}",
                Region = args.Region,
                EncryptionKeyName = args.DataKeyId,
                DeletionProtection = args.Plan.DeletionProtection,
                Settings = Settings(args, "REGIONAL", isPrimary: true),
            },
            new CustomResourceOptions
            {
                Parent = this,
                Protect = args.Plan.DeletionProtection,
                RetainOnDelete = args.Plan.DeletionProtection,

                // The service grows the disk by itself.
                IgnoreChanges = { "settings.diskSize" },
            });
        _ = new Pulumi.Gcp.Sql.Database(
            name,
            new Pulumi.Gcp.Sql.DatabaseArgs { Name = "jeju", Instance = primary.Name, DeletionPolicy = "ABANDON" },
            new CustomResourceOptions { Parent = this, RetainOnDelete = args.Plan.DeletionProtection });
        Host = primary.PrivateIpAddress;
        ConnectionName = primary.ConnectionName;
        ReplicaHost = args.Plan.Replica
            ? new DatabaseInstance($"{name}-replica", new DatabaseInstanceArgs
            {
                MasterInstanceName = primary.Name,
                DatabaseVersion = $"POSTGRES_{args.MajorVersion}",
                Region = args.Region,

                // In the region of its primary it is encrypted with the same key, and takes none of its own.
                DeletionProtection = args.Plan.DeletionProtection,
                Settings = Settings(args, "ZONAL", isPrimary: false),
            }, new CustomResourceOptions { Parent = this, Protect = args.Plan.DeletionProtection, IgnoreChanges = { "settings.diskSize" } }).PrivateIpAddress
            : Host;
        Identifier = primary.Name;
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["host"] = Host,
            ["replicaHost"] = ReplicaHost,
            ["identifier"] = Identifier,
            ["connectionName"] = ConnectionName,
        });
    }

    /// <summary>Where writers connect.</summary>
    [Output("host")]
    public Output<string> Host { get; private set; }

    /// <summary>Where readers connect: the replica, or the primary where there is none.</summary>
    [Output("replicaHost")]
    public Output<string> ReplicaHost { get; private set; }

    /// <summary>The instance's name, for alerts and users.</summary>
    [Output("identifier")]
    public Output<string> Identifier { get; private set; }

    /// <summary>The name that the Cloud SQL connector takes.</summary>
    [Output("connectionName")]
    public Output<string> ConnectionName { get; private set; }

    private static DatabaseInstanceSettingsArgs Settings(DatabaseArgs args, string availability, bool isPrimary)
    {
        DatabasePlan plan = args.Plan;
        CloudSqlEdition edition = CloudSqlEdition.Of(plan.MachineType);

        // Cloud SQL counts shared buffers and cache in pages of 8 KB, work memory in KB.
        (string Name, string Value)[] flags =
        [
            ("max_connections", Number(plan.MaximumConnections)),
            ("shared_buffers", Number(plan.SharedBuffersMegabytes * 128L)),
            ("effective_cache_size", Number(EffectiveCacheMegabytes(plan) * 128L)),
            ("work_mem", Number(plan.WorkMemoryMegabytes * 1024L)),
            ("cloudsql.iam_authentication", "on"),
            ("log_min_duration_statement", "1000"),
        ];
        DatabaseInstanceSettingsArgs settings = new()
        {
            Tier = plan.MachineType,
            UserLabels = new Dictionary<string, string>(args.Labels),
            Edition = edition.Name,
            AvailabilityType = availability,
            DiskType = "PD_SSD",
            DiskSize = plan.StorageGigabytes,
            DiskAutoresize = true,
            DiskAutoresizeLimit = plan.MaximumStorageGigabytes,
            DeletionProtectionEnabled = plan.DeletionProtection,
            RetainBackupsOnDelete = plan.DeletionProtection,
            DatabaseFlags = flags.Select(flag => new DatabaseInstanceSettingsDatabaseFlagArgs { Name = flag.Name, Value = flag.Value }).ToArray(),
            InsightsConfig = new DatabaseInstanceSettingsInsightsConfigArgs { QueryInsightsEnabled = true },
            IpConfiguration = new DatabaseInstanceSettingsIpConfigurationArgs
            {
                Ipv4Enabled = false,
                PrivateNetwork = args.NetworkId,
                SslMode = "ENCRYPTED_ONLY",
            },
        };
        if (!isPrimary)
        {
            // A replica follows its primary's window and has no backups: Cloud SQL refuses one that is given either.
            return settings;
        }

        settings.MaintenanceWindow = new DatabaseInstanceSettingsMaintenanceWindowArgs { Day = 7, Hour = 3, UpdateTrack = "stable" };
        settings.BackupConfiguration = new DatabaseInstanceSettingsBackupConfigurationArgs
        {
            Enabled = true,
            PointInTimeRecoveryEnabled = true,
            StartTime = "02:00",

            // Logs must not be kept longer than backups.
            TransactionLogRetentionDays = Math.Min(plan.BackupDays, edition.MostLogDays),
            BackupRetentionSettings = new DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs
            {
                RetainedBackups = plan.BackupDays,
                RetentionUnit = "COUNT",
            },
        };
        return settings;
    }

    /// <summary>Cloud SQL takes no more than seven tenths of the memory (its documentation, "Configure database flags").</summary>
    private static int EffectiveCacheMegabytes(DatabasePlan plan) => Math.Min(plan.EffectiveCacheMegabytes, plan.MemoryMegabytes * 7 / 10);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
