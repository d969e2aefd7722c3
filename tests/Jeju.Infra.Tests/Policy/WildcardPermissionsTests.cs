using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

public sealed class WildcardPermissionsTests
{
    private const string Code = "JEJU0904";

    [Theory]
    [InlineData("""{"Statement":[{"Sid":"All","Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b"}]}""", "policy: the statement 'All' allows every action.")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["*"]}]}""", "policy: a statement allows s3:* on every resource.")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"kms:Decrypt","NotResource":"arn:aws:kms:::key/a"}}""", "policy: a statement allows everything but what NotResource lists.")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}]}""", "policy: a statement lets it take any role.")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}""", "policy: a statement allows everybody.")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}""", "policy: a statement allows everybody.")]
    public void A_statement_that_allows_too_much_is_refused(string document, string reason) => Assert.Equal(
        [$"rights: {reason}"], new PlanOfResources().With("aws:iam/rolePolicy:RolePolicy", "rights", Of(("policy", document))).Refusals(Code));

    [Fact]
    public void Named_actions_on_named_resources_pass() => Assert.Empty(new PlanOfResources()
        .With("aws:iam/rolePolicy:RolePolicy", "rights", Of(("policy",
            """{"Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:List*"],"Resource":["arn:aws:s3:::b/*"]},{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}""")))
        .With("aws:kms/key:Key", "key", Of(("policy", """{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"kms:*","Resource":"*"}]}""")))
        .Refusals(Code));

    [Fact]
    public void A_document_that_no_plan_knows_is_warned_of() => Assert.Equal(
        "The document policy cannot be read before deployment.",
        Assert.Single(new PlanOfResources().With("aws:iam/rolePolicy:RolePolicy", "rights", Of(("policy", PropertyValue.Unknown))).Judge().Warnings).Reason);

    [Fact]
    public void A_managed_policy_of_full_access_is_refused() => Assert.Equal(
        ["rights: It attaches arn:aws:iam::aws:policy/AmazonS3FullAccess."],
        new PlanOfResources().With("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "rights", Of(("policyArn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"))).Refusals(Code));

    [Theory]
    [InlineData("roles/owner", "user:a@b.c", "It gives the role roles/owner.")]
    [InlineData("roles/storage.objectViewer", "allUsers", "It gives roles/storage.objectViewer to allUsers.")]
    [InlineData("roles/storage.objectViewer", "allAuthenticatedUsers", "It gives roles/storage.objectViewer to allAuthenticatedUsers.")]
    public void A_binding_of_Google_that_gives_too_much_is_refused(string role, string member, string reason) => Assert.Equal(
        [$"rights: {reason}"], new PlanOfResources().With("gcp:storage/bucketIAMMember:BucketIAMMember", "rights", Of(("role", role), ("member", member))).Refusals(Code));

    [Fact]
    public void A_cluster_role_over_everything_is_refused() => Assert.Equal(
        ["rights: A rule allows every verb on every resource.", "admin: It binds cluster-admin."],
        new PlanOfResources()
            .With("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "rights",
                Of(("rules", PropertyList.Create([Of(("verbs", PropertyList.Create(["*"])), ("resources", PropertyList.Create(["*"])))]))))
            .With("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "admin", Of(("roleRef", Of(("name", "cluster-admin")))))
            .Refusals(Code).Order().Reverse());
}
