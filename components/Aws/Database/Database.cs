using System.Collections.Immutable;
using System.Globalization;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Ec2.Inputs;
using Pulumi.Aws.Rds;
using Pulumi.Aws.Rds.Inputs;
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

    /// <summary>The key that encrypts storage, insights and the password.</summary>
    [Input("dataKeyArn", required: true)]
    public Input<string> DataKeyArn { get; set; } = null!;
}

/// <summary>
/// PostgreSQL on RDS in two zones: encrypted with the stack's key, TLS only, reachable from the cluster alone, backed up with point-in-time recovery. The password is made, kept
/// and rotated by the service; no program or state ever holds it.
/// </summary>
public sealed class Database : ComponentResource
{
    private const int PostgresPort = 5432;

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
                DbName = "jeju",
                Username = "jeju",
                ManageMasterUserPassword = true,
                MasterUserSecretKmsKeyId = args.DataKeyArn,
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
                FinalSnapshotIdentifier = $"{name}-final",
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
        Identifier = primary.Identifier;
        PasswordSecretArn = primary.MasterUserSecrets.Apply(secrets => secrets[0].SecretArn!);
        ReplicaHost = plan.Replica ? Replica(name, args, primary, access, parameters, monitoring).Address : Host;
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["host"] = Host,
            ["replicaHost"] = ReplicaHost,
            ["identifier"] = Identifier,
            ["passwordSecretArn"] = PasswordSecretArn,
        });
    }

    /// <summary>Where writers connect.</summary>
    [Output("host")]
    public Output<string> Host { get; private set; }

    /// <summary>Where readers connect: the replica, or the primary where there is none.</summary>
    [Output("replicaHost")]
    public Output<string> ReplicaHost { get; private set; }

    /// <summary>The instance's name, for alarms.</summary>
    [Output("identifier")]
    public Output<string> Identifier { get; private set; }

    /// <summary>The secret in Secrets Manager that holds user name and password.</summary>
    [Output("passwordSecretArn")]
    public Output<string> PasswordSecretArn { get; private set; }

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
            StorageEncrypted = true,
            KmsKeyId = args.DataKeyArn,
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
