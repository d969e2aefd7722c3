using Jeju.Infra.Cli.Deployments;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Cli;

/// <summary>Which secrets a person is asked for before a deployment waits for its pods.</summary>
public sealed class AwaitedSecretsTests
{
    private const string Project = "urn:pulumi:mainnet::jeju-infra::";
    private const string Provider = $"{Project}pulumi:providers:kubernetes::kubernetes-gcp::id";
    private const string Login = $"{Project}gcp:secretmanager/secret:Secret::login";

    [Fact]
    public void What_the_program_fills_is_asked_of_nobody_and_the_rest_is()
    {
        PlannedResource[] plan =
        [
            Copied("database", "jeju-mainnet-indexer-database"),
            Copied("agent-key", "jeju-mainnet-dws-agent-key"),
            Resource(Login, PropertyMap.Of(("secretId", "jeju-mainnet-indexer-database"))),
            Resource($"{Project}gcp:secretmanager/secretVersion:SecretVersion::login", PropertyMap.Empty) with { Dependencies = [Login] },
        ];

        Assert.Equal(["  gcp: jeju-mainnet-dws-agent-key: value"], AwaitedSecrets.Of(plan).Skip(1));
        Assert.Equal(
            ["  gcp: jeju-mainnet-dws-agent-key: value", "  gcp: jeju-mainnet-indexer-database: value"],
            AwaitedSecrets.Of([.. plan.Where(resource => !resource.Type.EndsWith(":SecretVersion", StringComparison.Ordinal))]).Skip(1));
    }

    private static PlannedResource Copied(string name, string source) => Resource(
        $"{Project}kubernetes:external-secrets.io/v1:ExternalSecret::{name}",
        PropertyMap.Of(("spec", PropertyMap.Of(("data", PropertyList.From([PropertyMap.Of(("remoteRef", PropertyMap.Of(("key", source), ("property", "value"))))]))))));

    private static PlannedResource Resource(string urn, PropertyMap inputs) => new()
    {
        Urn = urn, Type = urn.Split("::")[2], Inputs = inputs, Parent = "", Dependencies = [], Provider = Provider, Options = PropertyMap.Empty,
    };
}
