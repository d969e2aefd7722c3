using Jeju.Infra.Core;
using Jeju.Infra.Policy;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

/// <summary>Images, isolation and written-out secrets of what runs on Kubernetes.</summary>
public sealed class WorkloadRuleTests
{
    private const string Deployment = "kubernetes:apps/v1:Deployment";
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("ethereum/client-go:latest", "The image ethereum/client-go:latest has no exact version.")]
    [InlineData("ethereum/client-go", "The image ethereum/client-go has no exact version.")]
    [InlineData("postgres:17", "The image postgres:17 has no exact version.")]
    [InlineData("registry:5000/geth@" + Digest, "The digest of registry:5000/geth@" + Digest + " is not in images/images.lock.json: nobody resolved it.")]
    public void An_image_that_nobody_can_name_again_is_refused(string image, string reason) => Assert.Equal([$"work: {reason}"], Of(image).Refusals("JEJU0907"));

    [Fact]
    public void An_exact_version_is_warned_of_and_stops_the_deployment_of_mainnet()
    {
        Assert.Equal("The image geth:v1.16.1 is not pinned to a digest.", Assert.Single(Of("geth:v1.16.1").Judge().Warnings).Reason);
        PlanOfResources mainnet = new() { Network = NetworkProfile.Mainnet, Deploys = true };
        Assert.Equal(
            ["work: The image geth:v1.16.1 is not pinned to a digest, which mainnet demands."],
            mainnet.With(Deployment, "work", Pod(("image", "geth:v1.16.1"))).Refusals("JEJU0907"));
    }

    [Fact]
    public void A_resolved_digest_passes_without_a_word()
    {
        PlanOfResources plan = Of("geth:v1.16.1@" + Digest);
        plan.ImageDigests["geth:v1.16.1"] = Digest;

        Assert.Empty(plan.Judge().Refusals);
        Assert.Empty(plan.Judge().Warnings);
    }

    [Fact]
    public void A_chart_of_a_range_of_versions_is_refused() => Assert.Equal(
        ["chart: The chart's version '>=1.0' is not exact."],
        new PlanOfResources().With("kubernetes:helm.sh/v3:Release", "chart", PropertyMap.Of(("version", ">=1.0"))).Refusals("JEJU0907"));

    [Theory]
    [InlineData("privileged", "The container 'main' is privileged.")]
    [InlineData("allowPrivilegeEscalation", "The container 'main' may gain privileges.")]
    public void A_container_has_no_rights_on_its_host(string right, string reason) => Assert.Equal(
        [$"work: {reason}"],
        new PlanOfResources().With(Deployment, "work", Pod(("securityContext", PropertyMap.Of((right, true))))).Refusals("JEJU0913"));

    [Fact]
    public void A_pod_uses_neither_network_nor_files_of_its_host() => Assert.Equal(
        ["work: hostNetwork is true.", "work: The volume 'disk' is a folder of the host."],
        new PlanOfResources()
            .With("kubernetes:core/v1:Pod", "work", PropertyMap.Of(("spec", PropertyMap.Of(
                ("hostNetwork", true), ("volumes", PropertyList.Create([PropertyMap.Of(("name", "disk"), ("hostPath", PropertyMap.Of(("path", "/"))))]))))))
            .Refusals("JEJU0913"));

    [Fact]
    public void A_restricted_pod_passes() => Assert.Empty(
        new PlanOfResources()
            .With(Deployment, "work", Pod(("securityContext", PropertyMap.Of(("privileged", false), ("capabilities", PropertyMap.Of(("drop", PropertyList.Create(["ALL"]))))))))
            .Refusals("JEJU0913"));

    [Fact]
    public void A_password_in_a_variable_or_an_argument_is_refused() => Assert.Equal(
        [
            "work: The argument --rpc-password of the container 'main' is written out.",
            "work: The variable REDIS_PASSWORD of the container 'main' is written out.",
        ],
        new PlanOfResources()
            .With(Deployment, "work", Pod(
                ("env", PropertyList.Create([PropertyMap.Of(("name", "REDIS_PASSWORD"), ("value", "hunter2")), PropertyMap.Of(("name", "JWT_SECRET"), ("value", "/secrets/jwt"))])),
                ("args", PropertyList.Create(["--rpc-password=hunter2", "--private-key=$(PRIVATE_KEY)"]))))
            .Refusals("JEJU0909").Order());

    [Theory]
    [InlineData("aws:rds/instance:Instance", "password", "hunter2", "password is written out.")]
    [InlineData("jeju:index:Thing", "settings.apiKey", "abc", "settings.apiKey is written out.")]
    [InlineData("kubernetes:core/v1:Secret", "stringData.jwt", "abc", "stringData.jwt is written out.")]
    [InlineData("kubernetes:core/v1:ConfigMap", "data.config", "url: postgres://jeju:hunter2@db/jeju", "data.config holds a password in an address.")]
    [InlineData("kubernetes:core/v1:ConfigMap", "data.file", "-----BEGIN EC PRIVATE KEY-----", "data.file holds a private key.")]
    [InlineData("aws:lambda/function:Function", "code", "AKIAIOSFODNN7EXAMPLE", "code holds an access key.")]
    [InlineData("jeju:index:Thing", "signer", "0x1111111111111111111111111111111111111111111111111111111111111111", "signer holds 32 bytes that could be a key.")]
    [InlineData("jeju:index:Thing", "header", "q8Zt3WvB1xN7mK5pR2sY9dF4gH6jL0cA", "header holds a text that looks like a token.")]
    public void A_secret_in_plain_text_is_refused(string type, string path, string value, string reason) =>
        Assert.Equal([$"thing: {reason}"], new PlanOfResources().With(type, "thing", At(path, value)).Refusals("JEJU0909"));

    [Theory]
    [InlineData("password", "arn:aws:secretsmanager:eu-west-1:1:secret:a")]
    [InlineData("paymentToken", "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913")]
    [InlineData("genesisHash", "0x1111111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("signer.key", "JEJU_DEPLOYER_KEY")]
    [InlineData("secretName", "op-geth-jwt")]
    public void A_reference_is_no_secret(string path, string value) => Assert.Empty(new PlanOfResources().With("jeju:index:Thing", "thing", At(path, value)).Refusals("JEJU0909"));

    [Fact]
    public void The_name_of_an_entry_that_is_copied_from_the_store_is_no_secret()
    {
        var copy = PropertyMap.Of(("spec", PropertyMap.Of(("data", PropertyList.Create([PropertyMap.Of(("secretKey", "private-key"))])))));
        Assert.Empty(new PlanOfResources().With("kubernetes:external-secrets.io/v1:ExternalSecret", "thing", copy).Refusals("JEJU0909"));
        Assert.NotEmpty(new PlanOfResources().With("jeju:index:Thing", "thing", copy).Refusals("JEJU0909"));
    }

    [Fact]
    public void A_value_that_is_marked_secret_is_none_in_plain_text() => Assert.Empty(
        new PlanOfResources().With("aws:rds/instance:Instance", "data", PropertyMap.Of(("password", new PropertySecret("hunter2")))).Refusals("JEJU0909"));

    private static PlanOfResources Of(string image) => new PlanOfResources().With(Deployment, "work", Pod(("image", image)));

    private static PropertyMap Pod(params ReadOnlySpan<(string, PropertyValue)> container) => PropertyMap.Of(("spec", PropertyMap.Of(("template", PropertyMap.Of(("spec",
        PropertyMap.Of(("containers", PropertyList.Create([PropertyMap.Of(container).With("name", "main")])))))))));

    private static PropertyMap At(string path, PropertyValue value) =>
        path.Split('.', 2) is [var first, var rest] ? PropertyMap.Of((first, At(rest, value))) : PropertyMap.Of((path, value));
}
