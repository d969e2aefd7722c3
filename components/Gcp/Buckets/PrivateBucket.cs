using Pulumi;
using Pulumi.Gcp.Storage;
using Pulumi.Gcp.Storage.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about a bucket.</summary>
public sealed class PrivateBucketArgs : ResourceArgs
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The key that encrypts the objects.</summary>
    [Input("dataKeyId", required: true)]
    public Input<string> DataKeyId { get; set; } = null!;

    /// <summary>The bucket that receives the access log. Absent for the log bucket itself.</summary>
    [Input("logBucket")]
    public Input<string>? LogBucket { get; set; }

    /// <summary>Whether this is the bucket that receives the access logs of others.</summary>
    public bool ReceivesAccessLogs { get; init; }

    /// <summary>How long replaced versions are kept, in days, 1 and up.</summary>
    public int KeepReplacedDays { get; init; } = 90;

    /// <summary>After how many days objects go; absent means never.</summary>
    public int? ExpireDays { get; init; }

    /// <summary>Whether the bucket outlives the stack; else it goes with what is in it.</summary>
    public bool Protect { get; init; }
}

/// <summary>A bucket that nobody outside the project can read: versioned, encrypted with the stack's key, no access lists, access logged. Google's storage speaks TLS only.</summary>
public sealed class PrivateBucket : ComponentResource
{
    /// <summary>Declares the bucket.</summary>
    public PrivateBucket(string name, PrivateBucketArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:PrivateBucket", name, args, options)
    {
        BucketArgs bucketArgs = new()
        {
            Location = args.Region,
            UniformBucketLevelAccess = true,
            PublicAccessPrevention = "enforced",
            ForceDestroy = !args.Protect,
            Versioning = new BucketVersioningArgs { Enabled = true },
            Encryption = new BucketEncryptionArgs { DefaultKmsKeyName = args.DataKeyId },
            LifecycleRules = Lifecycle(args),
        };
        if (args.LogBucket is not null)
        {
            bucketArgs.Logging = new BucketLoggingArgs { LogBucket = args.LogBucket, LogObjectPrefix = name };
        }

        Bucket bucket = new(name, bucketArgs, new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
        BucketName = args.ReceivesAccessLogs ? Output.Tuple(bucket.Name, LogWriter(name, bucket)).Apply(values => values.Item1) : bucket.Name;
        RegisterOutputs(new Dictionary<string, object?> { ["bucketName"] = BucketName });
    }

    /// <summary>The bucket's name; that of the log bucket is known once the logs can be written.</summary>
    [Output("bucketName")]
    public Output<string> BucketName { get; private set; }

    /// <summary>Google delivers access logs as a group of its own, which without this right delivers none and says nothing (Cloud Storage documentation, "Usage logs and storage logs").</summary>
    private Output<string> LogWriter(string name, Bucket bucket) => new BucketIAMMember($"{name}-access-logs", new BucketIAMMemberArgs
    {
        Bucket = bucket.Name,
        Role = "roles/storage.objectCreator",
        Member = "group:cloud-storage-analytics@google.com",
    }, new CustomResourceOptions { Parent = this }).Id;

    private static BucketLifecycleRuleArgs[] Lifecycle(PrivateBucketArgs args)
    {
        BucketLifecycleRuleArgs replaced = new()
        {
            Action = new BucketLifecycleRuleActionArgs { Type = "Delete" },
            Condition = new BucketLifecycleRuleConditionArgs { DaysSinceNoncurrentTime = args.KeepReplacedDays, WithState = "ARCHIVED" },
        };
        BucketLifecycleRuleArgs unfinished = new()
        {
            Action = new BucketLifecycleRuleActionArgs { Type = "AbortIncompleteMultipartUpload" },
            Condition = new BucketLifecycleRuleConditionArgs { Age = 7 },
        };
        return args.ExpireDays is not int days
            ? [replaced, unfinished]
            :
            [
                replaced,
                unfinished,
                new BucketLifecycleRuleArgs
                {
                    Action = new BucketLifecycleRuleActionArgs { Type = "Delete" },
                    Condition = new BucketLifecycleRuleConditionArgs { Age = days },
                },
            ];
    }
}
