using Jeju.Infra.Engine.Plans;

namespace Jeju.Infra.Policy.Rules;

/// <summary>A site's bucket is private, and the content network that serves it may read it; else every page of it is an error.</summary>
internal sealed class ReadableOrigins() : PolicyRule(914, "a private bucket that its content network may read")
{
    private const string AwsReader = "cloudfront.amazonaws.com";
    private const string GcpReader = "@https-lb.iam.gserviceaccount.com";

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan) =>
    [
        .. from distribution in plan.OfType("aws:cloudfront/distribution:Distribution")
           where distribution.Has("origins.originAccessControlId")
           from bucket in plan.OfType("aws:s3/bucket:Bucket")
           where distribution.Sources("origins").Contains(bucket.Urn)
               && !plan.OfType("aws:s3/bucketPolicy:BucketPolicy").Any(policy => PlanUnderReview.Refers(policy, "bucket", bucket) && LetsIn(policy))
           select Refuse(distribution, $"Its bucket {bucket.Name()} does not let it in.", $"Allow s3:GetObject to {AwsReader} in the bucket's policy, for distributions of this account."),
        .. from backend in plan.OfType("gcp:compute/backendBucket:BackendBucket")
           from bucket in plan.OfType("gcp:storage/bucket:Bucket")
           where PlanUnderReview.Refers(backend, "bucketName", bucket)
               && !plan.OfType("gcp:storage/bucketIAMMember:BucketIAMMember").Any(member => PlanUnderReview.Refers(member, "bucket", bucket)
                   && member.Text("member")?.EndsWith(GcpReader, StringComparison.Ordinal) == true)
           select Refuse(backend, $"Its bucket {bucket.Name()} does not let it in.", $"Give roles/storage.objectViewer on the bucket to the project's account {GcpReader}."),
    ];

    private static bool LetsIn(PlannedResource policy) =>
        (policy.Text("policy") ?? policy.ComposedTexts.GetValueOrDefault("policy"))?.Contains(AwsReader, StringComparison.Ordinal) == true;
}
