using System.Text.RegularExpressions;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>What a stack decides about a cloud, whichever it is.</summary>
public abstract record CloudSettings : ICheckedSettings
{
    /// <summary>Who may reach the cluster's control plane.</summary>
    [Setting("The addresses that may reach the cluster's control plane.")]
    public required IReadOnlyList<CidrBlock> AllowedAddresses { get; init; }

    /// <summary>The budget.</summary>
    [Setting("What a month may cost; an alarm is sent before it is spent. Google Cloud's counts in the currency of the billing account.", Unit = "US dollars", Minimum = 1, Maximum = 1_000_000)]
    public required int MonthlyBudget { get; init; }

    /// <summary>The sizes of the cluster's node groups.</summary>
    [Setting("The sizes of the cluster's node groups.")]
    public NodeGroupsSettings? NodeGroups { get; init; }

    /// <summary>The managed database.</summary>
    [Setting("The managed PostgreSQL.")]
    public DatabaseSettings? Database { get; init; }

    /// <summary>The web application firewall.</summary>
    [Setting("Requests of one address before the web application firewall blocks it.", Unit = "requests in 5 minutes", Minimum = 100, Maximum = 1_000_000)]
    public int? RequestsPerAddress { get; init; }

    internal abstract CloudName Cloud { get; }

    /// <summary>The machines whose processor encrypts their memory (AMD SEV-SNP on EC2, SEV on Compute Engine).</summary>
    private IReadOnlyList<string> ConfidentialFamilies => Cloud == CloudName.Aws ? ["c6a.", "m6a.", "r6a."] : ["c2d-", "c3d-", "n2d-"];

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network) => Check(network);

    /// <summary>What is wrong between these settings.</summary>
    internal virtual IEnumerable<SettingRefusal> Check(NetworkProfile network)
    {
        if (AllowedAddresses.Count == 0)
        {
            yield return new SettingRefusal(["allowedAddresses"], "the list is empty", "write the networks of those who operate the cluster, such as 203.0.113.0/24");
        }

        for (int index = 0; index < AllowedAddresses.Count; index++)
        {
            if (AllowedAddresses[index].PrefixLength < 8)
            {
                yield return new SettingRefusal(
                    ["allowedAddresses", index], $"'{AllowedAddresses[index]}' is nearly the whole internet", "write the networks of those who operate the cluster, from /8 to /32");
            }
        }

        if (NodeGroups is { } groups)
        {
            (string Name, NodeGroupSettings? Group)[] named =
                [("general", groups.General), ("rpc", groups.Rpc), ("indexer", groups.Indexer), ("sequencer", groups.Sequencer)];
            foreach ((string name, NodeGroupSettings? group) in named)
            {
                if (group?.MachineType is { } machineType && machineType.Contains('.', StringComparison.Ordinal) != (Cloud == CloudName.Aws))
                {
                    string default_ = Core.NodeGroups.For(NetworkName.Mainnet, Cloud).First(one => one.Name == name).MachineType;
                    yield return new SettingRefusal(["nodeGroups", name, "machineType"], $"'{machineType}' is no machine type of this cloud", $"write one such as {default_}");
                }
            }
        }

        foreach (NodeGroup group in NodeGroupsFor(network).Where(group => group.Confidential && !ConfidentialFamilies.Any(family => group.MachineType.StartsWith(family, StringComparison.Ordinal))))
        {
            yield return new SettingRefusal(
                ["nodeGroups", group.Name, "machineType"], $"'{group.MachineType}' cannot encrypt its memory", $"write a type that begins with one of {string.Join(", ", ConfidentialFamilies)}");
        }

        if (Database?.MachineType is { } databaseType && DatabaseMachines.MemoryMegabytes(Cloud, databaseType) is null)
        {
            yield return new SettingRefusal(["database", "machineType"], $"'{databaseType}' is no database machine of this cloud", DatabaseMachines.Rule(Cloud));
        }

        if (Database is { StorageGigabytes: { } storage } && storage > DatabasePlanFor(network).MaximumStorageGigabytes)
        {
            yield return new SettingRefusal(
                ["database", "storageGigabytes"], $"'{storage}' is more than the maximum of {DatabasePlanFor(network).MaximumStorageGigabytes}", "write at most the maximum, or raise maximumStorageGigabytes");
        }
    }

    /// <summary>The node groups with what is set.</summary>
    internal IReadOnlyList<NodeGroup> NodeGroupsFor(NetworkProfile network)
    {
        IReadOnlyList<NodeGroup> defaults = Core.NodeGroups.For(network.Name, Cloud);
        return NodeGroups?.Over(defaults) ?? defaults;
    }

    /// <summary>The database with what is set.</summary>
    internal DatabasePlan DatabasePlanFor(NetworkProfile network)
    {
        DatabasePlan defaults = DatabasePlan.For(network.Name, Cloud);
        return Database?.Over(defaults, Cloud) ?? defaults;
    }

    /// <summary>The firewall with what is set.</summary>
    internal FirewallPlan FirewallPlanFor(NetworkProfile network) =>
        RequestsPerAddress is { } requests ? new FirewallPlan(requests) : FirewallPlan.For(network.Name);
}

/// <summary>The managed PostgreSQL of a cloud. What is absent keeps the default of the network and the cloud.</summary>
public sealed record DatabaseSettings
{
    /// <summary>The machine.</summary>
    [Setting("The database's machine: a class of Amazon RDS, or a tier of Cloud SQL (db-custom-... of the edition Enterprise, db-perf-optimized-N-... of Enterprise Plus). Its memory scales the server's parameters.")]
    public string? MachineType { get; init; }

    /// <summary>The storage at first.</summary>
    [Setting("The storage at first.", Unit = "GB", Minimum = 20, Maximum = 65_536)]
    public int? StorageGigabytes { get; init; }

    /// <summary>How far storage grows.</summary>
    [Setting("How far the storage may grow by itself.", Unit = "GB", Minimum = 20, Maximum = 65_536)]
    public int? MaximumStorageGigabytes { get; init; }

    /// <summary>How far backups reach back.</summary>
    [Setting("How long automated backups and point-in-time recovery reach back; to a point in time, Cloud SQL's edition Enterprise reaches back 7 days at most.", Unit = "days", Minimum = 1, Maximum = 35)]
    public int? BackupDays { get; init; }

    /// <summary>Whether there is a read replica.</summary>
    [Setting("Whether there is a read replica.")]
    public bool? Replica { get; init; }

    internal static DatabaseSettings Of(DatabasePlan plan) => new()
    {
        MachineType = plan.MachineType,
        StorageGigabytes = plan.StorageGigabytes,
        MaximumStorageGigabytes = plan.MaximumStorageGigabytes,
        BackupDays = plan.BackupDays,
        Replica = plan.Replica,
    };

    internal DatabasePlan Over(DatabasePlan plan, CloudName cloud) => plan with
    {
        MachineType = MachineType ?? plan.MachineType,
        MemoryMegabytes = (MachineType is null ? null : DatabaseMachines.MemoryMegabytes(cloud, MachineType)) ?? plan.MemoryMegabytes,
        StorageGigabytes = StorageGigabytes ?? plan.StorageGigabytes,
        MaximumStorageGigabytes = MaximumStorageGigabytes ?? plan.MaximumStorageGigabytes,
        BackupDays = BackupDays ?? plan.BackupDays,
        Replica = Replica ?? plan.Replica,
    };
}

/// <summary>The machines of managed databases by their memory, without which their parameters cannot be scaled.</summary>
internal static partial class DatabaseMachines
{
    private static readonly string[] RdsFamilies = ["db.t4g", "db.m6g", "db.m7g", "db.r6g", "db.r7g"];

    private static readonly (string Size, int Burstable, int General, int Memory)[] RdsSizes =
    [
        ("medium", 4, 0, 0), ("large", 8, 8, 16), ("xlarge", 16, 16, 32), ("2xlarge", 32, 32, 64), ("4xlarge", 0, 64, 128), ("8xlarge", 0, 128, 256),
    ];

    /// <summary>Tiers of Cloud SQL's edition Enterprise Plus, with their gigabytes.</summary>
    private static readonly Dictionary<string, int> OptimizedTiers = new(StringComparer.Ordinal)
    {
        [$"{CloudSqlEdition.PlusTiers}N-2"] = 16,
        [$"{CloudSqlEdition.PlusTiers}N-4"] = 32,
        [$"{CloudSqlEdition.PlusTiers}N-8"] = 64,
        [$"{CloudSqlEdition.PlusTiers}N-16"] = 128,
        [$"{CloudSqlEdition.PlusTiers}N-32"] = 256,
    };

    /// <summary>The memory of a machine in MB; null where the cloud has no such machine that is known here.</summary>
    public static int? MemoryMegabytes(CloudName cloud, string machineType)
    {
        if (cloud == CloudName.Gcp)
        {
            if (OptimizedTiers.TryGetValue(machineType, out int optimized))
            {
                return optimized * 1024;
            }

            Match tier = CustomTier().Match(machineType);
            return tier.Success && int.TryParse(tier.Groups["memory"].Value, out int megabytes) && megabytes % 256 == 0 ? megabytes : null;
        }

        string family = RdsFamilies.FirstOrDefault(name => machineType.StartsWith(name + ".", StringComparison.Ordinal)) ?? "";
        (string Size, int Burstable, int General, int Memory) size = RdsSizes.FirstOrDefault(one => machineType == $"{family}.{one.Size}");
        int gigabytes = family.StartsWith("db.t", StringComparison.Ordinal) ? size.Burstable : family.StartsWith("db.m", StringComparison.Ordinal) ? size.General : size.Memory;
        return gigabytes > 0 ? gigabytes * 1024 : null;
    }

    /// <summary>What may be written, in words.</summary>
    public static string Rule(CloudName cloud) => cloud == CloudName.Gcp
        ? $"write db-custom-CORES-MEGABYTES with the memory a multiple of 256, such as db-custom-2-8192, or one of {string.Join(", ", OptimizedTiers.Keys)}"
        : $"write one of the families {string.Join(", ", RdsFamilies)} with a size from medium to 8xlarge, such as db.t4g.medium";

    [GeneratedRegex(@"^db-custom-[1-9][0-9]?-(?<memory>[1-9][0-9]{3,5})$", RegexOptions.CultureInvariant)]
    private static partial Regex CustomTier();
}
