using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Images;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>Who gets an image while another process makes it. The daemon is a socket that knows one image, once the test says so.</summary>
public sealed class ImageStoreTests : IAsyncLifetime
{
    private static readonly ServiceImage Image = new("registry.example/demo:1", Recipe: null);

    private readonly DaemonSocket _daemon;
    private volatile bool _isThere;

    public ImageStoreTests() => _daemon = new DaemonSocket(context => _isThere && context.Request.Path.Value!.Contains("/images/", StringComparison.Ordinal)
        ? DaemonSocket.AnswerAsync(context, 200, """{"Id":"sha256:made","RepoTags":[],"RepoDigests":[],"Size":1}""")
        : DaemonSocket.AnswerAsync(context, 404, """{"message":"no such image"}"""));

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Who_waits_for_anothers_image_is_told_once_and_takes_what_the_other_made()
    {
        RepositoryLayout layout = new(_daemon.Folder);
        using DockerEngine docker = new(TimeProvider.System, _daemon.SocketPath);
        ImageStore store = new(docker, layout, new HastyTime(100));
        Told told = new();
        Task<AvailableImage> waiting;
        string turns = Directory.CreateDirectory(Path.Combine(layout.StateFolder, "images")).FullName;
        await using (new FileStream(Path.Combine(turns, "registry.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            waiting = store.EnsureAsync(Image, told, CancellationToken.None);
            await AgentRun.Until(() => told.Lines.Count > 0 || waiting.IsCompleted);
            Assert.False(waiting.IsCompleted, "nothing was waited for");
            _isThere = true;
        }

        Assert.Equal("sha256:made", (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).Id);
        Assert.Equal(["another process makes registry.example/demo:1; waiting for it"], told.Lines);
    }

    private sealed class Told : IProgress<string>
    {
        public List<string> Lines { get; } = [];

        public void Report(string value) => Lines.Add(value);
    }
}
