using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Backends;
using static Jeju.Infra.Tests.Marketplace.Kubernetes.KubernetesBackendTests;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>What belongs to the Kubernetes backend, to others in its namespace, and to other agents.</summary>
public sealed class KubernetesOwnershipTests
{
    [Fact]
    public async Task What_somebody_else_changed_is_put_right_and_what_is_not_ours_is_left()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        await backend.EnsureAsync(Request("redis"), default);
        StoredObject set = cluster.Single("statefulsets");
        JsonObject edit = Manifest("apps/v1", "StatefulSet", set.Name);
        edit["metadata"]!["annotations"] = new JsonObject { ["example.com/note"] = "kept" };
        edit["spec"] = new JsonObject { ["replicas"] = 0 };
        cluster.ApplyAs("kubectl", "statefulsets", edit);
        Assert.False((await backend.FindAsync(Order, default))!.IsRunning);

        Workload restored = await backend.EnsureAsync(Request("redis"), default);

        Assert.True(restored.IsRunning);
        Assert.Equal(1, set.Value["spec"]!["replicas"]!.GetValue<int>());
        Assert.Equal([KubernetesApi.Manager], set.OwnersOf("spec.replicas"));
        Assert.Equal("kept", set.Value["metadata"]!["annotations"]!["example.com/note"]!.GetValue<string>());
    }

    [Fact]
    public async Task Object_of_the_same_name_that_somebody_else_made_is_not_taken_over()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        await backend.EnsureAsync(Request("redis"), default);
        string name = cluster.Single("services").Name;
        cluster.Remove("services", name);
        JsonObject foreign = Manifest("v1", "Service", name);
        foreign["spec"] = new JsonObject { ["type"] = "ExternalName" };
        cluster.ApplyAs("somebody", "services", foreign);

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => backend.EnsureAsync(Request("redis"), default));

        Assert.Contains("somebody else", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("ExternalName", cluster.Single("services").Value["spec"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Only_what_an_earlier_chain_left_is_removed_after_a_reset_and_other_nodes_are_left_alone()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        using KubernetesBackend next = New(cluster, Scope with { Genesis = Bytes32.FromName("next genesis") });
        using KubernetesBackend neighbour = New(cluster, Scope with { Provider = "0xbb" });
        using KubernetesBackend other = New(cluster, Scope with { StateFolder = "/another" });
        await backend.EnsureAsync(Request("redis"), default);
        await next.EnsureAsync(Request("redis"), default);
        await neighbour.EnsureAsync(Request("redis"), default);

        await other.RemoveAllAsync(onlyOtherChains: false, default);
        Assert.Single(await backend.ListAsync(default));
        await next.RemoveAllAsync(onlyOtherChains: true, default);

        Assert.Empty(await backend.ListAsync(default));
        Assert.Single(await next.ListAsync(default));
        await next.RemoveAllAsync(onlyOtherChains: false, default);
        Assert.Empty(await next.ListAsync(default));
        Assert.Single(await neighbour.ListAsync(default));
    }

    [Fact]
    public async Task The_role_of_the_agent_is_what_the_backend_does_and_nothing_else()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        await backend.EnsureAsync(Request("postgres"), default);
        await backend.ListAsync(default);
        await backend.FindAsync(Order, default);
        await backend.ReadLogTailAsync(Order, default);
        await foreach (Bytes32? _ in backend.WatchAsync(default))
        {
            // The first element comes before the watch itself; a crash comes through it.
            if (cluster.Watches == 0)
            {
                cluster.Crash(cluster.Single("statefulsets").Name);
                continue;
            }

            break;
        }

        cluster.Waiting = "CrashLoopBackOff";
        cluster.Remove("statefulsets", cluster.Single("statefulsets").Name);
        await Assert.ThrowsAsync<InfraException>(() => backend.EnsureAsync(Request("postgres"), default));
        await backend.RemoveAsync(Order, default);

        Assert.Equal(
            TenantPermissions.All.SelectMany(permission => permission.Verbs.Select(verb => (permission.Group, permission.Resource, verb))).Order(),
            cluster.Used.Keys.Order());
    }

    private static JsonObject Manifest(string apiVersion, string kind, string name) => new()
    {
        ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = FakeCluster.Namespace },
    };
}
