using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Tests.Likeness;

// The classes that the recorded programs used, as far as they used them.

internal sealed class VpcArgs : ResourceArgs
{
    [Input("cidrBlock")]
    public Input<string>? CidrBlock { get; set; }

    [Input("tags")]
    private InputMap<string>? tags;

    public InputMap<string> Tags
    {
        get => tags ??= [];
        set => tags = value;
    }
}

internal sealed class Vpc : CustomResource
{
    private const string Version = "4.27.1";

    public Vpc(string name, VpcArgs args, CustomResourceOptions? options = null)
        : base("aws:ec2/vpc:Vpc", name, args, CustomResourceOptions.Merge(new() { Version = Version }, options))
    {
    }

    private Vpc(string name, Input<string> id)
        : base("aws:ec2/vpc:Vpc", name, new VpcArgs(), new CustomResourceOptions { Version = Version, Id = id })
    {
    }

    [Output("arn")]
    public Output<string> Arn { get; private set; } = null!;

    public static Vpc Get(string name, Input<string> id) => new(name, id);
}

internal sealed class SubnetArgs : ResourceArgs
{
    [Input("cidrBlock")]
    public Input<string>? CidrBlock { get; set; }

    [Input("vpcId", required: true)]
    public Input<string> VpcId { get; set; } = null!;
}

internal sealed class Subnet(string name, SubnetArgs args, CustomResourceOptions options)
    : CustomResource("aws:ec2/subnet:Subnet", name, args, CustomResourceOptions.Merge(new() { Version = "4.27.1" }, options));

internal sealed class DiskArgs : ResourceArgs
{
    [Input("kind")]
    public Input<string>? Kind { get; set; }

    [Input("size", required: true)]
    public Input<int> Size { get; set; } = null!;
}

internal sealed class NodeArgs : ResourceArgs
{
    [Input("cpus")]
    public Input<int>? Cpus { get; set; }

    [Input("subnet")]
    public Input<string>? Subnet { get; set; }

    [Input("password")]
    public Input<string>? Password { get; set; }

    [Input("peer")]
    public Input<Subnet>? Peer { get; set; }

    [Input("script")]
    public Input<AssetOrArchive>? Script { get; set; }

    [Input("disks")]
    public InputList<DiskArgs>? Disks { get; set; }

    [Input("labels")]
    public InputMap<string>? Labels { get; set; }
}

internal sealed class Node(string name, NodeArgs args, CustomResourceOptions? options = null)
    : CustomResource("jeju:index:ProvisionedNode", name, args, options)
{
    [Output("address")]
    public Output<string> Address { get; private set; } = null!;

    [Output("token")]
    public Output<string> Token { get; private set; } = null!;

    [Output("password")]
    public Output<string?> Password { get; private set; } = null!;

    [Output("disks")]
    public Output<ImmutableArray<object>> Disks { get; private set; } = null!;
}

internal sealed class LabelArgs : ResourceArgs
{
    [Input("label", required: true)]
    public Input<string> Label { get; set; } = null!;

    [Input("value", required: true)]
    public Input<string> Value { get; set; } = null!;
}

internal sealed class NetworkArgs : ResourceArgs
{
    [Input("labels")]
    public InputList<LabelArgs>? Labels { get; set; }
}

internal sealed class Network(string name, NetworkArgs args, CustomResourceOptions options)
    : CustomResource("docker:index/network:Network", name, args, CustomResourceOptions.Merge(new() { Version = "5.1.0" }, options));

internal sealed class AwsProviderArgs : ResourceArgs
{
    [Input("region")]
    public Input<string>? Region { get; set; }

    [Input("skipCredentialsValidation", json: true)]
    public Input<bool>? SkipCredentialsValidation { get; set; }

    [Input("skipGetEc2Platforms", json: true)]
    public Input<bool>? SkipGetEc2Platforms { get; set; }

    [Input("skipMetadataApiCheck", json: true)]
    public Input<bool>? SkipMetadataApiCheck { get; set; }

    [Input("skipRegionValidation", json: true)]
    public Input<bool>? SkipRegionValidation { get; set; }
}

internal sealed class AwsProvider(string name, AwsProviderArgs args)
    : ProviderResource("aws", name, args, new CustomResourceOptions { Version = "4.27.1" });

internal sealed class AnyArgs : ResourceArgs
{
    [Input("ar")]
    public Input<AssetOrArchive>? Archive { get; set; }

    [Input("emptyList")]
    public InputList<string>? EmptyList { get; set; }

    [Input("f")]
    public Input<AssetOrArchive>? File { get; set; }

    [Input("j2", json: true)]
    public InputMap<string>? JsonText { get; set; }

    [Input("json")]
    public InputJson? Json { get; set; }

    [Input("num")]
    public Input<double>? Number { get; set; }

    [Input("secretObj")]
    public InputMap<string>? SecretObject { get; set; }

    [Input("u")]
    public Input<AssetOrArchive>? Remote { get; set; }

    [Input("nothing")]
    public Input<string>? Nothing { get; set; }
}

internal sealed class AnyResource(string name, AnyArgs args)
    : CustomResource("jeju:index:Any", name, args, new CustomResourceOptions());

[OutputType]
internal sealed class CallerIdentity
{
    [OutputConstructor]
    private CallerIdentity(string accountId) => AccountId = accountId;

    public string AccountId { get; }
}

internal sealed class Site : ComponentResource
{
    public Site(string name, ComponentResourceOptions? options = null)
        : base("spike:index:Site", name, options)
    {
        var vpc = new Vpc($"{name}-vpc", new() { CidrBlock = "10.0.0.0/16", Tags = { ["Name"] = name } }, new() { Parent = this });
        var subnet = new Subnet($"{name}-sn", new() { CidrBlock = "10.0.1.0/24", VpcId = vpc.Id }, new()
        {
            Parent = this,
            Protect = true,
            DeleteBeforeReplace = true,
            IgnoreChanges = { "tags" },
            CustomTimeouts = new() { Create = TimeSpan.FromMinutes(5) },
            Aliases =
            {
                new Pulumi.Alias { Name = "old-sn" },
                new Pulumi.Alias { Urn = "urn:pulumi:dev::spikeproj::aws:ec2/subnet:Subnet::ancient" },
                new Pulumi.Alias { Type = "aws:ec2/oldSubnet:OldSubnet", NoParent = true },
            },
        });
        Node = new(
            $"{name}-node",
            new()
            {
                Cpus = 4,
                Subnet = subnet.Id,
                Peer = subnet,
                Password = Output.CreateSecret("hunter2"),
                Script = new StringAsset("echo hi"),
                Disks = new InputList<DiskArgs> { new DiskArgs { Kind = "ssd", Size = 100 }, new DiskArgs { Size = vpc.Id.Apply(id => id.Length) } },
                Labels = new InputMap<string> { { "plain", "x" }, { "vpc", vpc.Arn } },
            },
            new() { Parent = this, AdditionalSecretOutputs = { "nodeName" } });
        var deployment = new Pulumi.Kubernetes.Apps.V1.Deployment($"{name}-dep", new() { Spec = SpecOf(Node) }, new() { Parent = this });
        _ = new Network(
            $"{name}-net",
            new() { Labels = new LabelArgs { Label = "dep", Value = deployment.Metadata.Apply(metadata => metadata.Name) } },
            new() { Parent = this });
        VpcId = vpc.Id;
        RegisterOutputs(new Dictionary<string, object?> { ["nodeAddress"] = Node.Address, ["token"] = Node.Token, ["vpcId"] = vpc.Id });
    }

    public Node Node { get; }

    public Output<string> VpcId { get; }

    private static DeploymentSpecArgs SpecOf(Node node)
    {
        var labels = new InputMap<string> { { "app", "x" } };
        return new()
        {
            Replicas = 3,
            Selector = new LabelSelectorArgs { MatchLabels = labels },
            Template = new PodTemplateSpecArgs
            {
                Metadata = new ObjectMetaArgs { Labels = labels },
                Spec = new PodSpecArgs
                {
                    Containers = new ContainerArgs
                    {
                        Name = "c",
                        Image = "redis:7",
                        Env = { new EnvVarArgs { Name = "NODE", Value = node.Address }, new EnvVarArgs { Name = "TOKEN", Value = node.Token } },
                    },
                },
            },
        };
    }
}
