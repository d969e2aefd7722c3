using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

public sealed class EncryptionAtRestTests
{
    private const string Code = "JEJU0901";
    private const string Database = "aws:rds/instance:Instance";

    [Fact]
    public void A_database_without_encryption_is_refused() => Assert.Equal(
        ["data: It stores data unencrypted: storageEncrypted is not true."],
        new PlanOfResources().With(Database, "data", Of(("storageEncrypted", false))).Refusals(Code));

    [Fact]
    public void A_database_with_amazons_own_key_is_refused() => Assert.Equal(
        ["data: Its data is not encrypted with a key of the stack: kmsKeyId is 'alias/aws/rds'."],
        new PlanOfResources().With(Database, "data", Of(("storageEncrypted", true), ("kmsKeyId", "alias/aws/rds"))).Refusals(Code));

    [Fact]
    public void An_unknown_that_comes_from_no_key_is_no_key() => Assert.Equal(
        ["data: Its data is not encrypted with a key of the stack: kmsKeyId comes from no key of the plan."],
        new PlanOfResources()
            .With("aws:ec2/vpc:Vpc", "net", Empty)
            .With(Database, "data", Of(("storageEncrypted", true), ("kmsKeyId", PropertyValue.Unknown)), from: new() { ["kmsKeyId"] = "net" })
            .Refusals(Code));

    [Fact]
    public void A_bucket_without_a_configuration_of_its_encryption_is_refused() => Assert.Equal(
        ["store: Its objects are not encrypted with a key of the stack: it has no encryption configuration."],
        new PlanOfResources().With("aws:s3/bucket:Bucket", "store", Empty).Refusals(Code));

    [Fact]
    public void A_disk_of_a_machine_without_a_key_is_refused() => Assert.Equal(
        ["machines: A disk of its machines is not encrypted with a key of the stack."],
        new PlanOfResources()
            .With("aws:ec2/launchTemplate:LaunchTemplate", "machines", Of(("blockDeviceMappings", PropertyList.Create([Of(("ebs", Of(("encrypted", "true"))))]))))
            .Refusals(Code));

    [Fact]
    public void A_storage_class_without_a_key_is_refused() => Assert.Equal(
        ["gp3: Volumes of this class are not encrypted with a key of the stack."],
        new PlanOfResources()
            .With("kubernetes:storage.k8s.io/v1:StorageClass", "gp3", Of(("provisioner", "ebs.csi.aws.com"), ("parameters", Of(("encrypted", "true")))))
            .Refusals(Code));

    [Fact]
    public void Stores_with_a_key_of_the_stack_pass() => Assert.Empty(
        new PlanOfResources()
            .With("aws:kms/key:Key", "key", Empty)
            .With(Database, "data", Of(("storageEncrypted", true), ("kmsKeyId", PropertyValue.Unknown)), from: new() { ["kmsKeyId"] = "key" })
            .With(Database, "replica", Of(("storageEncrypted", true), ("replicateSourceDb", "data")))
            .With("gcp:kms/cryptoKey:CryptoKey", "crypto", Empty)
            .With("gcp:storage/bucket:Bucket", "objects", Of(("encryption", Of(("defaultKmsKeyName", PropertyValue.Unknown)))), from: new() { ["encryption"] = "crypto" })
            .With("aws:s3/bucket:Bucket", "store", Empty)
            .With("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "store-encryption",
                Of(("bucket", PropertyValue.Unknown), ("rules", PropertyList.Create([Of(("applyServerSideEncryptionByDefault", Of(("kmsMasterKeyId", PropertyValue.Unknown))))]))),
                from: new() { ["bucket"] = "store", ["rules"] = "key" })
            .Refusals(Code));
}
