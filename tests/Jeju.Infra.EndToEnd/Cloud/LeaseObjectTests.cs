using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Credentials;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What the agent makes in a cluster for a lease, held against the types of Kubernetes.</summary>
public sealed class LeaseObjectTests
{
    [SchemaFact]
    public void Every_field_of_a_leases_objects_is_known_to_Kubernetes_and_none_that_is_required_lacks()
    {
        ResourceSchema schema = ResourceSchema.Load("Pulumi.Kubernetes");
        ServiceKind[] kinds = [.. ServiceCatalog.All.Where(kind => kind.Workload is not null)];
        Assert.NotEmpty(kinds);
        PlannedResource[] objects = [.. kinds.SelectMany(kind => Objects(kind, kind.Workload!)), .. kinds.SelectMany(kind => Objects(kind, kind.Workload! with { NeedsInternet = true }))];

        Assert.Equal(kinds.Length * 10, objects.Length);
        Assert.Empty(objects.SelectMany(schema.Problems));

        // And the comparison does find what is wrong.
        PlannedResource damaged = objects[^1] with { Inputs = JsonSerializer.Deserialize<JsonElement>(objects[^1].Inputs.GetRawText().Replace("tcpSocket", "tcpSockets", StringComparison.Ordinal)) };
        Assert.Contains(schema.Problems(damaged), problem => problem.Contains("tcpSockets", StringComparison.Ordinal));
    }

    private static IEnumerable<PlannedResource> Objects(ServiceKind kind, WorkloadTemplate template)
    {
        LeaseObjects lease = new(
            new BackendScope(Bytes32.FromName("node").ToString(), ChainId.BaseSepolia, Bytes32.FromName("genesis"), "/data"), ClusterNamespaces.DwsTenants, Bytes32.FromName("order"), kind.Name, template);
        WorkloadLimits limits = WorkloadLimits.Of(kind.RequirementFor(NetworkName.Mainnet));
        yield return Planned("core/v1", lease.VolumeClaim("image@sha256:0", limits, "gp3"));
        yield return Planned("core/v1", lease.Secret(LeaseSecrets.Generate(kind, limits, lease.Endpoint.Host, DateTimeOffset.UnixEpoch)));
        yield return Planned("core/v1", lease.Service());
        yield return Planned("networking.k8s.io/v1", lease.NetworkPolicy());
        yield return Planned("apps/v1", lease.StatefulSet("image@sha256:0", limits));
    }

    private static PlannedResource Planned(string group, JsonObject manifest)
    {
        string type = $"kubernetes:{group}:{manifest["kind"]!.GetValue<string>()}";
        return new PlannedResource(type, type, JsonSerializer.Deserialize<JsonElement>(manifest.ToJsonString()), default);
    }
}
