using Jeju.Infra.Core;
using Jeju.Infra.Engine;

namespace Jeju.Infra.Policy.Rules;

/// <summary>
/// Clusters, databases, keys, contract proxies and running leases are changed in place or not at all: replacing one takes with it what others
/// rely on. A plan-only provider cannot say what forces a replacement; for those types the properties that do are listed here.
/// </summary>
internal sealed class GuardedReplacement() : PolicyRule(906, "no replacement of a cluster, database, key, proxy or funded lease")
{
    private static readonly Dictionary<string, (string Word, string[] Forcing)> Guarded = new(StringComparer.Ordinal)
    {
        ["aws:eks/cluster:Cluster"] = ("cluster", ["name", "roleArn", "bootstrapSelfManagedAddons", "encryptionConfig", "kubernetesNetworkConfig.serviceIpv4Cidr", "kubernetesNetworkConfig.ipFamily"]),
        ["gcp:container/cluster:Cluster"] = ("cluster", ["name", "location", "project", "network", "subnetwork", "ipAllocationPolicy", "datapathProvider", "privateClusterConfig.enablePrivateNodes", "privateClusterConfig.masterIpv4CidrBlock"]),
        ["aws:rds/instance:Instance"] = ("database", ["engine", "username", "dbName", "storageEncrypted", "kmsKeyId", "characterSetName", "timezone", "snapshotIdentifier", "availabilityZone"]),
        ["aws:rds/cluster:Cluster"] = ("database", ["engine", "masterUsername", "databaseName", "storageEncrypted", "kmsKeyId", "availabilityZones"]),
        ["gcp:sql/databaseInstance:DatabaseInstance"] = ("database", ["name", "region", "project", "encryptionKeyName", "masterInstanceName"]),
        ["aws:kms/key:Key"] = ("key", ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId"]),
        ["gcp:kms/cryptoKey:CryptoKey"] = ("key", ["name", "keyRing", "purpose", "destroyScheduledDuration", "importOnly"]),
        ["gcp:kms/keyRing:KeyRing"] = ("key ring", ["name", "location", "project"]),
        ["jeju:index:ContractSuite"] = ("set of contract proxies", []),
        ["jeju:index:Contract"] = ("contract proxy", []),
        ["jeju:index:ProvisionedNode"] = ("funded lease", []),
    };

    public override bool JudgesChanges => true;

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan) =>
        // On one's own machine everything can be made anew.
        plan.Network.Name == NetworkName.Localnet ? [] : plan.Steps.Where(step => Guarded.ContainsKey(step.Type)).SelectMany(Judge);

    private IEnumerable<PolicyFinding> Judge(ResourceStep step)
    {
        var (word, forcing) = Guarded[step.Type];
        switch (step.Operation)
        {
            case StepOperation.Replace or StepOperation.DeleteReplaced:
                yield return Refuse(step.Urn, $"The {word} would be replaced{Because(step.Differences.Where(difference => difference.ForcesReplacement).Select(difference => difference.Path))}.", Way(word));
                break;
            case StepOperation.Delete:
                yield return Refuse(step.Urn, $"The {word} would be deleted.", Way(word));
                break;
            case StepOperation.Update:
                var paths = step.Differences.Select(difference => difference.Path).Where(path => forcing.Any(name => path == name || path.StartsWith(name + ".", StringComparison.Ordinal) || path.StartsWith(name + "[", StringComparison.Ordinal))).ToList();
                if (paths.Count > 0)
                {
                    yield return Refuse(step.Urn, $"The {word} would be replaced{Because(paths)}.", Way(word));
                }

                break;
        }
    }

    private static string Because(IEnumerable<string> paths) => paths.ToList() is { Count: > 0 } known ? $", because {string.Join(" and ", known)} changes" : "";

    private static string Way(string word) =>
        $"Change it in place, or keep its name with an alias. If the {word} really shall go, say in policyExceptions what becomes of what it holds.";
}
