using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>Whatever holds data is encrypted with a key of the stack: one that the cloud owns can be neither audited nor withdrawn.</summary>
internal sealed class EncryptionAtRest() : PolicyRule(901, "encryption at rest with own keys")
{
    private const string BucketEncryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

    /// <summary>Per type: the property that names the key, and the switch that must be on beside it, where there is one.</summary>
    private static readonly Dictionary<string, (string Key, string? Switch)> Stores = new(StringComparer.Ordinal)
    {
        ["aws:amp/workspace:Workspace"] = ("kmsKeyArn", null),
        ["aws:backup/vault:Vault"] = ("kmsKeyArn", null),
        ["aws:cloudtrail/trail:Trail"] = ("kmsKeyId", null),
        ["aws:cloudwatch/logGroup:LogGroup"] = ("kmsKeyId", null),
        ["aws:dynamodb/table:Table"] = ("serverSideEncryption.kmsKeyArn", "serverSideEncryption.enabled"),
        ["aws:ebs/volume:Volume"] = ("kmsKeyId", "encrypted"),
        ["aws:ecr/repository:Repository"] = ("encryptionConfigurations.kmsKey", null),
        ["aws:efs/fileSystem:FileSystem"] = ("kmsKeyId", "encrypted"),
        ["aws:eks/cluster:Cluster"] = ("encryptionConfig.provider.keyArn", null),
        ["aws:elasticache/replicationGroup:ReplicationGroup"] = ("kmsKeyId", "atRestEncryptionEnabled"),
        ["aws:rds/cluster:Cluster"] = ("kmsKeyId", "storageEncrypted"),
        ["aws:rds/instance:Instance"] = ("kmsKeyId", "storageEncrypted"),
        ["aws:secretsmanager/secret:Secret"] = ("kmsKeyId", null),
        ["aws:sns/topic:Topic"] = ("kmsMasterKeyId", null),
        ["aws:sqs/queue:Queue"] = ("kmsMasterKeyId", null),
        ["gcp:artifactregistry/repository:Repository"] = ("kmsKeyName", null),
        ["gcp:compute/disk:Disk"] = ("diskEncryptionKey.kmsKeySelfLink", null),
        ["gcp:container/cluster:Cluster"] = ("databaseEncryption.keyName", null),
        ["gcp:container/nodePool:NodePool"] = ("nodeConfig.bootDiskKmsKey", null),
        ["gcp:gkebackup/backupPlan:BackupPlan"] = ("backupConfig.encryptionKey.gcpKmsEncryptionKey", null),
        ["gcp:pubsub/topic:Topic"] = ("kmsKeyName", null),
        ["gcp:sql/databaseInstance:DatabaseInstance"] = ("encryptionKeyName", null),
        ["gcp:storage/bucket:Bucket"] = ("encryption.defaultKmsKeyName", null),
    };

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        foreach (var resource in plan.Resources)
        {
            if (Stores.TryGetValue(resource.Type, out var store))
            {
                if (store.Switch is { } @switch && !resource.IsTrue(@switch))
                {
                    yield return Refuse(resource, $"It stores data unencrypted: {@switch} is not true.", $"Set {@switch} to true and {store.Key} to a key of the stack.");
                }
                else if (!IsReplica(resource) && !HasOwnKey(resource, store.Key))
                {
                    yield return Refuse(resource, $"Its data is not encrypted with a key of the stack: {Describe(resource, store.Key)}.", $"Set {store.Key} to the data key of the component Keys.");
                }
            }

            foreach (var finding in resource.Type switch
            {
                "aws:s3/bucket:Bucket" => JudgeBucket(plan, resource),
                "aws:ec2/launchTemplate:LaunchTemplate" => JudgeDisks(resource),
                "kubernetes:storage.k8s.io/v1:StorageClass" => JudgeStorageClass(resource),
                _ => [],
            })
            {
                yield return finding;
            }
        }
    }

    /// <summary>In the same region a replica is encrypted with its source's key and may not name one.</summary>
    private static bool IsReplica(PlannedResource resource) => resource.Has("replicateSourceDb") || resource.Has("masterInstanceName");

    private IEnumerable<PolicyFinding> JudgeBucket(PlanUnderReview plan, PlannedResource bucket)
    {
        var encryption = plan.OfType(BucketEncryption).FirstOrDefault(candidate => PlanUnderReview.Refers(candidate, "bucket", bucket));
        if (encryption is null || !HasOwnKey(encryption, "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId"))
        {
            yield return Refuse(
                bucket,
                $"Its objects are not encrypted with a key of the stack: {(encryption is null ? "it has no encryption configuration" : $"the algorithm is {encryption.Text("rules.applyServerSideEncryptionByDefault.sseAlgorithm")}")}.",
                "Encrypt it with aws:kms and the data key of the component Keys.");
        }
    }

    private IEnumerable<PolicyFinding> JudgeDisks(PlannedResource template)
    {
        if (template.Each("blockDeviceMappings").Any(disk => !disk.Each("ebs.encrypted").Any(PlannedInputs.IsTrue) || !disk.Each("ebs.kmsKeyId").Any(key => !key.IsNull)))
        {
            yield return Refuse(template, "A disk of its machines is not encrypted with a key of the stack.", "Set ebs.encrypted to true and ebs.kmsKeyId to the data key of the component Keys.");
        }
    }

    private IEnumerable<PolicyFinding> JudgeStorageClass(PlannedResource storage)
    {
        var isAws = storage.Text("provisioner")?.Contains("ebs.csi", StringComparison.Ordinal) == true;
        var isGcp = storage.Text("provisioner")?.Contains("pd.csi", StringComparison.Ordinal) == true;
        if ((isAws && !(storage.IsTrue("parameters.encrypted") && storage.Has("parameters.kmsKeyId"))) || (isGcp && !storage.Has("parameters.disk-encryption-kms-key")))
        {
            yield return Refuse(
                storage, "Volumes of this class are not encrypted with a key of the stack.",
                isAws ? "Set the parameters encrypted: \"true\" and kmsKeyId." : "Set the parameter disk-encryption-kms-key.");
        }
    }

    private static bool HasOwnKey(PlannedResource resource, string path) => resource.Value(path) switch
    {
        null or PropertyNull => false,
        PropertyUnknown => resource.Sources(path).Select(Urn.Type).Any(type => type is "aws:kms/key:Key" or "aws:kms/replicaKey:ReplicaKey" or "gcp:kms/cryptoKey:CryptoKey"),
        PropertyString { Value: var text } => text.Length > 0 && !text.Contains("alias/aws/", StringComparison.Ordinal),
        _ => true,
    };

    private static string Describe(PlannedResource resource, string path) => resource.Value(path) switch
    {
        null or PropertyNull => $"{path} is not set",
        PropertyString { Value: var text } => $"{path} is '{text}'",
        _ => $"{path} comes from no key of the plan",
    };
}
