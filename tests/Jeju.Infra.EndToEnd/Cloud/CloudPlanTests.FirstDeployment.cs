using System.Text.Json;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What a cloud refuses at the first deployment of a new account or project, or at the second one after a stack was destroyed.</summary>
public sealed partial class CloudPlanTests
{
    /// <summary>Per type: where a resource names its key, and the account in whose name Google's service uses it.</summary>
    private static readonly Dictionary<string, (string[] Key, string Agent)> GoogleStores = new()
    {
        ["gcp:artifactregistry/repository:Repository"] = (["kmsKeyName"], "gcp-sa-artifactregistry"),
        ["gcp:container/cluster:Cluster"] = (["databaseEncryption", "keyName"], "container-engine-robot"),
        ["gcp:container/nodePool:NodePool"] = (["nodeConfig", "bootDiskKmsKey"], "compute-system"),
        ["gcp:gkebackup/backupPlan:BackupPlan"] = (["backupConfig", "encryptionKey", "gcpKmsEncryptionKey"], "gcp-sa-gkebackup"),
        ["gcp:pubsub/topic:Topic"] = (["kmsKeyName"], "gcp-sa-pubsub"),
        ["gcp:secretmanager/secret:Secret"] = (["replication", "userManaged", "replicas", "customerManagedEncryption", "kmsKeyName"], "gcp-sa-secretmanager"),
        ["gcp:sql/databaseInstance:DatabaseInstance"] = (["encryptionKeyName"], "gcp-sa-cloud-sql"),
        ["gcp:storage/bucket:Bucket"] = (["encryption", "defaultKmsKeyName"], "gs-project-accounts"),
    };

    /// <summary>What the engine puts behind a name that is left to it: a hyphen and seven hexadecimal digits.</summary>
    private const int RandomSuffix = 8;

    /// <summary>Per type: the input that is its name, and how long it may be (the services' own API references).</summary>
    private static readonly Dictionary<string, (string Name, int Longest)> NameLimits = new()
    {
        ["aws:backup/plan:Plan"] = ("name", 50),
        ["aws:backup/selection:Selection"] = ("name", 50),
        ["aws:backup/vault:Vault"] = ("name", 50),
        ["aws:budgets/budget:Budget"] = ("name", 100),
        ["aws:cloudfront/originAccessControl:OriginAccessControl"] = ("name", 64),
        ["aws:cloudfront/cachePolicy:CachePolicy"] = ("name", 128),
        ["aws:cloudwatch/eventRule:EventRule"] = ("name", 64),
        ["aws:cloudwatch/metricAlarm:MetricAlarm"] = ("name", 255),
        ["aws:eks/cluster:Cluster"] = ("name", 100),
        ["aws:eks/nodeGroup:NodeGroup"] = ("nodeGroupName", 63),
        ["aws:iam/role:Role"] = ("name", 64),
        ["aws:lb/loadBalancer:LoadBalancer"] = ("name", 32),
        ["aws:lb/targetGroup:TargetGroup"] = ("name", 32),
        ["aws:rds/instance:Instance"] = ("identifier", 63),
        ["aws:rds/subnetGroup:SubnetGroup"] = ("name", 255),
        ["aws:s3/bucket:Bucket"] = ("bucket", 63),
        ["aws:secretsmanager/secret:Secret"] = ("name", 512),
        ["aws:sns/topic:Topic"] = ("name", 256),
        ["aws:wafv2/webAcl:WebAcl"] = ("name", 128),
        ["gcp:artifactregistry/repository:Repository"] = ("repositoryId", 63),
        ["gcp:billing/budget:Budget"] = ("displayName", 60),
        ["gcp:certificatemanager/certificateMapEntry:CertificateMapEntry"] = ("name", 63),
        ["gcp:certificatemanager/dnsAuthorization:DnsAuthorization"] = ("name", 63),
        ["gcp:compute/backendBucket:BackendBucket"] = ("name", 63),
        ["gcp:compute/globalAddress:GlobalAddress"] = ("name", 63),
        ["gcp:compute/network:Network"] = ("name", 63),
        ["gcp:compute/securityPolicy:SecurityPolicy"] = ("name", 63),
        ["gcp:container/cluster:Cluster"] = ("name", 40),
        ["gcp:container/nodePool:NodePool"] = ("name", 40),
        ["gcp:dns/managedZone:ManagedZone"] = ("name", 63),
        ["gcp:kms/keyRing:KeyRing"] = ("name", 63),
        ["gcp:pubsub/topic:Topic"] = ("name", 255),
        ["gcp:secretmanager/secret:Secret"] = ("secretId", 255),
        ["gcp:serviceaccount/account:Account"] = ("accountId", 30),
        ["gcp:sql/databaseInstance:DatabaseInstance"] = ("name", 60),
        ["gcp:storage/bucket:Bucket"] = ("name", 63),
    };

    /// <summary>A name that is too long is refused when half of the stack is there.</summary>
    [Fact]
    public void EveryNameIsOneThatItsCloudTakes()
    {
        HashSet<string> seen = [];
        Assert.All(stacks.Of("mainnet").Concat(stacks.Of("testnet")), resource =>
        {
            if (NameLimits.TryGetValue(resource.Type, out (string Name, int Longest) limit))
            {
                seen.Add(resource.Type);
                string name = resource.Text(limit.Name) ?? resource.Name + new string('0', RandomSuffix);
                Assert.True(name.Length <= limit.Longest, $"{resource.Urn}: '{name}' has {name.Length} of {limit.Longest} characters");
                Assert.True(limit.Name != "accountId" || name.Length >= 6, $"{resource.Urn}: '{name}' has fewer than 6 characters");
            }
        });
        Assert.Equal(NameLimits.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    /// <summary>An account of AWS gets certificates of ten names, and more only on request.</summary>
    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void EveryCertificateOfAwsHasAsManyNamesAsAnAccountMayAskFor(string stack)
    {
        PlannedResource[] certificates = [.. stacks.Of(stack).Where(resource => resource.Type == "aws:acm/certificate:Certificate")];

        Assert.Equal(2, certificates.Length);
        Assert.All(certificates, certificate => Assert.InRange(certificate.Inputs.GetProperty("subjectAlternativeNames").GetArrayLength() + 1, 1, 10));
    }

    /// <summary>Google refuses an alert on a figure that nobody has reported yet, unless it is told not to look, and a budget in another currency than the account's.</summary>
    [Fact]
    public void NothingOfGoogleIsRefusedForWhatComesLaterOrIsAnothers()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        JsonElement[] queries = [.. plan.Where(resource => resource.Type == "gcp:monitoring/alertPolicy:AlertPolicy")
            .SelectMany(alert => alert.Inputs.GetProperty("conditions").EnumerateArray())
            .Select(condition => condition.TryGetProperty("conditionPrometheusQueryLanguage", out JsonElement query) ? query : default)
            .Where(query => query.ValueKind == JsonValueKind.Object)];
        PlannedResource budget = plan.Single(resource => resource.Type == "gcp:billing/budget:Budget");
        PlannedResource provider = plan.Single(resource => budget.Provider.StartsWith(resource.Urn, StringComparison.Ordinal));

        Assert.NotEmpty(queries);
        Assert.All(queries, query => Assert.True(query.GetProperty("disableMetricValidation").GetBoolean(), query.ToString()));
        Assert.False(budget.Inputs.GetProperty("amount").GetProperty("specifiedAmount").TryGetProperty("currencyCode", out _));

        // With a person's login these services want to know the project in which a request counts.
        Assert.Equal(("true", "jeju-mainnet"), (provider.Text("userProjectOverride"), provider.Text("billingProject")));
    }

    /// <summary>A service that may not use the key refuses to make what is encrypted with it.</summary>
    [Fact]
    public void EveryServiceOfGoogleMayUseTheKeyBeforeItEncryptsWithIt()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        ILookup<string, PlannedResource> grants = plan.Where(resource => resource.Type == "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember").ToLookup(grant => SourceOf(grant, "cryptoKeyId"));
        HashSet<string> seen = [];
        foreach (PlannedResource store in plan)
        {
            if (GoogleStores.TryGetValue(store.Type, out (string[] Key, string Agent) use) && SourceOf(store, use.Key) is { Length: > 0 } key)
            {
                seen.Add(store.Type);
                PlannedResource? grant = grants[key].SingleOrDefault(grant => grant.Name.EndsWith($"-{use.Agent}", StringComparison.Ordinal));
                Assert.True(grant is not null, $"{store.Urn}: {use.Agent} may not use {key}");
                Assert.Contains(grant.Urn, store.Dependencies);
            }
        }

        Assert.Equal(GoogleStores.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    /// <summary>The pool of a project's identities comes with its first cluster; a right that is given to a member of it before is refused.</summary>
    [Fact]
    public void NoWorkloadGetsAnIdentityBeforeTheClusterIsThere()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        string cluster = plan.Single(resource => resource.Type == "gcp:container/cluster:Cluster").Urn;
        PlannedResource[] bound = [.. plan.Where(resource => resource.Type == "gcp:serviceaccount/iAMMember:IAMMember")];

        Assert.True(bound.Length >= 4);
        Assert.All(bound, binding => Assert.Contains(cluster, binding.Dependencies));
    }

    /// <summary>Google's storage delivers access logs only where it may write, and says nothing where it may not.</summary>
    [Fact]
    public void EveryBucketOfGoogleLogsWhereItsLogsMayBeWritten()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource grant = plan.Single(resource => resource.Type == "gcp:storage/bucketIAMMember:BucketIAMMember" && resource.Text("member") == "group:cloud-storage-analytics@google.com");
        PlannedResource[] buckets = [.. plan.Where(resource => resource.Type == "gcp:storage/bucket:Bucket")];
        PlannedResource[] logging = [.. buckets.Where(bucket => bucket.Inputs.TryGetProperty("logging", out _))];

        Assert.Equal("roles/storage.objectCreator", grant.Text("role"));
        Assert.Equal(buckets.Length - 1, logging.Length);
        Assert.All(logging, bucket => Assert.Contains(grant.Urn, bucket.Dependencies));
    }

    /// <summary>The sender of findings, and the reader of the sites, are accounts that Google makes with the first use: before, they are nobody.</summary>
    [Theory]
    [InlineData("gcp-sa-scc-notification.iam.gserviceaccount.com", "gcp:securitycenter/v2ProjectNotificationConfig:V2ProjectNotificationConfig")]
    [InlineData("https-lb.iam.gserviceaccount.com", "gcp:compute/backendBucket:BackendBucket")]
    public void NobodyOfGooglesIsGivenARightBeforeHeIsThere(string account, string madeWith)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource[] grants = [.. plan.Where(resource => resource.Text("member")?.EndsWith(account, StringComparison.Ordinal) == true)];

        Assert.NotEmpty(grants);
        Assert.All(grants, grant => Assert.Contains(grant.Dependencies, urn => plan.Single(resource => resource.Urn == urn).Type == madeWith));
    }

    /// <summary>"Scan on push" is a service of its own on Google Cloud.</summary>
    [Fact]
    public void ImagesAreScannedOnBothClouds()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource[] repositories = [.. plan.Where(resource => resource.Type == "aws:ecr/repository:Repository")];

        Assert.NotEmpty(repositories);
        Assert.All(repositories, repository => Assert.True(repository.Inputs.GetProperty("imageScanningConfiguration").GetProperty("scanOnPush").GetBoolean()));
        Assert.Equal("INHERITED", plan.Single(resource => resource.Type == "gcp:artifactregistry/repository:Repository").Text("vulnerabilityScanningConfig", "enablementConfig"));
        Assert.Contains(plan, resource => resource.Type == "gcp:projects/service:Service" && resource.Text("service") == "containerscanning.googleapis.com");
    }

    /// <summary>RDS refuses a replica of an instance whose password it manages, and both clouds refuse replicas with a key, a window or backups of their own.</summary>
    [Fact]
    public void NoReplicaAsksForWhatTheCloudsRefuseIt()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource amazon = plan.Single(resource => resource.Type == "aws:rds/instance:Instance" && resource.Inputs.TryGetProperty("replicateSourceDb", out _));
        PlannedResource google = plan.Single(resource => resource.Type == "gcp:sql/databaseInstance:DatabaseInstance" && resource.Inputs.TryGetProperty("masterInstanceName", out _));

        Assert.False(amazon.Inputs.TryGetProperty("kmsKeyId", out _));
        Assert.False(google.Inputs.TryGetProperty("encryptionKeyName", out _));
        Assert.False(google.Inputs.GetProperty("settings").TryGetProperty("maintenanceWindow", out _));
        Assert.False(google.Inputs.GetProperty("settings").TryGetProperty("backupConfiguration", out _));
        Assert.All(plan.Where(resource => resource.Type == "aws:rds/instance:Instance"), instance => Assert.False(instance.Inputs.TryGetProperty("manageMasterUserPassword", out _)));
    }

    /// <summary>Every login is generated, is nowhere in the plan, and lies where the cluster copies it from.</summary>
    [Fact]
    public void EveryLoginToADatabaseIsGeneratedAndKeptInTheSecretStore()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource[] logins =
        [
            plan.Single(resource => resource.Type == "aws:rds/instance:Instance" && resource.Inputs.TryGetProperty("username", out _)),
            .. plan.Where(resource => resource.Type == "gcp:sql/user:User"),
        ];

        Assert.Equal(["gateway", "indexer"], logins.Skip(1).Select(user => user.Text("name")).Order());
        Assert.All(logins, login =>
        {
            string password = SourceOf(login, "password");
            Assert.Contains("jeju:index:GeneratedPassword", password, StringComparison.Ordinal);
            Assert.Single(plan, resource => resource.Type.EndsWith(":SecretVersion", StringComparison.Ordinal) && resource.Dependencies.Contains(password));
        });
        Assert.Equal(logins.Length, logins.Select(login => SourceOf(login, "password")).Distinct().Count());
    }

    /// <summary>What a cloud keeps a name of after it is gone has a new one each time, so that a stack can be made again.</summary>
    [Fact]
    public void WhatCannotBeCalledTheSameAgainHasNoNameOfOurs()
    {
        PlannedResource[] named = [.. stacks.Of("mainnet").Where(resource => resource.Type is "gcp:kms/keyRing:KeyRing" or "gcp:sql/databaseInstance:DatabaseInstance")];

        Assert.Equal(3, named.Length);
        Assert.All(named, resource => Assert.False(resource.Inputs.TryGetProperty("name", out _), resource.Urn));
    }

    /// <summary>What lies in a bucket, a registry or a vault stops a testnet from being destroyed half way, and mainnet's from being destroyed at all.</summary>
    [Theory]
    [InlineData("testnet", true)]
    [InlineData("mainnet", false)]
    public void WhatIsStoredGoesWithATestnetAndNeverWithMainnet(string stack, bool goes)
    {
        Dictionary<string, string> switches = new()
        {
            ["aws:backup/vault:Vault"] = "forceDestroy",
            ["aws:ecr/repository:Repository"] = "forceDelete",
            ["aws:s3/bucket:Bucket"] = "forceDestroy",
            ["gcp:storage/bucket:Bucket"] = "forceDestroy",
        };
        PlannedResource[] stores = [.. stacks.Of(stack).Where(resource => switches.ContainsKey(resource.Type))];

        Assert.Equal(switches.Keys.Where(type => stack == "mainnet" || !type.StartsWith("gcp:", StringComparison.Ordinal)).Order(), stores.Select(store => store.Type).Distinct().Order());
        Assert.All(stores, store => Assert.Equal(goes, store.Inputs.GetProperty(switches[store.Type]).GetBoolean()));

        // Cloud SQL keeps the connection for days after its last instance.
        Assert.All(stacks.Of(stack).Where(resource => resource.Type == "gcp:servicenetworking/connection:Connection"), connection => Assert.Equal("ABANDON", connection.Text("deletionPolicy")));
    }

    /// <summary>A key that encrypts nothing, or signs for nobody, is one that the reader of the plan is misled by.</summary>
    [Theory]
    [InlineData("testnet", 5)]
    [InlineData("mainnet", 10)]
    public void EveryKeyIsReallyUsed(string stack, int expected)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        PlannedResource[] keys = [.. plan.Where(resource => resource.Type is "gcp:kms/cryptoKey:CryptoKey" || (resource.Type == "aws:kms/key:Key" && !resource.Name.EndsWith("-outside-alarms", StringComparison.Ordinal)))];

        Assert.Equal(expected, keys.Length);

        // On the cloud that follows, the signer's right is the use of the signing keys: a failover takes them up.
        Assert.All(keys, key => Assert.Contains(
            plan,
            user => user.Dependencies.Contains(key.Urn) && user.Type != "aws:kms/alias:Alias" && !user.Type.StartsWith("jeju:", StringComparison.Ordinal)
                && (user.Type != "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember" || user.Name.Contains("-op-signer-", StringComparison.Ordinal))));
    }

    /// <summary>A copy of a volume keeps the volume's key: without the sites, the vault's own key would encrypt nothing.</summary>
    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void TheSitesAreEncryptedWithTheStacksKeyAndBackedUp(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        PlannedResource bucket = plan.Single(resource => resource.Type == "aws:s3/bucket:Bucket" && resource.Name.EndsWith("-sites", StringComparison.Ordinal));
        PlannedResource selection = plan.Single(resource => resource.Type == "aws:backup/selection:Selection");
        PlannedResource chosen = plan.Single(resource => resource.Type == "aws:backup/regionSettings:RegionSettings");
        PlannedResource encryption = plan.Single(resource => resource.Type.StartsWith("aws:s3/bucketServerSideEncryption", StringComparison.Ordinal) && resource.Dependencies.Contains(bucket.Urn));

        Assert.Equal(bucket.Text("tags", selection.Text("selectionTags", "key")!), selection.Text("selectionTags", "value"));

        // What the account has not opted in to is passed over in silence.
        Assert.Equal(["EBS", "S3"], chosen.Inputs.GetProperty("resourceTypeOptInPreference").EnumerateObject().Where(type => type.Value.GetBoolean()).Select(type => type.Name).Order());
        Assert.Contains(chosen.Urn, selection.Dependencies);
        Assert.Equal("aws:kms", encryption.Text("rules", "applyServerSideEncryptionByDefault", "sseAlgorithm"));
        Assert.Contains(encryption.Dependencies, urn => urn.EndsWith($"::jeju-{stack}-data", StringComparison.Ordinal));
    }

    /// <summary>The resource that an unknown input comes from; empty where it is known.</summary>
    private static string SourceOf(PlannedResource resource, params string[] path)
    {
        JsonElement value = resource.Inputs;
        foreach (string step in path)
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                value = value[0];
            }

            if (!value.TryGetProperty(step, out value))
            {
                return "";
            }
        }

        if (!value.TryGetProperty("$unknown", out JsonElement unknown))
        {
            return "";
        }

        // A key is known once its users are allowed to use it, so its grants are among the sources.
        return unknown.TryGetProperty("urn", out JsonElement urn)
            ? urn.GetString()!
            : unknown.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("urn").GetString()!).First(source => !source.Contains("IAMMember", StringComparison.Ordinal));
    }
}
