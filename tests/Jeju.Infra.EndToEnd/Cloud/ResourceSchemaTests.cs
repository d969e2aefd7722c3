using System.Text.Json;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What the schema of a package refuses: plans are only as valid as the judge is strict.</summary>
public sealed class ResourceSchemaTests
{
    private const string Schema = """
        {
          "resources": {
            "cloud:a:B": {
              "inputs": {
                "name": { "type": "Input<string>", "required": true },
                "count": { "type": "Input<int>" },
                "share": { "type": "Input<double>" },
                "open": { "type": "Input<bool>" },
                "zones": { "type": "InputList<string>" },
                "tags": { "type": "InputMap<string>" },
                "sets": { "type": "InputMap<ImmutableArray<string>>" },
                "kind": { "type": "InputUnion<string,Pulumi.Aws.Ec2.InstanceType>" },
                "port": { "type": "InputUnion<int,string>" },
                "values": { "type": "InputMap<object>" },
                "disk": { "type": "Input<Pulumi.Aws.A.Inputs.DiskArgs>" },
                "rules": { "type": "InputList<Pulumi.Aws.A.Inputs.RuleArgs>" },
                "named": { "type": "InputMap<Pulumi.Aws.A.Inputs.RuleArgs>" }
              }
            }
          },
          "types": {
            "Pulumi.Aws.A.Inputs.DiskArgs": { "members": { "size": { "type": "Input<int>", "required": true }, "rules": { "type": "InputList<Pulumi.Aws.A.Inputs.RuleArgs>" } } },
            "Pulumi.Aws.A.Inputs.RuleArgs": { "members": { "port": { "type": "Input<int>", "required": true }, "note": { "type": "Input<string>" } } }
          }
        }
        """;

    [Theory]
    [InlineData("""{ "name": "n", "count": 3, "share": 0.5, "open": true, "zones": ["a"], "tags": { "x": "y" }, "sets": { "x": ["y"] }, "kind": "large" }""")]
    [InlineData("""{ "name": "n", "share": 1, "port": 80, "values": { "x": [1, { "y": null }] }, "disk": { "size": 1, "rules": [{ "port": 1 }] }, "named": { "x": { "port": 1 } } }""")]
    [InlineData("""{ "name": { "$secret": true }, "count": { "$unknown": { "sources": [] } }, "zones": { "$unknown": {} }, "port": "http", "disk": null, "rules": [{ "$unknown": {} }] }""")]
    public void WhatTheSchemaKnowsIsTaken(string inputs) => Assert.Empty(Problems(inputs));

    [Theory]
    [InlineData("""{ "count": 1 }""", ": name is required")]
    [InlineData("""{ "name": null }""", ": name is required")]
    [InlineData("""{ "name": 5 }""", ".name: a text, not 5")]
    [InlineData("""{ "name": "n", "count": "3" }""", ".count: a whole number, not \"3\"")]
    [InlineData("""{ "name": "n", "count": 1.5 }""", ".count: a whole number, not 1.5")]
    [InlineData("""{ "name": "n", "share": true }""", ".share: a number, not true")]
    [InlineData("""{ "name": "n", "open": "true" }""", ".open: true or false, not \"true\"")]
    [InlineData("""{ "name": "n", "zones": "a" }""", ".zones: a list of a text, not \"a\"")]
    [InlineData("""{ "name": "n", "zones": ["a", 2] }""", ".zones[1]: a text, not 2")]
    [InlineData("""{ "name": "n", "tags": ["x"] }""", ".tags: a map of a text, not [\"x\"]")]
    [InlineData("""{ "name": "n", "tags": { "x": 1 } }""", ".tags[x]: a text, not 1")]
    [InlineData("""{ "name": "n", "sets": { "x": "y" } }""", ".sets[x]: a list of a text, not \"y\"")]
    [InlineData("""{ "name": "n", "kind": 1 }""", ".kind: a text, not 1")]
    [InlineData("""{ "name": "n", "port": true }""", ".port: a whole number, not true")]
    [InlineData("""{ "name": "n", "size": 1 }""", ": no input size")]
    [InlineData("""{ "name": "n", "disk": [{ "size": 1 }] }""", ".disk: an object (DiskArgs), not [{ \"size\": 1 }]")]
    [InlineData("""{ "name": "n", "disk": {} }""", ".disk: size is required")]
    [InlineData("""{ "name": "n", "disk": { "size": "1" } }""", ".disk.size: a whole number, not \"1\"")]
    [InlineData("""{ "name": "n", "disk": { "size": 1, "speed": 1 } }""", ".disk: no input speed")]
    [InlineData("""{ "name": "n", "disk": { "size": 1, "rules": [{ "port": 1 }, { "note": "x" }] } }""", ".disk.rules[1]: port is required")]
    [InlineData("""{ "name": "n", "rules": { "port": 1 } }""", ".rules: a list of an object (RuleArgs), not { \"port\": 1 }")]
    [InlineData("""{ "name": "n", "named": { "x": { "port": 1, "ports": 1 } } }""", ".named[x]: no input ports")]
    public void WhatTheSchemaDoesNotKnowIsRefused(string inputs, string problem) => Assert.Equal("urn" + problem, Assert.Single(Problems(inputs)));

    /// <summary>The real schemas: every type they name can be read, and a resource of each cloud is refused for a nested mistake.</summary>
    [SchemaFact]
    public void TheSchemasOfThePackagesRefuseNestedMistakes()
    {
        Assert.Equal(
            ["urn.scalingConfig.maxSize: a whole number, not \"3\"", "urn.scalingConfig: no input size", "urn.scalingConfig: desiredSize is required"],
            ResourceSchema.Load("Pulumi.Aws").Problems(Resource(
                "aws:eks/nodeGroup:NodeGroup", """{ "clusterName": "c", "nodeRoleArn": "r", "subnetIds": ["s"], "scalingConfig": { "maxSize": "3", "minSize": 1, "size": 1 } }""")));
        Assert.Equal(
            ["urn.settings.backupConfiguration.enabled: true or false, not \"yes\"", "urn.settings: tier is required"],
            ResourceSchema.Load("Pulumi.Gcp").Problems(Resource(
                "gcp:sql/databaseInstance:DatabaseInstance", """{ "databaseVersion": "POSTGRES_17", "settings": { "backupConfiguration": { "enabled": "yes" } } }""")));
        Assert.Equal(
            ["urn.defaultTags.tags[a]: a text, not 1", "urn: no input zone"],
            ResourceSchema.Load("Pulumi.Aws").Problems(Resource("pulumi:providers:aws", """{ "region": "eu-west-1", "defaultTags": "{\"tags\":{\"a\":1}}", "zone": "a" }""")));
        Assert.Equal(
            ["urn.spec.ports[0].targetPort: a whole number, not true", "urn.spec.ports[0]: port is required"],
            ResourceSchema.Load("Pulumi.Kubernetes").Problems(Resource("kubernetes:core/v1:Service", """{ "spec": { "ports": [{ "targetPort": true }] } }""")));
    }

    private static IEnumerable<string> Problems(string inputs)
    {
        using JsonDocument schema = JsonDocument.Parse(Schema);
        return [.. new ResourceSchema(schema.RootElement).Problems(Resource("cloud:a:B", inputs))];
    }

    private static PlannedResource Resource(string type, string inputs)
    {
        using JsonDocument document = JsonDocument.Parse(inputs);
        return new PlannedResource("urn", type, document.RootElement.Clone(), default);
    }
}
