using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>What a stack decides about Amazon Web Services.</summary>
public sealed record AwsSettings : CloudSettings
{
    /// <summary>The account.</summary>
    [Setting("The account; the program refuses to touch another.", Pattern = "[0-9]{12}", PatternMeaning = "an account number of twelve digits")]
    public required string AccountId { get; init; }

    /// <summary>The region.</summary>
    [Setting("The region; its zones a, b and c are used.", Pattern = "[a-z]{2}(-gov)?-[a-z]+-[0-9]", PatternMeaning = "a region such as eu-west-1")]
    public required string Region { get; init; }

    /// <summary>The Kubernetes version.</summary>
    [Setting("The version of the cluster: 1.34 (standard support until 2026-12-02), 1.35 (2027-03-27) or 1.36 (2027-08-02); past that day the cloud raises it by itself.", Pattern = @"1\.[0-9]{2}", PatternMeaning = "a version such as 1.36")]
    public string KubernetesVersion { get; init; } = KubernetesRelease.All[^1].Version;

    /// <summary>Who administers the cluster.</summary>
    [Setting("The roles that administer the cluster, the one that deploys the stack among them: whoever makes a cluster has no rights in it.", Pattern = "arn:aws:iam::[0-9]{12}:role/.+", PatternMeaning = "the ARN of a role")]
    public required IReadOnlyList<string> AdministratorRoles { get; init; }

    /// <summary>The zone above the stack's.</summary>
    [Setting("The zone above the stack's, where its zone is delegated. Where absent, that is done by hand with the first deployment, which waits for it: nothing below a zone that nobody can find is certified. In one account with the zone, no role is needed.")]
    public ParentZoneSettings? ParentZone { get; init; }

    /// <summary>Whether every zone has a NAT gateway of its own.</summary>
    [Setting("Whether every zone has a NAT gateway of its own; one for all is cheaper, and its zone's loss cuts off the others.")]
    public bool? NatPerZone { get; init; }

    /// <summary>How long flow logs and control-plane logs are kept.</summary>
    [Setting("How long flow logs and the control plane's logs are kept.", Unit = "days", Minimum = 1, Maximum = 3653)]
    public int LogRetentionDays { get; init; } = 90;

    /// <summary>How long deleted secrets can be restored.</summary>
    [Setting("How long a deleted secret can be restored; until then its name cannot be given again, and a stack that was destroyed not be made again. 0, or 7 to 30.", Unit = "days", Minimum = 0, Maximum = 30)]
    public int? SecretRecoveryDays { get; init; }

    /// <summary>Whether GuardDuty is switched on elsewhere.</summary>
    [Setting("Whether GuardDuty is switched on by somebody else, the account's organization for example: a region has one detector, and a second is refused. Its findings are reported all the same.")]
    public bool ThreatDetectionElsewhere { get; init; }

    /// <summary>Who signs in to the managed Grafana.</summary>
    [Setting("Who signs in to the managed Grafana.")]
    public GrafanaSettings Grafana { get; init; } = new();

    /// <summary>Regions where a zone of the first three letters is missing, or is closed to new accounts (EC2 user guide, "Regions and zones").</summary>
    private static readonly string[] WithoutZonesToC = ["ap-northeast-1", "ca-central-1", "us-west-1"];

    internal override CloudName Cloud => CloudName.Aws;

    /// <summary>What an empty group means on a network, for the reference.</summary>
    internal static AwsSettings Defaults(NetworkProfile network) => new()
    {
        AccountId = null!,
        Region = null!,
        AllowedAddresses = null!,
        AdministratorRoles = null!,
        MonthlyBudget = 0,
        NodeGroups = NodeGroupsSettings.Of(Core.NodeGroups.For(network.Name, CloudName.Aws)),
        Database = DatabaseSettings.Of(DatabasePlan.For(network.Name, CloudName.Aws)),
        RequestsPerAddress = FirewallPlan.For(network.Name).RequestsPerFiveMinutes,
        NatPerZone = NatPerZoneByDefault(network),
        SecretRecoveryDays = SecretRecoveryDaysByDefault(network),
    };

    /// <summary>How long deleted secrets can be restored where nothing is set: a testnet is made again and again.</summary>
    private static int SecretRecoveryDaysByDefault(NetworkProfile network) => network.Name == NetworkName.Mainnet ? 30 : 0;

    /// <summary>How long deleted secrets can be restored, in days.</summary>
    internal int SecretRecoveryDaysFor(NetworkProfile network) => SecretRecoveryDays ?? SecretRecoveryDaysByDefault(network);

    /// <summary>Whether every zone has a NAT gateway of its own where nothing is set.</summary>
    internal static bool NatPerZoneByDefault(NetworkProfile network) => network.Name == NetworkName.Mainnet;

    internal override IEnumerable<SettingRefusal> Check(NetworkProfile network)
    {
        // CloudWatch keeps logs for these spans alone.
        int[] spans = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
        IEnumerable<SettingRefusal> retention = spans.Contains(LogRetentionDays)
            ? []
            : [new SettingRefusal(["logRetentionDays"], $"CloudWatch cannot keep logs for {LogRetentionDays} days", $"use one of {string.Join(", ", spans)}")];
        IEnumerable<SettingRefusal> administrators = AdministratorRoles.Count > 0
            ? []
            : [new SettingRefusal(["administratorRoles"], "the list is empty", "write at least one role: a cluster that nobody administers cannot be mended")];
        string[] confidential = ["us-east-2", "eu-west-1"];
        IEnumerable<SettingRefusal> region = confidential.Contains(Region) || !NodeGroupsFor(network).Any(group => group.Confidential)
            ? []
            : [new SettingRefusal(["region"], $"'{Region}' has no machines with encrypted memory (AMD SEV-SNP), on which {network.StackName}'s sequencer runs", $"write one of {string.Join(", ", confidential)}")];
        IEnumerable<SettingRefusal> zones = WithoutZonesToC.Contains(Region)
            ? [new SettingRefusal(["region"], $"'{Region}' has no zones a, b and c that every account may use", "write a region with three, such as eu-west-1")]
            : [];
        IEnumerable<SettingRefusal> recovery = SecretRecoveryDays is > 0 and < 7
            ? [new SettingRefusal(["secretRecoveryDays"], $"Secrets Manager cannot restore within {SecretRecoveryDays} days alone", "write 0, or 7 to 30")]
            : [];
        return base.Check(network).Concat(zones).Concat(retention).Concat(administrators).Concat(region).Concat(recovery).Concat(Grafana.Check());
    }
}
