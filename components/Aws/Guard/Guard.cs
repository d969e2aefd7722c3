using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Backup;
using Pulumi.Aws.Backup.Inputs;
using Pulumi.Aws.Budgets;
using Pulumi.Aws.Budgets.Inputs;
using Pulumi.Aws.CloudTrail;
using Pulumi.Aws.CloudWatch;
using Pulumi.Aws.GuardDuty;
using Pulumi.Aws.Iam;

namespace Jeju.Infra.Components.Aws;

/// <summary>What guards the account.</summary>
public sealed class GuardArgs : ResourceArgs
{
    /// <summary>The account.</summary>
    [Input("accountId", required: true)]
    public Input<string> AccountId { get; set; } = null!;

    /// <summary>The bucket that receives the trail and other logs.</summary>
    [Input("logBucket", required: true)]
    public Input<string> LogBucket { get; set; } = null!;

    /// <summary>The key that encrypts the trail.</summary>
    [Input("logKeyArn", required: true)]
    public Input<string> LogKeyArn { get; set; } = null!;

    /// <summary>The key that encrypts backups.</summary>
    [Input("backupKeyArn", required: true)]
    public Input<string> BackupKeyArn { get; set; } = null!;

    /// <summary>Where findings go.</summary>
    [Input("topicArn", required: true)]
    public Input<string> TopicArn { get; set; } = null!;

    /// <summary>What a month may cost, in US dollars.</summary>
    public required int MonthlyBudgetDollars { get; init; }

    /// <summary>Who is told about cost, as mail addresses.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>How long volume backups are kept, in days.</summary>
    public required int BackupDays { get; init; }

    /// <summary>Whether the account's threat detection is somebody else's, an organization's for example: a region has one detector, and a second is refused.</summary>
    public bool ThreatDetectionElsewhere { get; init; }

    /// <summary>Whether the backup vault outlives the stack; else it goes with its backups.</summary>
    public bool Protect { get; init; }
}

/// <summary>Threat detection, the audit trail, the access analyzer, backups of volumes, an alarm on cost, and word of what the services find.</summary>
public sealed class Guard : ComponentResource
{
    /// <summary>The tag by which volumes and buckets are chosen for backup.</summary>
    public const string BackupTag = "backup";

    /// <summary>The value of the tag on what is backed up every day.</summary>
    public const string Daily = "daily";

    /// <summary>Declares the guards.</summary>
    public Guard(string name, GuardArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Guard", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        if (!args.ThreatDetectionElsewhere)
        {
            DetectThreats(name, child);
        }

        _ = new Trail(name, new TrailArgs
        {
            S3BucketName = args.LogBucket,
            S3KeyPrefix = "trail",
            KmsKeyId = args.LogKeyArn,
            IsMultiRegionTrail = true,
            IncludeGlobalServiceEvents = true,
            EnableLogFileValidation = true,
        }, child);
        _ = new Pulumi.Aws.AccessAnalyzer.Analyzer(name, new Pulumi.Aws.AccessAnalyzer.AnalyzerArgs { AnalyzerName = name, Type = "ACCOUNT" }, child);
        _ = new Budget(name, new BudgetArgs
        {
            BudgetType = "COST",
            LimitAmount = $"{args.MonthlyBudgetDollars}",
            LimitUnit = "USD",
            TimeUnit = "MONTHLY",
            Notifications =
            {
                Notification("ACTUAL", 80, args),
                Notification("FORECASTED", 100, args),
            },
        }, child);
        Backups(name, args, child);
        Findings(name, args, child);
        RegisterOutputs();
    }

    private static void DetectThreats(string name, CustomResourceOptions child)
    {
        Detector detector = new(name, new DetectorArgs { Enable = true, FindingPublishingFrequency = "FIFTEEN_MINUTES" }, child);
        foreach (string feature in (string[])["S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS"])
        {
            _ = new DetectorFeature($"{name}-{feature.ToLowerInvariant().Replace('_', '-')}", new DetectorFeatureArgs
            {
                DetectorId = detector.Id,
                Name = feature,
                Status = "ENABLED",
            }, child);
        }
    }

    /// <summary>What the services find is told to the same people as the alarms: nobody looks into their consoles every day.</summary>
    private static void Findings(string name, GuardArgs args, CustomResourceOptions child)
    {
        (string Name, string Description, string Pattern)[] findings =
        [
            ("threats", "GuardDuty has found a grave threat", """{"source":["aws.guardduty"],"detail-type":["GuardDuty Finding"],"detail":{"severity":[{"numeric":[">=",7]}]}}"""),
            ("access", "Something of the account can be reached from outside it", """{"source":["aws.access-analyzer"],"detail-type":["Access Analyzer Finding"],"detail":{"status":["ACTIVE"]}}"""),
            ("backups", "A backup has failed", """{"source":["aws.backup"],"detail-type":["Backup Job State Change"],"detail":{"state":["ABORTED","EXPIRED","FAILED"]}}"""),
            ("keys", "A key is switched off or going to be deleted", """{"source":["aws.kms"],"detail-type":["AWS API Call via CloudTrail"],"detail":{"eventName":["DisableKey","ScheduleKeyDeletion"]}}"""),
        ];
        foreach ((string finding, string description, string pattern) in findings)
        {
            EventRule rule = new($"{name}-{finding}", new EventRuleArgs { Description = description, EventPattern = pattern }, child);
            _ = new EventTarget($"{name}-{finding}", new EventTargetArgs { Rule = rule.Name, Arn = args.TopicArn }, child);
        }
    }

    private static BudgetNotificationArgs Notification(string type, double percent, GuardArgs args) => new()
    {
        NotificationType = type,
        ComparisonOperator = "GREATER_THAN",
        Threshold = percent,
        ThresholdType = "PERCENTAGE",
        SubscriberEmailAddresses = args.Recipients.ToArray(),
    };

    private void Backups(string name, GuardArgs args, CustomResourceOptions child)
    {
        Vault vault = new(
            name,
            new VaultArgs { KmsKeyArn = args.BackupKeyArn, ForceDestroy = !args.Protect },
            new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
        Plan plan = new(name, new PlanArgs
        {
            Rules = new PlanRuleArgs
            {
                RuleName = Daily,
                TargetVaultName = vault.Name,
                Schedule = "cron(0 1 * * ? *)",
                Lifecycle = new PlanRuleLifecycleArgs { DeleteAfter = args.BackupDays },
            },
        }, child);
        Role role = new($"{name}-backup", new RoleArgs
        {
            Description = $"Lets the backup service copy the volumes and sites of {name}",
            AssumeRolePolicy = ServiceTrust.Of("backup.amazonaws.com"),
        }, child);

        // A copy of a volume keeps the volume's key; that of a site is encrypted with the vault's.
        (string Name, string Policy)[] policies = [("backup", "service-role/AWSBackupServiceRolePolicyForBackup"), ("backup-sites", "AWSBackupServiceRolePolicyForS3Backup")];
        IEnumerable<Output<string>> rights = policies.Select(right => new RolePolicyAttachment($"{name}-{right.Name}", new RolePolicyAttachmentArgs
        {
            Role = role.Name,
            PolicyArn = $"arn:aws:iam::aws:policy/{right.Policy}",
        }, child).Id);
        // What the account has not opted in to is passed over, whatever its tags say, and nobody hears of it (AWS Backup developer guide, "Service opt-in").
        RegionSettings chosen = new(
            name,
            new RegionSettingsArgs { ResourceTypeOptInPreference = { ["EBS"] = true, ["S3"] = true } },
            new CustomResourceOptions
            {
                Parent = this,

                // The service answers with all its types; those that others chose stay as they are.
                IgnoreChanges = { "resourceTypeOptInPreference" },
            });
        _ = new Selection(name, new SelectionArgs
        {
            PlanId = plan.Id,
            IamRoleArn = Output.All([role.Arn, chosen.Id, .. rights]).Apply(known => known[0]),
            SelectionTags = new SelectionSelectionTagArgs { Type = "STRINGEQUALS", Key = BackupTag, Value = Daily },
        }, child);
    }
}
