using System.Collections.Immutable;
using System.Globalization;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Ec2.Inputs;
using Pulumi.Aws.Rds;
using Pulumi.Aws.Rds.Inputs;
using Pulumi.Aws.SecretsManager;
using Instance = Pulumi.Aws.Rds.Instance;
using InstanceArgs = Pulumi.Aws.Rds.InstanceArgs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its PostgreSQL.</summary>
public sealed class DatabaseArgs : ResourceArgs
{
    /// <summary>Class, storage, backups and protection.</summary>
    public required DatabasePlan Plan { get; init; }

    /// <summary>The major version of PostgreSQL, for example <c>17</c>.</summary>
    public required string MajorVersion { get; init; }

    /// <summary>The network.</summary>
    [Input("vpcId", required: true)]
    public Input<string> VpcId { get; set; } = null!;

    /// <summary>The network's data subnets.</summary>
    [Input("subnetIds", required: true)]
    public InputList<string> SubnetIds { get; set; } = [];

    /// <summary>The group of the cluster, the only one let in.</summary>
    [Input("clientSecurityGroupId", required: true)]
    public Input<string> ClientSecurityGroupId { get; set; } = null!;

    /// <summary>The key that encrypts the server's log.</summary>
    [Input("logKeyArn", required: true)]
    public Input<string> LogKeyArn { get; set; } = null!;

    /// <summary>How long the server's log is kept, in days.</summary>
    public int LogRetentionDays { get; init; } = 90;

    /// <summary>How long the login can be restored once it is deleted: 0, or 7 to 30 days.</summary>
    public required int SecretRecoveryDays { get; init; }

    /// <summary>The key that encrypts storage, insights and the password.</summary>
    [Input("dataKeyArn", required: true)]
    public Input<string> DataKeyArn { get; set; } = null!;
}

/// <summary>One instance of a database, as alarms know it.</summary>
/// <param name="Identifier">Its name.</param>
/// <param name="IsReplica">Whether it follows another one.</param>
public sealed record DatabaseInstance(Output<string> Identifier, bool IsReplica)
{
    /// <summary>The stem of its alarms' names.</summary>
    internal string AlarmStem => IsReplica ? "replica" : "database";
}

/// <summary>
/// PostgreSQL on RDS in two zones: encrypted with the stack's key, TLS only, reachable from the cluster alone, backed up with point-in-time recovery. The login is generated and kept in Secrets Manager,
/// where the cluster copies it from. The service cannot be left to make it: it refuses a replica of an instance whose password it manages (RDS user guide, "Password management with Secrets Manager", limitations).
/// </summary>
public sealed class Database : ComponentResource
{
    private const int PostgresPort = 5432;
    private const string DatabaseName = "jeju";
    private const string UserName = "jeju";

    private static readonly ImmutableArray<string> ExportedLogs = ["postgresql", "upgrade"];

    /// <summary>Declares the database.</summary>
    public Database(string name, DatabaseArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Database", name, args, options)
    {
        DatabasePlan plan = args.Plan;
        CustomResourceOptions child = new() { Parent = this };
        SubnetGroup subnets = new(name, new SubnetGroupArgs { SubnetIds = args.SubnetIds, Description = $"The data subnets of {name}" }, child);
        SecurityGroup access = new($"{name}-access", new SecurityGroupArgs
        {
            VpcId = args.VpcId,
            Description = "PostgreSQL from the cluster",
            Ingress =
            {
                new SecurityGroupIngressArgs
                {
                    Protocol = "tcp",
                    FromPort = PostgresPort,
                    ToPort = PostgresPort,
                    SecurityGroups = { args.ClientSecurityGroupId },
                    Description = "PostgreSQL from the cluster",
                },
            },
        }, child);
        ParameterGroup parameters = new(name, new ParameterGroupArgs
        {
            Family = $"postgres{args.MajorVersion}",
            Description = $"Scaled to {plan.MemoryMegabytes} MB of memory",
            Parameters = Parameters(plan),
        }, child);
        Pulumi.Aws.Iam.Role monitoring = new($"{name}-monitoring", new Pulumi.Aws.Iam.RoleArgs
        {
            Description = $"Lets {name} report its operating system's figures",
            AssumeRolePolicy = ServiceTrust.Of("monitoring.rds.amazonaws.com"),
            ManagedPolicyArns = { "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" },
        }, child);
        GeneratedPassword password = new(name, new GeneratedPasswordArgs(), child);
        Input<Resource>[] logs = [.. Logs(name, args, child)];
        Instance primary = new(
            name,
            new InstanceArgs
            {
                Identifier = name,
                Engine = "postgres",
                EngineVersion = args.MajorVersion,
                InstanceClass = plan.MachineType,
                AllocatedStorage = plan.StorageGigabytes,
                MaxAllocatedStorage = plan.MaximumStorageGigabytes,
                StorageType = "gp3",
                StorageEncrypted = true,
                KmsKeyId = args.DataKeyArn,
                DbName = DatabaseName,
                Username = UserName,
                Password = password.Value,
                IamDatabaseAuthenticationEnabled = true,
                MultiAz = true,
                PubliclyAccessible = false,
                DbSubnetGroupName = subnets.Name,
                VpcSecurityGroupIds = { access.Id },
                ParameterGroupName = parameters.Name,
                BackupRetentionPeriod = plan.BackupDays,
                BackupWindow = "02:00-03:00",
                MaintenanceWindow = "sun:03:30-sun:04:30",
                CopyTagsToSnapshot = true,
                AutoMinorVersionUpgrade = true,
                PerformanceInsightsEnabled = true,
                PerformanceInsightsKmsKeyId = args.DataKeyArn,
                MonitoringInterval = 60,
                MonitoringRoleArn = monitoring.Arn,
                EnabledCloudwatchLogsExports = ExportedLogs,
                DeletionProtection = plan.DeletionProtection,
                DeleteAutomatedBackups = !plan.DeletionProtection,
                SkipFinalSnapshot = false,

                // The group's name is made anew with the stack, so that the last snapshot of an earlier one is not in the way.
                FinalSnapshotIdentifier = subnets.Name.Apply(unique => $"{unique}-final"),
            },
            new CustomResourceOptions
            {
                Parent = this,
                Protect = plan.DeletionProtection,
                DependsOn = logs,
                RetainOnDelete = plan.DeletionProtection,

                // The service grows the volume by itself.
                IgnoreChanges = { "allocatedStorage" },
            });
        Host = primary.Address;
        LoginSecretArn = Login(name, args, password);
        Instance? replica = plan.Replica ? Replica(name, args, primary, access, parameters, monitoring) : null;
        ReplicaHost = replica?.Address ?? Host;
        Instances = [new DatabaseInstance(primary.Identifier, false), .. replica is null ? [] : (DatabaseInstance[])[new DatabaseInstance(replica.Identifier, true)]];
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["host"] = Host,
            ["replicaHost"] = ReplicaHost,
            ["loginSecretArn"] = LoginSecretArn,
        });
    }

    /// <summary>Where writers connect.</summary>
    [Output("host")]
    public Output<string> Host { get; private set; }

    /// <summary>Where readers connect: the replica, or the primary where there is none.</summary>
    [Output("replicaHost")]
    public Output<string> ReplicaHost { get; private set; }

    /// <summary>The instances, the primary first.</summary>
    public IReadOnlyList<DatabaseInstance> Instances { get; }

    /// <summary>The secret in Secrets Manager that holds user name and password; known once it does.</summary>
    [Output("loginSecretArn")]
    public Output<string> LoginSecretArn { get; private set; }

    /// <summary>The login as one JSON object, as the cluster's operator reads it.</summary>
    private Output<string> Login(string name, DatabaseArgs args, GeneratedPassword password)
    {
        bool keep = args.Plan.DeletionProtection;
        Secret secret = new(
            $"{name}-login",
            new SecretArgs
            {
                Description = $"The login to {name}: a JSON object with username, password",
                KmsKeyId = args.DataKeyArn,
                RecoveryWindowInDays = args.SecretRecoveryDays,
            },
            new CustomResourceOptions { Parent = this, Protect = keep, RetainOnDelete = keep });
        SecretVersion login = new(
            $"{name}-login",
            new SecretVersionArgs { SecretId = secret.Id, SecretString = password.Value.Apply(value => DatabaseLogin.ToJson(UserName, value)) },
            new CustomResourceOptions { Parent = this, RetainOnDelete = keep });
        return Output.Tuple(secret.Arn, login.Id).Apply(known => known.Item1);
    }

    /// <summary>The service writes to these names, and would make the groups itself, without a key and for ever; declared first, they have ours.</summary>
    private static IEnumerable<Input<Resource>> Logs(string name, DatabaseArgs args, CustomResourceOptions child) =>
        ExportedLogs.Select(log => (Input<Resource>)new Pulumi.Aws.CloudWatch.LogGroup($"{name}-{log}", new Pulumi.Aws.CloudWatch.LogGroupArgs
        {
            Name = $"/aws/rds/instance/{name}/{log}",
            RetentionInDays = args.LogRetentionDays,
            KmsKeyId = args.LogKeyArn,
        }, child));

    private static InputList<ParameterGroupParameterArgs> Parameters(DatabasePlan plan)
    {
        // RDS counts shared buffers and cache in pages of 8 KB, work memory in KB. Static parameters wait for a restart.
        (string Name, long Value, bool Static)[] values =
        [
            ("max_connections", plan.MaximumConnections, true),
            ("shared_buffers", plan.SharedBuffersMegabytes * 128L, true),
            ("effective_cache_size", plan.EffectiveCacheMegabytes * 128L, false),
            ("work_mem", plan.WorkMemoryMegabytes * 1024L, false),
            ("rds.force_ssl", 1, false),
            ("log_min_duration_statement", 1000, false),
        ];
        return values.Select(value => new ParameterGroupParameterArgs
        {
            Name = value.Name,
            Value = value.Value.ToString(CultureInfo.InvariantCulture),
            ApplyMethod = value.Static ? "pending-reboot" : "immediate",
        }).ToArray();
    }

    private Instance Replica(string name, DatabaseArgs args, Instance primary, SecurityGroup access, ParameterGroup parameters, Pulumi.Aws.Iam.Role monitoring) => new(
        $"{name}-replica",
        new InstanceArgs
        {
            Identifier = $"{name}-replica",
            ReplicateSourceDb = primary.Identifier,
            InstanceClass = args.Plan.MachineType,
            StorageType = "gp3",

            // In the region of its source it is encrypted with the same key, and takes none of its own.
            StorageEncrypted = true,
            PubliclyAccessible = false,
            VpcSecurityGroupIds = { access.Id },
            ParameterGroupName = parameters.Name,
            AutoMinorVersionUpgrade = true,
            PerformanceInsightsEnabled = true,
            PerformanceInsightsKmsKeyId = args.DataKeyArn,
            MonitoringInterval = 60,
            MonitoringRoleArn = monitoring.Arn,
            DeletionProtection = args.Plan.DeletionProtection,
            SkipFinalSnapshot = true,
        },
        new CustomResourceOptions { Parent = this, Protect = args.Plan.DeletionProtection });
}
