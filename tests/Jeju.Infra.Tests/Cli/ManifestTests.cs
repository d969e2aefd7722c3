using Jeju.Infra.Cli.Kubernetes;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;
using YamlDotNet.Serialization;

namespace Jeju.Infra.Tests.Cli;

public sealed class ManifestTests : IDisposable
{
    private const string Root = "urn:pulumi:testnet::jeju-infra::pulumi:pulumi:Stack::jeju-infra-testnet";
    private const string Component = "urn:pulumi:testnet::jeju-infra::jeju:kubernetes:Indexer::jeju-testnet-aws-indexer";
    private const string Provider = "urn:pulumi:testnet::jeju-infra::pulumi:providers:kubernetes::jeju-testnet-aws::04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-manifests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Objects_go_by_service_in_the_order_in_which_a_cluster_takes_them()
    {
        await WriteAsync(ManifestSet.Of([.. Plan(
            Object("core/v1:Service", "indexer", Spec(("ports", PropertyList.From([PropertyMap.Of(("port", 4350))])))),
            Object("apps/v1:Deployment", "indexer", Spec(("replicas", 2))),
            Object("core/v1:Namespace", "indexer", PropertyMap.Empty, parent: Root))]));

        Assert.Equal(
            ["cluster/00-namespace-indexer.yaml", "indexer/15-service-indexer.yaml", "indexer/21-deployment-indexer.yaml", "manifests.index"],
            Files());
        Assert.Equal(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: indexer
            spec:
              ports:
                - port: 4350

            """,
            Text("indexer/15-service-indexer.yaml"));
    }

    [Fact]
    public async Task What_is_unknown_or_secret_is_replaced_by_what_its_field_can_hold_and_listed()
    {
        var source = "urn:pulumi:testnet::jeju-infra::aws:rds/instance:Instance::jeju-testnet-postgres";
        var deployment = Object("apps/v1:Deployment", "indexer", Spec(
            ("replicas", PropertyValue.Unknown),
            ("template", PropertyMap.Of(("env", PropertyList.From([PropertyMap.Of(("name", "HOST"), ("value", PropertyValue.Unknown))]))))));
        var secret = Object("core/v1:Secret", "key", PropertyMap.Of(("stringData", PropertyMap.Of(("password", new PropertySecret("hunter2")))), ("data", PropertyMap.Of(("token", new PropertySecret("hunter3"))))));
        var policy = Object("networking.k8s.io/v1:NetworkPolicy", "indexer", Spec(("egress", PropertyList.From([PropertyMap.Of(("ipBlock", PropertyMap.Of(("cidr", PropertyValue.Unknown))))]))));
        deployment = deployment with { PropertyDependencies = deployment.PropertyDependencies.Add("spec", EquatableList.Create<string>([source])) };

        var index = await WriteAsync(ManifestSet.Of([.. Plan(deployment, secret, policy)]));

        Assert.Equal(
            [("spec.replicas", "1"), ("spec.template.env[0].value", "unknown-jeju-testnet-postgres"), ("spec.egress[0].ipBlock.cidr", "192.0.2.0/32")],
            index.Unknowns.Select(unknown => (unknown.Path, unknown.Placeholder)));
        Assert.Equal(["data.token", "stringData.password"], index.Secrets.Select(one => one.Path).Order(StringComparer.Ordinal));
        Assert.Equal("jeju-testnet-postgres", Assert.Single(index.Unknowns[0].Sources));
        Assert.Contains("token: c2VjcmV0", Text("indexer/07-secret-key.yaml"), StringComparison.Ordinal);
        Assert.All(Files(), file => Assert.DoesNotContain("hunter", Text(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("8545")]
    [InlineData("1e3")]
    [InlineData("0x7f")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("off")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("a:")]
    [InlineData("- a")]
    [InlineData(" a ")]
    [InlineData("")]
    [InlineData("2026-01-01")]
    [InlineData("*.jns.jejunetwork.org")]
    [InlineData("%{x}")]
    [InlineData("one\ntwo\n")]
    [InlineData("one\n\ttwo\n\n  three")]
    [InlineData("\"quoted\" 'twice' \\ end")]
    [InlineData("https://x.org/a?b=c&d=e")]
    public void A_text_is_read_back_as_the_same_text(string text)
    {
        var set = ManifestSet.Of([.. Plan(Object("core/v1:ConfigMap", "texts", PropertyMap.Of(("data", PropertyMap.Of(("key", text))))))]);

        var yaml = ManifestYaml.Write(set.Manifests[0].Content);

        var read = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<Dictionary<string, object>>(yaml);
        Assert.Equal(text, Assert.IsType<Dictionary<object, object>>(read["data"])["key"]);
    }

    [Fact]
    public async Task The_same_plan_gives_the_same_bytes_and_a_smaller_one_leaves_nothing_behind()
    {
        var service = Object("core/v1:Service", "indexer", PropertyMap.Empty);
        var deployment = Object("apps/v1:Deployment", "indexer", PropertyMap.Empty);
        await WriteAsync(ManifestSet.Of([.. Plan(service, deployment)]));
        var first = Files().ToDictionary(file => file, Text);

        await WriteAsync(ManifestSet.Of([.. Plan(deployment, service)]));
        Assert.Equal(first, Files().ToDictionary(file => file, Text));

        await WriteAsync(ManifestSet.Of([.. Plan(Object("core/v1:Namespace", "other", PropertyMap.Empty, parent: Root))]));
        Assert.Equal(["cluster/00-namespace-other.yaml", "manifests.index"], Files());
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_left_alone()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "mine");

        var error = await Assert.ThrowsAsync<InfraException>(() => WriteAsync(ManifestSet.Of([.. Plan(Object("core/v1:Service", "indexer", PropertyMap.Empty))])));

        Assert.Equal((new ErrorCode(830), FailureKind.Usage), (error.Code, error.Kind));
        Assert.Contains("notes.txt", error.Message, StringComparison.Ordinal);
        Assert.Equal(["notes.txt"], Files());
    }

    [Fact]
    public void One_cloud_alone_can_be_asked_for_and_charts_are_listed()
    {
        var plan = Plan(
            Object("core/v1:Service", "indexer", PropertyMap.Empty),
            Object("helm.sh/v3:Release", "metrics", PropertyMap.Of(("chart", "metrics-server"), ("version", "3.12.2"), ("namespace", "kube-system"))));

        Assert.Empty(ManifestSet.Of([.. plan], "gcp").Manifests);
        var set = ManifestSet.Of([.. plan], "aws");
        Assert.Equal("indexer", Assert.Single(set.Manifests).Service);
        Assert.Equal(("metrics", "metrics-server", "3.12.2"), (set.Charts[0].Name, set.Charts[0].Chart, set.Charts[0].Version));
    }

    [Fact]
    public async Task Two_resources_that_are_one_object_are_refused()
    {
        var one = Object("core/v1:Service", "indexer", PropertyMap.Empty);
        var two = Object("core/v1:Service", "other", PropertyMap.Of(("metadata", PropertyMap.Of(("name", "indexer")))));

        var error = await Assert.ThrowsAsync<InfraException>(() => WriteAsync(ManifestSet.Of([.. Plan(one, two)])));

        Assert.Equal(new ErrorCode(831), error.Code);
    }

    private static IEnumerable<PlannedResource> Plan(params PlannedResource[] objects) => objects
        .Prepend(Resource(Component, "jeju:kubernetes:Indexer", PropertyMap.Empty, Root, provider: ""))
        .Prepend(Resource(Root, "pulumi:pulumi:Stack", PropertyMap.Empty, "", provider: ""));

    private static PropertyMap Spec(params (string, PropertyValue)[] entries) => PropertyMap.Of(("spec", PropertyMap.Of(entries)));

    private static PlannedResource Object(string type, string name, PropertyMap inputs, string parent = Component) =>
        Resource($"urn:pulumi:testnet::jeju-infra::kubernetes:{type}::{name}", "kubernetes:" + type, inputs, parent, Provider);

    private static PlannedResource Resource(string urn, string type, PropertyMap inputs, string parent, string provider) => new()
    {
        Urn = urn, Type = type, Inputs = inputs, Parent = parent, Dependencies = [], Provider = provider, Options = PropertyMap.Empty,
    };

    private Task<ManifestIndex> WriteAsync(ManifestSet set) => new ManifestFolder(_folder).WriteAsync("testnet", set, CancellationToken.None);

    private string[] Files() => [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder, file)).Order(StringComparer.Ordinal)];

    private string Text(string file) => File.ReadAllText(Path.Combine(_folder, file));
}
