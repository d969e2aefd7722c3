using System.Globalization;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>What holds state can be restored, and does not go by accident.</summary>
internal sealed class StateProtection() : PolicyRule(905, "backups and deletion protection on state")
{
    private const int DayInSeconds = 86_400;

    /// <summary>What mainnet never deletes or replaces without the protection being taken off first.</summary>
    private static readonly HashSet<string> Protected = new(StringComparer.Ordinal)
    {
        "aws:rds/instance:Instance", "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:eks/cluster:Cluster", "aws:route53/zone:Zone", "aws:backup/vault:Vault",
        "gcp:sql/databaseInstance:DatabaseInstance", "gcp:storage/bucket:Bucket", "gcp:kms/cryptoKey:CryptoKey", "gcp:container/cluster:Cluster", "gcp:dns/managedZone:ManagedZone",
    };

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        var isMainnet = plan.Network.Name == NetworkName.Mainnet;
        foreach (var resource in plan.Resources)
        {
            if (isMainnet && Protected.Contains(resource.Type) && !IsReplica(resource) && resource.Options.Find("protect") is not PropertyBoolean { Value: true })
            {
                yield return Refuse(resource, "It can be deleted by a mistake: the option protect is not set.", "Set Protect in its component's arguments.");
            }

            foreach (var (isWrong, reason, remedy) in Problems(plan, resource, isMainnet))
            {
                if (isWrong)
                {
                    yield return Refuse(resource, reason, remedy);
                }
            }
        }
    }

    private static IEnumerable<(bool IsWrong, string Reason, string Remedy)> Problems(PlanUnderReview plan, PlannedResource resource, bool isMainnet)
    {
        var days = isMainnet ? 30 : 7;
        switch (resource.Type)
        {
            case "aws:rds/instance:Instance" when !IsReplica(resource):
                yield return TooFew(resource, "backupRetentionPeriod", days);
                yield return (isMainnet && !resource.IsTrue("deletionProtection"), "It can be deleted: deletionProtection is not true.", "Set deletionProtection to true.");
                yield return (isMainnet && resource.IsTrue("skipFinalSnapshot"), "It is deleted without a last snapshot.", "Set skipFinalSnapshot to false and name the snapshot.");
                break;
            case "gcp:sql/databaseInstance:DatabaseInstance" when !IsReplica(resource):
                yield return (!resource.IsTrue("settings.backupConfiguration.enabled"), "It is not backed up.", "Set settings.backupConfiguration.enabled to true.");
                yield return (!resource.IsTrue("settings.backupConfiguration.pointInTimeRecoveryEnabled"), "It cannot be restored to a point in time.", "Set settings.backupConfiguration.pointInTimeRecoveryEnabled to true.");
                yield return TooFew(resource, "settings.backupConfiguration.backupRetentionSettings.retainedBackups", days);
                yield return (isMainnet && !resource.IsTrue("deletionProtection"), "It can be deleted: deletionProtection is not true.", "Set deletionProtection to true.");
                break;
            case "aws:s3/bucket:Bucket":
                yield return (
                    plan.OfType("aws:s3/bucketVersioning:BucketVersioning").FirstOrDefault(versioning => PlanUnderReview.Refers(versioning, "bucket", resource))?.Text("versioningConfiguration.status") != "Enabled",
                    "An overwritten or deleted object is lost: the bucket keeps no versions.", "Give it a BucketVersioning whose status is Enabled.");
                yield return (isMainnet && resource.IsTrue("forceDestroy"), "It is deleted with all its objects: forceDestroy is true.", "Take forceDestroy off.");
                break;
            case "gcp:storage/bucket:Bucket":
                yield return (!resource.IsTrue("versioning.enabled"), "An overwritten or deleted object is lost: the bucket keeps no versions.", "Set versioning.enabled to true.");
                yield return (isMainnet && resource.IsTrue("forceDestroy"), "It is deleted with all its objects: forceDestroy is true.", "Take forceDestroy off.");
                break;
            case "aws:kms/key:Key":
                yield return TooFew(resource, "deletionWindowInDays", days);
                yield return (
                    resource.Text("keyUsage") is null or "ENCRYPT_DECRYPT" && !resource.IsTrue("enableKeyRotation"),
                    "The key is never rotated.", "Set enableKeyRotation to true.");
                break;
            case "gcp:kms/cryptoKey:CryptoKey":
                yield return (
                    Seconds(resource.Text("destroyScheduledDuration")) < days * DayInSeconds,
                    $"A destroyed key is gone after '{resource.Text("destroyScheduledDuration") ?? "a day"}'.",
                    string.Create(CultureInfo.InvariantCulture, $"Set destroyScheduledDuration to {days * DayInSeconds}s."));
                yield return (
                    resource.Text("purpose") is null or "ENCRYPT_DECRYPT" && !resource.Has("rotationPeriod"), "The key is never rotated.", "Set rotationPeriod to 7776000s.");
                break;
            case "aws:eks/cluster:Cluster" or "gcp:container/cluster:Cluster":
                yield return (isMainnet && !resource.IsTrue("deletionProtection"), "It can be deleted: deletionProtection is not true.", "Set deletionProtection to true.");
                break;
            case "kubernetes:storage.k8s.io/v1:StorageClass":
                // The volumes of leases end with their leases: what was a consumer's is nobody else's.
                yield return (
                    isMainnet && resource.Text("reclaimPolicy") != "Retain" && !Enum.GetValues<CloudName>().Select(StorageClasses.OfLeases).Contains(resource.Text("metadata.name")),
                    "A volume goes with its claim: reclaimPolicy is not Retain.", "Set reclaimPolicy to Retain.");
                break;
        }
    }

    private static (bool IsWrong, string Reason, string Remedy) TooFew(PlannedResource resource, string path, int days) => (
        (resource.Number(path) ?? 0) < days,
        string.Create(CultureInfo.InvariantCulture, $"{path} is {resource.Text(path) ?? "not set"}, which is less than {days}."),
        string.Create(CultureInfo.InvariantCulture, $"Set it to {days} or more."));

    private static bool IsReplica(PlannedResource resource) => resource.Has("replicateSourceDb") || resource.Has("masterInstanceName");

    private static double Seconds(string? duration) =>
        duration is not null && double.TryParse(duration.TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : DayInSeconds;
}
