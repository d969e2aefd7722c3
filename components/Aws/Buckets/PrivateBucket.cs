using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.S3;
using Inputs = Pulumi.Aws.S3.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about a bucket.</summary>
public sealed class PrivateBucketArgs : ResourceArgs
{
    /// <summary>The key that encrypts the objects. Absent for a bucket that load balancers write to: they can use the service's key only.</summary>
    [Input("dataKeyArn")]
    public Input<string>? DataKeyArn { get; set; }

    /// <summary>The bucket that receives the access log. Absent for the log bucket itself.</summary>
    [Input("logBucket")]
    public Input<string>? LogBucket { get; set; }

    /// <summary>How long replaced versions are kept, in days, 1 and up.</summary>
    public int KeepReplacedDays { get; init; } = 90;

    /// <summary>After how many days objects go; absent means never.</summary>
    public int? ExpireDays { get; init; }

    /// <summary>Statements beyond "TLS only", given the bucket's ARN.</summary>
    public Func<string, IReadOnlyList<IamStatement>>? Statements { get; init; }

    /// <summary>Whether the daily backups have its objects.</summary>
    public bool BackUp { get; init; }

    /// <summary>Whether the bucket outlives the stack; else it goes with what is in it.</summary>
    public bool Protect { get; init; }
}

/// <summary>A bucket that nobody outside the account can read: versioned, encrypted, TLS only, no access lists, access logged.</summary>
public sealed class PrivateBucket : ComponentResource
{
    /// <summary>Declares the bucket.</summary>
    public PrivateBucket(string name, PrivateBucketArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:PrivateBucket", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        BucketArgs bucketArgs = new() { ForceDestroy = !args.Protect };
        if (args.BackUp)
        {
            bucketArgs.Tags = new InputMap<string> { [Guard.BackupTag] = Guard.Daily };
        }

        Bucket bucket = new(
            name,
            bucketArgs,
            new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
        BucketPublicAccessBlock block = new(name, new BucketPublicAccessBlockArgs
        {
            Bucket = bucket.Id,
            BlockPublicAcls = true,
            BlockPublicPolicy = true,
            IgnorePublicAcls = true,
            RestrictPublicBuckets = true,
        }, child);
        _ = new BucketOwnershipControls(name, new BucketOwnershipControlsArgs
        {
            Bucket = bucket.Id,
            Rule = new Inputs.BucketOwnershipControlsRuleArgs { ObjectOwnership = "BucketOwnerEnforced" },
        }, child);
        _ = new BucketVersioning(name, new BucketVersioningArgs
        {
            Bucket = bucket.Id,
            VersioningConfiguration = new Inputs.BucketVersioningVersioningConfigurationArgs { Status = "Enabled" },
        }, child);
        _ = new BucketServerSideEncryptionConfiguration(name, new BucketServerSideEncryptionConfigurationArgs
        {
            Bucket = bucket.Id,
            Rules = new Inputs.BucketServerSideEncryptionConfigurationRuleArgs
            {
                BucketKeyEnabled = args.DataKeyArn is not null,
                ApplyServerSideEncryptionByDefault = Encryption(args.DataKeyArn),
            },
        }, child);
        _ = new BucketLifecycleConfiguration(name, new BucketLifecycleConfigurationArgs { Bucket = bucket.Id, Rules = Lifecycle(args) }, child);
        BucketPolicy policy = new(
            name,
            new BucketPolicyArgs
            {
                Bucket = bucket.Id,
                Policy = bucket.Arn.Apply(arn => new IamPolicyDocument([TlsOnly(arn), .. args.Statements?.Invoke(arn) ?? []]).ToJson()),
            },
            new CustomResourceOptions { Parent = this, DependsOn = { block } });
        if (args.LogBucket is not null)
        {
            _ = new BucketLogging(name, new BucketLoggingArgs { Bucket = bucket.Id, TargetBucket = args.LogBucket, TargetPrefix = $"{name}/" }, child);
        }

        BucketName = Output.Tuple(bucket.Id, policy.Id).Apply(ids => ids.Item1);
        Arn = bucket.Arn;
        DomainName = bucket.BucketRegionalDomainName;
        RegisterOutputs(new Dictionary<string, object?> { ["bucketName"] = BucketName, ["arn"] = Arn, ["domainName"] = DomainName });
    }

    /// <summary>The bucket's name; known only once its policy is there, without which no service may write to it.</summary>
    [Output("bucketName")]
    public Output<string> BucketName { get; private set; }

    /// <summary>The bucket's ARN.</summary>
    [Output("arn")]
    public Output<string> Arn { get; private set; }

    /// <summary>The host name under which the CDN fetches from it.</summary>
    [Output("domainName")]
    public Output<string> DomainName { get; private set; }

    private static IamStatement TlsOnly(string arn) => new("DenyPlainHttp", ["s3:*"], [arn, $"{arn}/*"])
    {
        Effect = "Deny",
        Principals = new Dictionary<string, string> { ["AWS"] = "*" },
        Conditions = [("Bool", "aws:SecureTransport", "false")],
    };

    private static Inputs.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs Encryption(Input<string>? key) =>
        key is null
            ? new() { SseAlgorithm = "AES256" }
            : new() { SseAlgorithm = "aws:kms", KmsMasterKeyId = key };

    private static Inputs.BucketLifecycleConfigurationRuleArgs[] Lifecycle(PrivateBucketArgs args)
    {
        Inputs.BucketLifecycleConfigurationRuleArgs replaced = new()
        {
            Id = "replaced-versions",
            Status = "Enabled",
            Filter = new Inputs.BucketLifecycleConfigurationRuleFilterArgs { Prefix = string.Empty },
            NoncurrentVersionExpiration = new Inputs.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs { NoncurrentDays = args.KeepReplacedDays },
            AbortIncompleteMultipartUpload = new Inputs.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs { DaysAfterInitiation = 7 },
        };
        return args.ExpireDays is not int days
            ? [replaced]
            :
            [
                replaced,
                new Inputs.BucketLifecycleConfigurationRuleArgs
                {
                    Id = "expire",
                    Status = "Enabled",
                    Filter = new Inputs.BucketLifecycleConfigurationRuleFilterArgs { Prefix = string.Empty },
                    Expiration = new Inputs.BucketLifecycleConfigurationRuleExpirationArgs { Days = days },
                },
            ];
    }
}
