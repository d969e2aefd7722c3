using System.Net;

using FsCheck;
using FsCheck.Fluent;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Backends;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class WorkloadPlanTests
{
    private static readonly DockerBackendOptions Options = new();

    private static Arbitrary<Bytes32> OrderIds =>
        Gen.Choose(0, 255).ListOf(32).Select(bytes => Bytes32.FromBytes([.. bytes.Select(value => (byte)value)])).ToArbitrary();

    [Fact]
    public void Ports_are_in_the_range_free_distinct_and_the_same_for_the_same_lease() => Prop.ForAll(OrderIds, orderId =>
    {
        IReadOnlyList<int> ports = LeaseAddresses.ChoosePorts(Options, orderId, 3, port => port % 7 != 0);
        Assert.Equal(3, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, Options.FirstPort, Options.LastPort));
        Assert.DoesNotContain(ports, port => port % 7 == 0);
        Assert.Equal(ports, LeaseAddresses.ChoosePorts(Options, orderId, 3, port => port % 7 != 0));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ChoosePorts_NothingFree_SaysSo()
    {
        InfraException refusal = Assert.Throws<InfraException>(
            () => LeaseAddresses.ChoosePorts(Options with { FirstPort = 20000, LastPort = 20001 }, Bytes32.Zero, 1, _ => false));

        Assert.Equal("JEJU0620", refusal.Code.ToString());
    }

    [Fact]
    public void Subnets_are_in_the_range_and_overlap_nothing_in_use() => Prop.ForAll(OrderIds, orderId =>
    {
        IPNetwork range = IPNetwork.Parse("10.213.0.0/24");
        IPNetwork[] used = [IPNetwork.Parse("10.213.0.0/26"), IPNetwork.Parse("192.168.0.0/16")];
        IPNetwork[] free = [.. LeaseAddresses.FreeSubnets(range, orderId, used)];
        // 16 of /28 in a /24, four of them in the /26.
        Assert.Equal(12, free.Length);
        Assert.Equal(12, free.Distinct().Count());
        Assert.All(free, subnet => Assert.True(range.Contains(subnet.BaseAddress) && !used.Any(other => LeaseAddresses.Overlap(subnet, other))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_differ_by_chain_provider_and_order()
    {
        BackendScope scope = new("node", ChainId.Anvil, Bytes32.Zero, "/agent");
        Bytes32 order = Bytes32.FromName("order");
        string[] names =
        [
            WorkloadLabels.NameOf(scope, order),
            WorkloadLabels.NameOf(scope with { Provider = "other" }, order),
            WorkloadLabels.NameOf(scope with { Genesis = Bytes32.FromName("other") }, order),
            WorkloadLabels.NameOf(scope, Bytes32.FromName("other")),
        ];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names[0], WorkloadLabels.NameOf(scope, order));
    }

    [Fact]
    public void Every_workload_runs_without_privileges_within_its_limits_and_on_loopback()
    {
        foreach (WorkloadTemplate template in ServiceCatalog.All.Select(kind => kind.Workload).OfType<WorkloadTemplate>())
        {
            int[] ports = [.. Enumerable.Range(20000, template.Ports.Count)];
            DockerContainerSpecification container = ContainerPlan.Container(
                "name", "sha256:0", template, new WorkloadLimits(1024, 10, 2), Options, ports, new Dictionary<string, string>());

            Assert.Equal(["ALL"], container.HostConfig.CapDrop);
            Assert.Equal(["no-new-privileges"], container.HostConfig.SecurityOpt);
            Assert.True(container.HostConfig.ReadonlyRootfs);
            Assert.Equal(1024L * 1024 * 1024, container.HostConfig.Memory);
            Assert.Equal(container.HostConfig.Memory, container.HostConfig.MemorySwap);
            Assert.Equal(2_000_000_000, container.HostConfig.NanoCpus);
            Assert.InRange(container.HostConfig.PidsLimit ?? 0, 1, 4096);
            Assert.Equal("name", container.HostConfig.NetworkMode);
            Assert.All(container.HostConfig.Mounts!, mount => Assert.Equal("volume", mount.Type));
            Assert.All(container.HostConfig.PortBindings!.Values, bindings => Assert.Equal("127.0.0.1", Assert.Single(bindings).HostIp));
            Assert.NotEqual("0:0", container.Config.User);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("localhost", false)]
    [InlineData("::1", false)]
    [InlineData("192.0.2.1", true)]
    [InlineData("node.example", true)]
    public void Services_speak_TLS_wherever_their_address_is_not_on_loopback(string host, bool expected)
    {
        DockerBackendOptions options = new() { AdvertisedHost = host };
        WorkloadTemplate template = ServiceCatalog.Find("postgres").Workload!;
        DockerContainerSpecification container = ContainerPlan.Container(
            "name", "sha256:0", template, new WorkloadLimits(1024, 10, 2), options, [20000], new Dictionary<string, string>());

        Assert.Equal(expected, options.SpeaksTls);
        Assert.Equal(expected, container.Config.Cmd!.Contains("ssl=on"));
    }

    [Fact]
    public void Wrong_options_are_all_told_at_once()
    {
        DockerBackendOptions wrong = new() { FirstPort = 80, PublishAddress = "here", AdvertisedHost = string.Empty, Subnets = IPNetwork.Parse("10.0.0.0/30") };

        Assert.Equal(4, wrong.Check().Count);
        Assert.Empty(new DockerBackendOptions().Check());
    }
}
