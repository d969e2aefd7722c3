using System.Collections.Immutable;
using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Components.Peering;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>A cluster that can run the leases of a provider node of the network.</summary>
/// <param name="Platform">The cluster.</param>
/// <param name="Agent">The agent; it stands by until it is given the node.</param>
internal sealed record NodeCluster(ClusterPlatform Platform, DwsAgent Agent);

/// <summary>Phase 1: which clouds a stack has, and which of them answers for its names.</summary>
internal static class Clouds
{
    /// <summary>The label of Google Cloud's zone below the stack's where AWS is the authority.</summary>
    private const string GcpLabel = "gcp";

    /// <returns>The outputs, and the clusters: first the one whose agent serves the network's first provider node; none without a cloud.</returns>
    public static (IDictionary<string, object?> Outputs, IReadOnlyList<NodeCluster> Clusters) Define(MarketSettings settings, NetworkProfile profile)
    {
        Dictionary<string, object?> outputs = [];
        if (settings.Aws is null && settings.Gcp is null)
        {
            return (outputs, []);
        }

        string zone = settings.Zone ?? throw new InvalidOperationException("Settings with a cloud and no zone are refused when they are read.");

        foreach (CloudNotice notice in CloudNotices.Of(settings, profile))
        {
            Log.Warn($"{notice.Code}: {notice.Text}");
        }

        IReadOnlyList<ClusterSecret> secrets = SecretCatalog.For(settings.SizesFor(profile));

        EndpointTable own = EndpointTable.For(zone).InFrontOf(settings.Rollup.ExecutionClient);

        // One authority for the zone: AWS where it is there, with the other cloud's zone delegated below it.
        Dictionary<string, Input<ImmutableArray<string>>> delegations = [];
        List<ChainGround> grounds = [];
        GcpCloud? google = null;
        AwsCloud? amazon = null;
        if (settings.Gcp is { } gcp)
        {
            EndpointTable endpoints = settings.Aws is null ? own : EndpointTable.For($"{GcpLabel}.{zone}").InFrontOf(settings.Rollup.ExecutionClient).StandingByFor(zone);
            google = new GcpCloud(gcp, profile, endpoints, settings.AlarmRecipients, secrets);
            outputs["gcp"] = google.Outputs;
            grounds.Add(google.Services);
            delegations[GcpLabel] = google.NameServers;
        }

        if (settings.Aws is { } aws)
        {
            amazon = new AwsCloud(aws, profile, own, settings.AlarmRecipients, secrets, delegations, google?.StandbyOf(GcpLabel, zone));
            outputs["aws"] = amazon.Outputs;
            grounds.Add(amazon.Services);
            google?.ProveStandbyNames(amazon);
            if (settings.JoinClouds && google is not null && settings.Gcp is { } peer)
            {
                Join(profile, own, amazon, google, peer);
            }
        }

        // A host is routed once the service behind it is there.
        IReadOnlyDictionary<CloudName, IReadOnlyList<Resource>> services = ChainServices.Define(settings, profile, grounds);
        google?.Route(services[CloudName.Gcp]);
        amazon?.Route(services[CloudName.Aws]);

        // Always in the same order, whichever one leads or sequences: the data of the leases is there.
        return (outputs, [.. grounds.OrderBy(ground => ground.Cloud).Select(ground => new NodeCluster(ground.Platform, services[ground.Cloud].OfType<DwsAgent>().Single()))]);
    }

    /// <summary>Internal endpoints, and the peers of execution and consensus clients, are reached across the clouds; nothing else is.</summary>
    private static void Join(NetworkProfile profile, EndpointTable endpoints, AwsCloud amazon, GcpCloud google, GcpSettings settings) => _ = new CloudVpn(
        $"jeju-{profile.StackName}",
        new CloudVpnArgs
        {
            VpcId = amazon.Ground.Network.VpcId,
            PrivateRouteTableIds = amazon.Ground.Network.PrivateRouteTableIds,
            ClusterSecurityGroupId = amazon.Ground.Cluster.SecurityGroupId,
            AwsAddresses = AddressPlan.ForAws(profile),
            NetworkId = google.Ground.Network.NetworkId,
            GcpRegion = settings.Region,
            GcpAddresses = AddressPlan.ForGcp(profile),
            Ports =
            [
                .. endpoints.Internal.Select(endpoint => endpoint.Port),
                ExecutionPorts.Peers,
                ConsensusPorts.Peers,
            ],
        },
        new ComponentResourceOptions { Providers = { amazon.Provider, google.Provider } });
}
