using System.Collections.Immutable;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>Phase 1: which clouds a stack has, and which of them answers for its names.</summary>
internal static class Clouds
{
    /// <summary>The label of Google Cloud's zone below the stack's where AWS is the authority.</summary>
    private const string GcpLabel = "gcp";

    public static IDictionary<string, object?> Define(MarketSettings settings, NetworkProfile profile)
    {
        Dictionary<string, object?> outputs = [];
        if (settings.Aws is null && settings.Gcp is null)
        {
            return outputs;
        }

        string zone = settings.Zone ?? throw new InvalidOperationException("Settings with a cloud and no zone are refused when they are read.");

        // One authority for the zone: AWS where it is there, with the other cloud's zone delegated below it.
        Dictionary<string, Input<ImmutableArray<string>>> delegations = [];
        if (settings.Gcp is { } gcp)
        {
            EndpointTable endpoints = EndpointTable.For(settings.Aws is null ? zone : $"{GcpLabel}.{zone}");
            GcpCloud cloud = new(gcp, profile, endpoints, settings.AlarmRecipients);
            outputs["gcp"] = cloud.Outputs;
            delegations[GcpLabel] = cloud.NameServers;
        }

        if (settings.Aws is { } aws)
        {
            outputs["aws"] = new AwsCloud(aws, profile, EndpointTable.For(zone), settings.AlarmRecipients, delegations).Outputs;
        }

        return outputs;
    }
}
