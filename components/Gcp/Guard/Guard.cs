using Pulumi;
using Pulumi.Gcp.Billing;
using Pulumi.Gcp.Billing.Inputs;
using Pulumi.Gcp.GkeBackup;
using Pulumi.Gcp.GkeBackup.Inputs;
using Pulumi.Gcp.Projects;
using Pulumi.Gcp.Projects.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What guards the project.</summary>
public sealed class GuardArgs : ResourceArgs
{
    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The project's number, by which budgets filter.</summary>
    [Input("projectNumber", required: true)]
    public Input<string> ProjectNumber { get; set; } = null!;

    /// <summary>The billing account that pays.</summary>
    public required string BillingAccount { get; init; }

    /// <summary>What a month may cost, in the currency of the billing account.</summary>
    public required int MonthlyBudgetDollars { get; init; }

    /// <summary>Who is told about cost.</summary>
    [Input("channels", required: true)]
    public InputList<string> Channels { get; set; } = [];

    /// <summary>The cluster whose volumes are backed up, as its full id.</summary>
    [Input("clusterId", required: true)]
    public Input<string> ClusterId { get; set; } = null!;

    /// <summary>The key that encrypts backups.</summary>
    [Input("backupKeyId", required: true)]
    public Input<string> BackupKeyId { get; set; } = null!;

    /// <summary>The key that encrypts findings on their way.</summary>
    [Input("logKeyId", required: true)]
    public Input<string> LogKeyId { get; set; } = null!;

    /// <summary>Whether Security Command Center reports what it finds: it must be switched on for the organization or the project before.</summary>
    public bool ReportsFindings { get; init; } = true;

    /// <summary>How long backups of volumes are kept, in days.</summary>
    public required int BackupDays { get; init; }
}

/// <summary>
/// The audit trail of all data access, backups of the cluster's volumes, an alarm on cost, and a topic of the grave findings of Security Command Center, which an
/// alert watches. The service itself is switched on for the organization or the project, once and by hand.
/// </summary>
public sealed class Guard : ComponentResource
{
    /// <summary>Declares the guards.</summary>
    public Guard(string name, GuardArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Guard", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        _ = new IAMAuditConfig(name, new IAMAuditConfigArgs
        {
            Project = args.Project,
            Service = "allServices",
            AuditLogConfigs = ((string[])["ADMIN_READ", "DATA_READ", "DATA_WRITE"])
                .Select(type => new IAMAuditConfigAuditLogConfigArgs { LogType = type })
                .ToArray(),
        }, child);
        _ = new Budget(name, new BudgetArgs
        {
            BillingAccount = args.BillingAccount,
            DisplayName = name,
            BudgetFilter = new BudgetBudgetFilterArgs { Projects = { args.ProjectNumber.ToOutput().Apply(number => $"projects/{number}") } },

            // In the currency of the billing account: another one would be refused.
            Amount = new BudgetAmountArgs
            {
                SpecifiedAmount = new BudgetAmountSpecifiedAmountArgs { Units = $"{args.MonthlyBudgetDollars}" },
            },
            AllUpdatesRule = new BudgetAllUpdatesRuleArgs { MonitoringNotificationChannels = args.Channels },
            ThresholdRules =
            {
                new BudgetThresholdRuleArgs { ThresholdPercent = 0.8 },
                new BudgetThresholdRuleArgs { ThresholdPercent = 1.0, SpendBasis = "FORECASTED_SPEND" },
            },
        }, child);
        _ = new BackupPlan(name, new BackupPlanArgs
        {
            Name = name,
            Cluster = args.ClusterId,
            Location = args.Region,
            Description = $"The volumes of {name}, daily",
            RetentionPolicy = new BackupPlanRetentionPolicyArgs { BackupRetainDays = args.BackupDays },
            BackupSchedule = new BackupPlanBackupScheduleArgs { CronSchedule = "0 1 * * *" },
            BackupConfig = new BackupPlanBackupConfigArgs
            {
                AllNamespaces = true,
                IncludeVolumeData = true,
                IncludeSecrets = false,
                EncryptionKey = new BackupPlanBackupConfigEncryptionKeyArgs { GcpKmsEncryptionKey = args.BackupKeyId },
            },
        }, child);
        FindingsTopic = Findings(name, args, child).Name;
        RegisterOutputs(new Dictionary<string, object?> { ["findingsTopic"] = FindingsTopic });
    }

    /// <summary>The name of the topic of grave findings.</summary>
    [Output("findingsTopic")]
    public Output<string> FindingsTopic { get; private set; }

    private static Pulumi.Gcp.PubSub.Topic Findings(string name, GuardArgs args, CustomResourceOptions child)
    {
        Pulumi.Gcp.PubSub.Topic topic = new($"{name}-findings", new Pulumi.Gcp.PubSub.TopicArgs
        {
            Name = $"{name}-findings",
            KmsKeyName = args.LogKeyId,
            MessageRetentionDuration = "604800s",
        }, child);
        if (!args.ReportsFindings)
        {
            return topic;
        }

        Pulumi.Gcp.SecurityCenter.V2ProjectNotificationConfig sent = new($"{name}-findings", new Pulumi.Gcp.SecurityCenter.V2ProjectNotificationConfigArgs
        {
            ConfigId = $"{name}-findings",
            Project = args.Project,
            Description = $"Grave findings in {name}",
            PubsubTopic = topic.Id,
            StreamingConfig = new Pulumi.Gcp.SecurityCenter.Inputs.V2ProjectNotificationConfigStreamingConfigArgs
            {
                Filter = "state = \"ACTIVE\" AND (severity = \"HIGH\" OR severity = \"CRITICAL\")",
            },
        }, child);

        // The account that sends comes with the project's first configuration of this kind: before, it is nobody to whom a right could be given.
        _ = new Pulumi.Gcp.PubSub.TopicIAMMember($"{name}-findings", new Pulumi.Gcp.PubSub.TopicIAMMemberArgs
        {
            Topic = topic.Name,
            Role = "roles/pubsub.publisher",
            Member = args.ProjectNumber.ToOutput().Apply(number => $"serviceAccount:service-project-{number}@gcp-sa-scc-notification.iam.gserviceaccount.com"),
        }, new CustomResourceOptions { Parent = child.Parent, DependsOn = { sent } });
        return topic;
    }
}
