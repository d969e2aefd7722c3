using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Backends;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>The watch of the Kubernetes backend, through everything that a watch of the API goes through.</summary>
public sealed class KubernetesWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Container_that_crashed_and_pod_that_vanished_are_reported_as_it_happens_and_nothing_else_is()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = KubernetesBackendTests.New(cluster);
        WorkloadRequest request = KubernetesBackendTests.Request("redis");
        await using Watch watch = new(backend);
        Assert.Null(await watch.NextAsync());

        // A start is no stop.
        await backend.EnsureAsync(request, default);
        string name = cluster.Single("statefulsets").Name;
        cluster.Crash(name);
        Assert.Equal(request.OrderId, await watch.NextAsync());
        cluster.Remove("statefulsets", name);
        Assert.Equal(request.OrderId, await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_that_ends_goes_on_from_its_last_version_also_one_that_only_a_bookmark_told()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = KubernetesBackendTests.New(cluster);
        WorkloadRequest request = KubernetesBackendTests.Request("redis");
        await backend.EnsureAsync(request, default);
        string name = cluster.Single("statefulsets").Name;
        await using Watch watch = new(backend);
        Assert.Null(await watch.NextAsync());
        Task<Bytes32?> stop = watch.NextAsync();
        await UntilAsync(() => cluster.Watches == 1);

        cluster.Bookmark();
        await UntilAsync(() => cluster.Watches == 2);
        cluster.Crash(name);

        // Not null: nothing was listed again.
        Assert.Equal(request.OrderId, await stop);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Version_that_the_server_forgot_makes_the_backend_look_at_everything_again(bool endsWatches)
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = KubernetesBackendTests.New(cluster);
        await backend.EnsureAsync(KubernetesBackendTests.Request("redis"), default);
        string name = cluster.Single("statefulsets").Name;
        await using Watch watch = new(backend);
        Assert.Null(await watch.NextAsync());
        Task<Bytes32?> next = watch.NextAsync();
        await UntilAsync(() => cluster.Watches == 1);

        cluster.Forget(endsWatches);

        Assert.Null(await next);
        Task<Bytes32?> stop = watch.NextAsync();
        cluster.Crash(name);
        Assert.NotNull(await stop);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource deadline = new(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
    }

    private sealed class Watch : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly IAsyncEnumerator<Bytes32?> _changes;
        private Task _last = Task.CompletedTask;

        public Watch(KubernetesBackend backend) => _changes = backend.WatchAsync(_stop.Token).GetAsyncEnumerator(_stop.Token);

        public async Task<Bytes32?> NextAsync()
        {
            Task<bool> next = _changes.MoveNextAsync().AsTask();
            _last = next;
            Assert.True(await next.WaitAsync(Patience));
            return _changes.Current;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _changes.DisposeAsync();
            _stop.Dispose();
        }
    }
}
