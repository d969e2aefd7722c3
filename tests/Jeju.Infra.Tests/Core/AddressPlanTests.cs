using FsCheck;
using FsCheck.Fluent;
using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Core;

public sealed class AddressPlanTests
{
    [Fact]
    public void NoTwoRangesOfAnyStackOrCloudOverlap()
    {
        IReadOnlyList<AddressRange> ranges = AddressPlan.All();
        Assert.Equal(1 + (2 * (10 + 6)), ranges.Count);
        Assert.All(ranges, range => Assert.All(
            ranges.Where(other => !ReferenceEquals(other, range)),
            other => Assert.False(range.Block.Overlaps(other.Block), $"{range} overlaps {other}")));
    }

    [Theory]
    [InlineData(NetworkName.Testnet, "10.1.0.0/16", "10.11.0.0/16")]
    [InlineData(NetworkName.Mainnet, "10.2.0.0/16", "10.12.0.0/16")]
    public void EverySubnetLiesInItsNetwork(NetworkName name, string aws, string gcp)
    {
        NetworkProfile profile = NetworkProfile.All.Single(candidate => candidate.Name == name);
        AwsAddressPlan awsPlan = AddressPlan.ForAws(profile);
        GcpAddressPlan gcpPlan = AddressPlan.ForGcp(profile);

        Assert.Equal(aws, awsPlan.Network.ToString());
        Assert.Equal(gcp, gcpPlan.Network.ToString());
        Assert.All([.. awsPlan.Public, .. awsPlan.Private, .. awsPlan.Data], subnet => Assert.True(awsPlan.Network.Contains(subnet)));
        Assert.All(
            new[] { gcpPlan.Nodes, gcpPlan.ProxyOnly, gcpPlan.PrivateServices, gcpPlan.ControlPlane },
            subnet => Assert.True(gcpPlan.Network.Contains(subnet)));
        Assert.False(awsPlan.Network.Overlaps(awsPlan.Services));
    }

    [Fact]
    public void PodsHaveASlash24ForEveryNodeOfTheLargestCluster()
    {
        // Mainnet: general 10, rpc 20, indexer 10, sequencer 3, and as many again while node pools are replaced.
        const int largestNodeCount = 2 * (10 + 20 + 10 + 3);
        Assert.True(AddressPlan.ForGcp(NetworkProfile.Mainnet).Pods.Size / 256 >= largestNodeCount);
    }

    [Fact]
    public void ALocalnetHasNoCloudNetwork()
    {
        Assert.Throws<ArgumentException>(() => AddressPlan.ForAws(NetworkProfile.Localnet));
        Assert.Throws<ArgumentException>(() => AddressPlan.ForGcp(NetworkProfile.Localnet));
    }

    [Fact]
    public void CidrBlock_Text_RoundTripsAndPartsTileIt() =>
        Prop.ForAll<uint, byte>((address, prefix) =>
        {
            int length = prefix % 29;
            ulong size = 1UL << (32 - length);
            CidrBlock block = new((uint)(address - (address % size)), length);
            CidrBlock[] parts = [.. Enumerable.Range(0, 8).Select(index => block.Part(length + 3, index))];
            return CidrBlock.Parse(block.ToString()) == block
                && parts.All(block.Contains)
                && parts.Aggregate(0UL, (sum, part) => sum + part.Size) == block.Size
                && parts.Zip(parts.Skip(1)).All(pair => !pair.First.Overlaps(pair.Second));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("10.1.0.0")]
    [InlineData("10.1.0.0/33")]
    [InlineData("10.1/16")]
    [InlineData("10.1.0.1/16")]
    [InlineData("::/0")]
    [InlineData("10.1.0.0/+8")]
    public void CidrBlock_WrongText_IsRefused(string text) => Assert.Throws<FormatException>(() => CidrBlock.Parse(text));
}
