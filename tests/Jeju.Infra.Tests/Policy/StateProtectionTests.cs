using Jeju.Infra.Core;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

public sealed class StateProtectionTests
{
    private const string Code = "JEJU0905";
    private const string Database = "aws:rds/instance:Instance";
    private static readonly PropertyMap Protect = Of(("protect", true));

    [Fact]
    public void A_database_with_too_few_backups_is_refused() => Assert.Equal(
        ["data: backupRetentionPeriod is 1, which is less than 7."],
        new PlanOfResources().With(Database, "data", Of(("backupRetentionPeriod", 1.0))).Refusals(Code));

    [Fact]
    public void On_mainnet_what_holds_state_cannot_go_by_a_mistake() => Assert.Equal(
        ["data: It can be deleted by a mistake: the option protect is not set.", "data: It can be deleted: deletionProtection is not true."],
        new PlanOfResources { Network = NetworkProfile.Mainnet }.With(Database, "data", Of(("backupRetentionPeriod", 30.0))).Refusals(Code));

    [Fact]
    public void A_replica_needs_no_backups_of_its_own() => Assert.Empty(
        new PlanOfResources { Network = NetworkProfile.Mainnet }.With(Database, "replica", Of(("replicateSourceDb", "data"))).Refusals(Code));

    [Theory]
    [InlineData("aws:s3/bucket:Bucket", "An overwritten or deleted object is lost: the bucket keeps no versions.")]
    [InlineData("gcp:storage/bucket:Bucket", "An overwritten or deleted object is lost: the bucket keeps no versions.")]
    public void A_bucket_without_versions_is_refused(string type, string reason) =>
        Assert.Equal([$"store: {reason}"], new PlanOfResources().With(type, "store", Empty).Refusals(Code));

    [Fact]
    public void A_key_that_is_never_rotated_or_gone_at_once_is_refused()
    {
        Assert.Equal(
            ["key: deletionWindowInDays is not set, which is less than 7.", "key: The key is never rotated."],
            new PlanOfResources().With("aws:kms/key:Key", "key", Empty).Refusals(Code));
        Assert.Equal(
            ["key: A destroyed key is gone after '86400s'.", "key: The key is never rotated."],
            new PlanOfResources().With("gcp:kms/cryptoKey:CryptoKey", "key", Of(("destroyScheduledDuration", "86400s"))).Refusals(Code));
    }

    [Fact]
    public void A_database_of_Google_without_a_point_in_time_is_refused() => Assert.Equal(
        ["data: It cannot be restored to a point in time."],
        new PlanOfResources()
            .With("gcp:sql/databaseInstance:DatabaseInstance", "data", Of(("settings", Of(("backupConfiguration",
                Of(("enabled", true), ("backupRetentionSettings", Of(("retainedBackups", 7.0)))))))))
            .Refusals(Code));

    [Fact]
    public void Protected_state_with_backups_passes() => Assert.Empty(
        new PlanOfResources { Network = NetworkProfile.Mainnet }
            .With(Database, "data", Of(("backupRetentionPeriod", 30.0), ("deletionProtection", true)), options: Protect)
            .With("aws:kms/key:Key", "signing", Of(("deletionWindowInDays", 30.0), ("keyUsage", "SIGN_VERIFY")), options: Protect)
            .With("gcp:storage/bucket:Bucket", "store", Of(("versioning", Of(("enabled", true)))), options: Protect)
            .With("kubernetes:storage.k8s.io/v1:StorageClass", "disks", Of(("reclaimPolicy", "Retain")))
            .With("kubernetes:storage.k8s.io/v1:StorageClass", "leases", Of(("reclaimPolicy", "Delete"), ("metadata", Of(("name", "gp3-leases")))))
            .Refusals(Code));

    [Fact]
    public void A_volume_of_the_networks_own_that_goes_with_its_claim_is_refused() => Assert.Equal(
        ["disks: A volume goes with its claim: reclaimPolicy is not Retain."],
        new PlanOfResources { Network = NetworkProfile.Mainnet }
            .With("kubernetes:storage.k8s.io/v1:StorageClass", "disks", Of(("reclaimPolicy", "Delete"), ("metadata", Of(("name", "gp3")))))
            .Refusals(Code));
}
