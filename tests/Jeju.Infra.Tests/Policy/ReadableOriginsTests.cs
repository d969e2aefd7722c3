using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Policy;

/// <summary>A content network and the bucket that it fetches from.</summary>
public sealed class ReadableOriginsTests
{
    private const string Rule = "JEJU0914";

    [Theory]
    [InlineData("""{"Statement":[{"Effect":"Deny","Principal":"*"}]}""", 1)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"}}]}""", 0)]
    public void A_distribution_whose_bucket_does_not_let_it_in_is_refused(string policy, int refusals) => Assert.Equal(
        Enumerable.Repeat("site: Its bucket pages does not let it in.", refusals),
        new PlanOfResources()
            .With("aws:s3/bucket:Bucket", "pages", PropertyMap.Empty)
            .With("aws:s3/bucketPolicy:BucketPolicy", "pages-policy", PropertyMap.Of(("policy", policy)), new() { ["bucket"] = "pages" })
            .With(
                "aws:cloudfront/distribution:Distribution", "site",
                PropertyMap.Of(("origins", PropertyList.Create([PropertyMap.Of(("originAccessControlId", "access"))]))), new() { ["origins"] = "pages" })
            .Refusals(Rule));

    [Theory]
    [InlineData("serviceAccount:service-1@gs-project-accounts.iam.gserviceaccount.com", 1)]
    [InlineData("serviceAccount:service-1@https-lb.iam.gserviceaccount.com", 0)]
    public void A_backend_whose_bucket_does_not_let_it_in_is_refused(string reader, int refusals) => Assert.Equal(
        Enumerable.Repeat("site: Its bucket pages does not let it in.", refusals),
        new PlanOfResources()
            .With("gcp:storage/bucket:Bucket", "pages", PropertyMap.Empty)
            .With("gcp:storage/bucketIAMMember:BucketIAMMember", "reader", PropertyMap.Of(("member", reader)), new() { ["bucket"] = "pages" })
            .With("gcp:compute/backendBucket:BackendBucket", "site", PropertyMap.Empty, new() { ["bucketName"] = "pages" })
            .Refusals(Rule));
}
