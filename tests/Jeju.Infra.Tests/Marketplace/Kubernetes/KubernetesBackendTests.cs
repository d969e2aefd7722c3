using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Backends;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>What the tests of the Docker backend ask, asked of the Kubernetes backend.</summary>
public sealed class KubernetesBackendTests
{
    private const string Provider = "0x00000000000000000000000000000000000000000000000000000000000000aa";

    internal static readonly Bytes32 Order = Bytes32.FromName("order");

    [Fact]
    public async Task Twice_is_once_and_a_restarted_agent_finds_its_workloads_by_their_labels()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        Workload first;
        using (KubernetesBackend backend = New(cluster))
        {
            first = await backend.EnsureAsync(Request("redis"), default);
        }

        using KubernetesBackend restarted = New(cluster);
        Workload listed = Assert.Single(await restarted.ListAsync(default));
        Workload? found = await restarted.FindAsync(Order, default);
        string version = cluster.Single("statefulsets").Version;
        Workload second = await restarted.EnsureAsync(Request("redis"), default);

        Assert.Equal(first with { Credentials = null }, listed);
        Assert.Equal(first, found);
        Assert.Equal(first, second);
        Assert.Equal((1, version), (cluster.Starts, cluster.Single("statefulsets").Version));
        Assert.Equal([6379], first.Endpoint!.Ports);
        Assert.EndsWith(".dws-tenants.svc.cluster.local", first.Endpoint.Host, StringComparison.Ordinal);
        Assert.Equal(32, first.Credentials!.Password.Length);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task Everything_removed_by_hand_but_volume_and_secret_is_made_anew_around_them(string kind)
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Workload first = await backend.EnsureAsync(Request(kind), default);
        string name = cluster.Single("statefulsets").Name;
        string uid = Uid(cluster, "persistentvolumeclaims");

        foreach (string plural in (string[])["statefulsets", "services", "networkpolicies"])
        {
            cluster.Remove(plural, name);
        }

        Workload second = await backend.EnsureAsync(Request(kind, first.Endpoint), default);

        Assert.Equal(first, second);
        Assert.Equal(uid, Uid(cluster, "persistentvolumeclaims"));
        Assert.Equal(6, cluster.All.Count);
    }

    [Theory]
    [InlineData("persistentvolumeclaims")]
    [InlineData("secrets")]
    public async Task Ready_stateful_lease_without_its_volume_or_password_is_never_replaced_by_an_empty_store(string lost)
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Workload first = await backend.EnsureAsync(Request("redis"), default);
        cluster.Remove(lost, cluster.Single("statefulsets").Name);
        IReadOnlyList<string> before = cluster.All;

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => backend.EnsureAsync(Request("redis", first.Endpoint), default));

        Assert.Equal("JEJU0622", refusal.Code.ToString());
        Assert.Equal(before, cluster.All);
    }

    [Fact]
    public async Task Lease_that_nobody_was_told_of_begins_anew_when_its_password_is_lost()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Workload first = await backend.EnsureAsync(Request("redis"), default);
        string uid = Uid(cluster, "persistentvolumeclaims");
        cluster.Remove("secrets", cluster.Single("statefulsets").Name);

        Workload second = await backend.EnsureAsync(Request("redis"), default);

        Assert.NotEqual(first.Credentials!.Password, second.Credentials!.Password);
        Assert.NotEqual(uid, Uid(cluster, "persistentvolumeclaims"));
        Assert.Equal(first.Endpoint, second.Endpoint);
    }

    [Fact]
    public async Task Removed_lease_leaves_nothing_and_removing_again_succeeds()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        await backend.EnsureAsync(Request("redis"), default);

        await backend.RemoveAsync(Order, default);
        Assert.Empty(cluster.All);
        await backend.RemoveAsync(Order, default);

        Assert.Null(await backend.FindAsync(Order, default));
        Assert.Empty(await backend.ListAsync(default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_killed_at_any_request_ends_with_one_workload_of_one_password_and_then_with_none(bool isLastDone)
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        HashSet<string> passwords = [];
        int cuts = 0;
        Workload? workload = null;
        while (workload is null)
        {
            cluster.Cut = (++cuts, isLastDone);
            workload = await TryAsync(backend => backend.EnsureAsync(Request("postgres"), default));
            cluster.Cut = null;
            if (cluster.All.Any(key => key.StartsWith("statefulsets", StringComparison.Ordinal)))
            {
                passwords.Add(Credentials(cluster));
            }
        }

        Assert.True(cuts > 6, $"only {cuts} requests");
        Assert.Equal(1, cluster.Starts);
        Assert.Equal(workload.Credentials!.Password, Assert.Single(passwords));
        Assert.Equal(6, cluster.All.Count);

        cuts = 0;
        bool isRemoved = false;
        while (!isRemoved)
        {
            cluster.Cut = (++cuts, isLastDone);
            isRemoved = await TryAsync(async backend =>
            {
                await backend.RemoveAsync(Order, default);
                return this;
            }) is not null;
            cluster.Cut = null;

            // As long as anything is left, the next start finds it.
            using KubernetesBackend next = New(cluster);
            Assert.Equal(cluster.All.Count > 0, (await next.ListAsync(default)).Count > 0);
        }

        Assert.True(cuts > 10, $"only {cuts} requests");
        Assert.Empty(cluster.All);

        async Task<T?> TryAsync<T>(Func<KubernetesBackend, Task<T>> step)
            where T : class
        {
            using KubernetesBackend backend = New(cluster);
            try
            {
                return await step(backend);
            }
            catch (InfraException cut) when (cut.Code.ToString() == "JEJU0650")
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Lease_that_comes_again_while_its_removal_is_half_done_is_served()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Workload first = await backend.EnsureAsync(Request("redis"), default);
        cluster.Cut = (1, true);
        await Assert.ThrowsAsync<InfraException>(() => backend.RemoveAsync(Order, default));
        cluster.Cut = null;

        Workload again = await backend.EnsureAsync(Request("redis", first.Endpoint), default);

        Assert.Equal(first, again);
        Assert.False(cluster.Single("statefulsets").IsDeleting);
    }

    [Fact]
    public async Task Set_that_somebody_removes_while_its_pod_is_waited_for_is_made_again()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        cluster.NoPods = "exceeded quota";
        Task<Workload> starting = backend.EnsureAsync(Request("redis"), default);
        while (!cluster.All.Any(key => key.StartsWith("statefulsets", StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        cluster.Remove("statefulsets", cluster.Single("statefulsets").Name);
        cluster.NoPods = null;

        Assert.True((await starting.WaitAsync(TimeSpan.FromSeconds(30))).IsRunning);
        Assert.Equal(1, cluster.Starts);
    }

    [Fact]
    public async Task A_running_lease_keeps_its_image_and_limits_when_both_change_for_others()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Workload first = await backend.EnsureAsync(Request("redis"), default);
        string before = cluster.Single("statefulsets").Value["spec"]!.ToJsonString();
        File.WriteAllText(cluster.Settings.ImageLockFile, "{}");

        await backend.EnsureAsync(Request("redis", first.Endpoint) with { Limits = new WorkloadLimits(9999, 99, 9) }, default);

        Assert.Equal(before, cluster.Single("statefulsets").Value["spec"]!.ToJsonString());
        Assert.Equal(1, cluster.Starts);
    }

    [Fact]
    public async Task Kind_without_an_image_by_digest_is_refused_before_anything_is_made()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        await backend.PrepareAsync(ServiceCatalog.Find("postgres"), default);
        File.WriteAllText(cluster.Settings.ImageLockFile, "{}");

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => backend.PrepareAsync(ServiceCatalog.Find("postgres"), default));
        InfraException kind = await Assert.ThrowsAsync<InfraException>(() => backend.PrepareAsync(ServiceCatalog.Find("solana"), default));

        Assert.Equal("JEJU0610", refusal.Code.ToString());
        Assert.Contains("images pin", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal("JEJU0623", kind.Code.ToString());
        Assert.Empty(cluster.All);
        Assert.Equal(0, cluster.Requests);
    }

    [Theory]
    [InlineData(false, "JEJU0610")]
    [InlineData(true, "JEJU0624")]
    public async Task Image_that_cannot_be_pulled_ends_a_new_lease_and_makes_a_served_one_wait(bool isServed, string code)
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        ServiceEndpoint? pinned = isServed ? (await backend.EnsureAsync(Request("redis"), default)).Endpoint : null;
        cluster.Waiting = "ImagePullBackOff";
        if (isServed)
        {
            cluster.Remove("statefulsets", cluster.Single("statefulsets").Name);
        }

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => backend.EnsureAsync(Request("redis", pinned), default));

        Assert.Equal(code, refusal.Code.ToString());
    }

    [Fact]
    public async Task Pod_for_which_there_is_no_room_is_waited_for_a_while_and_then_the_cluster_says_why()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = new(cluster.Settings, Scope, new HastyTime(10));
        cluster.NoPods = "pods \"jeju-0\" is forbidden: exceeded quota: tenants";

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => backend.EnsureAsync(Request("redis"), default));
        cluster.NoPods = null;
        Workload later = await backend.EnsureAsync(Request("redis"), default);

        Assert.Equal("JEJU0624", refusal.Code.ToString());
        Assert.Contains("exceeded quota", refusal.Message, StringComparison.Ordinal);
        Assert.True(later.IsRunning);
        Assert.Equal(1, cluster.Starts);
    }

    [Fact]
    public async Task The_password_is_in_the_secret_alone_and_the_log_is_read_of_a_running_pod()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Assert.Null(await backend.ReadLogTailAsync(Order, default));
        Workload workload = await backend.EnsureAsync(Request("redis"), default);
        string password = workload.Credentials!.Password;

        Assert.Contains("ready", await backend.ReadLogTailAsync(Order, default), StringComparison.Ordinal);
        foreach (string plural in (string[])["statefulsets", "pods", "services", "networkpolicies", "persistentvolumeclaims"])
        {
            string text = cluster.Single(plural).Value.ToJsonString();
            Assert.DoesNotContain(password, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(password)), text, StringComparison.Ordinal);
        }

        JsonObject data = cluster.Single("secrets").Value["data"]!.AsObject();
        string mounted = cluster.Single("statefulsets").Value["spec"]!["template"]!["spec"]!["volumes"]!.ToJsonString();
        Assert.Contains($"requirepass {password}", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data["redis.conf"]!.GetValue<string>())), StringComparison.Ordinal);
        Assert.DoesNotContain(LeaseObjects.CredentialsEntry, mounted, StringComparison.Ordinal);

        // The endpoint is not on loopback: the service has a certificate for it, and what it mounts is all that the secret has for it.
        Assert.Matches("^[0-9a-f]{64}$", workload.Credentials.CertificateFingerprint);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data["tls.crt"]!.GetValue<string>())));
        Assert.Equal(workload.Endpoint!.Host, certificate.GetNameInfo(X509NameType.DnsFromAlternativeName, forIssuer: false));
        Assert.All(data.Select(entry => entry.Key).Where(entry => entry != LeaseObjects.CredentialsEntry), entry => Assert.Contains($"\"{entry}\"", mounted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renewed_token_is_used_at_once()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Assert.Empty(await backend.ListAsync(default));

        cluster.RenewToken();
        Assert.Empty(await backend.ListAsync(default));
        File.Delete(cluster.Settings.TokenFile);

        Assert.Equal("JEJU0650", (await Assert.ThrowsAsync<InfraException>(() => backend.ListAsync(default))).Code.ToString());
    }

    [Fact]
    public async Task Lists_are_read_page_by_page_and_begun_anew_when_a_page_comes_too_late()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Bytes32[] orders = [.. Enumerable.Range(0, 5).Select(number => Bytes32.FromName($"order {number}"))];
        Workload[] workloads = await Task.WhenAll(orders.Select(order => backend.EnsureAsync(Request("redis") with { OrderId = order }, default)));
        cluster.PageSize = 2;
        cluster.ForgottenPages = 1;

        IReadOnlyList<Workload> listed = await backend.ListAsync(default);

        Assert.Equal(orders.ToHashSet(), listed.Select(workload => workload.OrderId).ToHashSet());
        Assert.All(listed, workload => Assert.True(workload.IsRunning));
        Assert.Equal(5, workloads.Select(workload => workload.Endpoint!.Host).Distinct().Count());
        Assert.Equal(5, workloads.Select(workload => workload.Credentials!.Password).Distinct().Count());
    }

    [Fact]
    public void Ids_too_long_for_labels_are_hashed_and_different_ids_have_different_labels()
    {
        string[] ids = [.. Enumerable.Range(0, 100).Select(number => Bytes32.FromName($"id {number}").ToString())];

        Assert.Equal(100, ids.Select(LeaseObjects.LabelOf).Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{40}$", LeaseObjects.LabelOf(id)));
        Assert.Equal("redis", LeaseObjects.LabelOf("redis"));
    }

    internal static BackendScope Scope { get; } = new(Provider, ChainId.Anvil, Bytes32.FromName("genesis"), "/data");

    internal static KubernetesBackend New(FakeCluster cluster, BackendScope? scope = null) => new(cluster.Settings, scope ?? Scope, TimeProvider.System);

    internal static WorkloadRequest Request(string kind, ServiceEndpoint? pinned = null)
    {
        ServiceKind found = ServiceCatalog.Find(kind);
        return new WorkloadRequest(Order, found, WorkloadLimits.Of(found.RequirementFor(NetworkName.Testnet)), pinned);
    }

    private static string Uid(FakeCluster cluster, string plural) => cluster.Single(plural).Value["metadata"]!["uid"]!.GetValue<string>();

    private static string Credentials(FakeCluster cluster) => JsonSerializer.Deserialize<JsonElement>(
        Convert.FromBase64String(cluster.Single("secrets").Value["data"]![LeaseObjects.CredentialsEntry]!.GetValue<string>())).GetProperty("password").GetString()!;
}
