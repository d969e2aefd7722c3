using Pulumi;
using Pulumi.Testing;

namespace Jeju.Infra.Tests.AirGap;

/// <summary>Generated classes are used as the official ones are.</summary>
public sealed class GeneratedSdkTests
{
    [Theory]
    [InlineData(typeof(Pulumi.Aws.Ec2.Vpc))]
    [InlineData(typeof(Pulumi.Gcp.Compute.Network))]
    public void A_cloud_package_compiles_with_at_least_twenty_resource_types(Type one) =>
        Assert.True(one.Assembly.GetTypes().Count(type => typeof(CustomResource).IsAssignableFrom(type) && !type.IsAbstract) >= 20);

    [Fact]
    public async Task Arguments_arrive_under_their_names_on_the_wire()
    {
        var resources = await Deployment.TestAsync(new EmptyMocks(), new TestOptions { IsPreview = false }, () =>
        {
            _ = new Pulumi.Aws.Eks.NodeGroup("rpc", new()
            {
                ClusterName = "chain",
                NodeRoleArn = "arn:role",
                SubnetIds = { "subnet-1", "subnet-2" },
                ScalingConfig = new Pulumi.Aws.Eks.Inputs.NodeGroupScalingConfigArgs { DesiredSize = 2, MaxSize = 5, MinSize = 2 },
                Tags = { ["workload"] = "rpc" },
            });
            _ = new Pulumi.Kubernetes.Core.V1.Service("rpc", new()
            {
                Spec = new Pulumi.Kubernetes.Types.Inputs.Core.V1.ServiceSpecArgs
                {
                    Type = Pulumi.Kubernetes.Core.V1.ServiceSpecType.ClusterIP,
                    Ports = new Pulumi.Kubernetes.Types.Inputs.Core.V1.ServicePortArgs { Port = 8545, TargetPort = "http" },
                },
            });
        });

        Assert.Equal(["aws:eks/nodeGroup:NodeGroup", "kubernetes:core/v1:Service"], resources.OfType<CustomResource>().Select(resource => resource.GetResourceType()));
    }

    [Fact]
    public async Task A_password_is_secret_without_being_told()
    {
        Output<string?>? password = null;

        await Deployment.TestAsync(new EmptyMocks(), new(), () =>
        {
            var args = new Pulumi.Gcp.Sql.UserArgs { Instance = "db", Password = "plain" };
            password = args.Password.ToOutput().Apply(value => (string?)value);
        });

        Assert.True(await Output.IsSecretAsync(password!));
    }

    [Fact]
    public async Task A_function_is_called_with_the_version_of_the_package()
    {
        string? zone = null;

        await Deployment.TestAsync(new Zones(), new(), async () =>
        {
            var zones = await Pulumi.Aws.GetAvailabilityZones.InvokeAsync(new() { State = "available" });
            zone = zones.Names[0];
        });

        Assert.Equal("eu-central-1a", zone);
    }

    private sealed class Zones : EmptyMocks, IMocks
    {
        Task<object> IMocks.CallAsync(MockCallArgs args)
        {
            Assert.Equal("aws:index/getAvailabilityZones:getAvailabilityZones", args.Token);
            Assert.Equal("available", args.Args["state"]);
            return Task.FromResult<object>(new Dictionary<string, object> { ["names"] = new[] { "eu-central-1a" }, ["id"] = "eu-central-1" });
        }
    }
}
