using System.Collections.Immutable;
using System.Text.Json;
using Pulumi;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>The recorded programs, written again.</summary>
internal static class WirePrograms
{
    public static Func<Task<IDictionary<string, object?>>> Find(string name) => name switch
    {
        "main" => MainAsync,
        "provider" => () => Task.FromResult(Provider()),
        "read" => () => Task.FromResult(Read()),
        "two" => () => Task.FromResult(Two()),
        "depcomp" => () => Task.FromResult(DependencyOnComponent()),
        "alias2" => () => Task.FromResult(Alias()),
        "transform" => () => Task.FromResult(Transform()),
        "assets" => () => Task.FromResult(Assets()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static async Task<IDictionary<string, object?>> MainAsync()
    {
        var site = new Site("alpha");
        var identity = await Deployment.Instance.InvokeAsync<CallerIdentity>(
            "aws:index/getCallerIdentity:getCallerIdentity", InvokeArgs.Empty, new InvokeOptions { Version = "4.27.1" });
        return new Dictionary<string, object?>
        {
            ["account"] = identity?.AccountId,
            ["addr"] = Output.Format($"{site.Node.Address}/24"),
            ["disks"] = site.Node.Disks.Apply(disks => disks.Length),
            ["list"] = new[] { "a", "b" },
            ["node"] = site.Node,
            ["nothing"] = null,
            ["plain"] = 42,
            ["secretText"] = Output.Format($"pw={site.Node.Password}"),
            ["site"] = site,
            ["token"] = site.Node.Token,
            ["vpcId"] = site.VpcId,
        };
    }

    private static IDictionary<string, object?> Provider()
    {
        var west = new AwsProvider("west", new()
        {
            Region = "us-west-2",
            SkipCredentialsValidation = true,
            SkipGetEc2Platforms = true,
            SkipMetadataApiCheck = true,
            SkipRegionValidation = true,
        });
        var vpc = new Vpc("v", new() { CidrBlock = "10.0.0.0/16" }, new() { Provider = west });
        _ = new Site("beta", new() { Providers = { west } });
        return new Dictionary<string, object?> { ["id"] = vpc.Id };
    }

    private static IDictionary<string, object?> Read()
    {
        var got = Vpc.Get("got", "vpc-123");
        var other = new StackReference("organization/other/prod");
        return new Dictionary<string, object?> { ["arn"] = got.Arn, ["ref"] = other.GetOutput("vpc"), ["pw"] = other.RequireOutput("pw") };
    }

    private static IDictionary<string, object?> Two()
    {
        var one = new Node("one", new() { Cpus = 1 });
        var two = new Node("two", new() { Subnet = one.Address });
        _ = new Node("three", new() { Cpus = 1 });
        return new Dictionary<string, object?> { ["b"] = two.Address };
    }

    private static IDictionary<string, object?> DependencyOnComponent()
    {
        var first = new Site("dc");
        var node = new Node("n", new() { Cpus = 1 }, new() { DependsOn = { first } });
        _ = new Site("dc2", new() { DependsOn = { node } });
        return ImmutableDictionary<string, object?>.Empty;
    }

    private static IDictionary<string, object?> Alias()
    {
        _ = new Site("newname", new() { Aliases = { new Pulumi.Alias { Name = "oldname" } } });
        return ImmutableDictionary<string, object?>.Empty;
    }

    private static IDictionary<string, object?> Transform()
    {
        _ = new Node("t", new() { Cpus = 1, Password = Output.CreateSecret("sec") }, new()
        {
            ResourceTransforms = { (args, _) => Task.FromResult<ResourceTransformResult?>(new(args.Args.SetItem("cpus", 7), args.Options)) },
        });
        _ = new Node("u", new() { Cpus = 1 }, new() { ResourceTransforms = { (_, _) => Task.FromResult<ResourceTransformResult?>(null) } });
        return ImmutableDictionary<string, object?>.Empty;
    }

    private static IDictionary<string, object?> Assets()
    {
        _ = new AnyResource("as", new()
        {
            Archive = new AssetArchive(new Dictionary<string, AssetOrArchive> { ["a.txt"] = new StringAsset("hi"), ["dir"] = new FileArchive("./dir") }),
            EmptyList = new InputList<string>(),
            File = new FileAsset("./x.txt"),
            JsonText = new InputMap<string> { { "nested", "x" } },
            Json = JsonDocument.Parse("""{ "a": [1, null, true] }"""),
            Number = 1.5,
            SecretObject = Output.CreateSecret(ImmutableDictionary<string, string>.Empty.Add("k", "v")),
            Remote = new RemoteAsset("https://e.com/x"),
        });
        return ImmutableDictionary<string, object?>.Empty;
    }
}
