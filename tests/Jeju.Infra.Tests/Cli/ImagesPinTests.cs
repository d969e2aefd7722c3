using Jeju.Infra.Cli;
using Jeju.Infra.Core;
using Jeju.Infra.Tests.Marketplace;

namespace Jeju.Infra.Tests.Cli;

/// <summary><c>jeju images pin</c> where no registry answers. The daemon is a socket that says so.</summary>
public sealed class ImagesPinTests : IAsyncLifetime
{
    private readonly DaemonSocket _daemon =
        new(context => DaemonSocket.AnswerAsync(context, 500, """{"message":"lookup registry.example: no such host"}"""));

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task A_registry_that_does_not_answer_is_named_with_the_reason_and_what_to_do()
    {
        RepositoryLayout layout = new(_daemon.Folder);

        CommandLineOutcome outcome = await new CommandLineTester { FindLayout = () => layout }
            .With("DOCKER_HOST", "unix://" + _daemon.SocketPath).RunAsync("images", "pin", "--image", "registry.example/demo:1");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.StartsWith(
            "error JEJU0841: The digest of registry.example/demo:1 could not be resolved: lookup registry.example: no such host. The lock file is as it was.",
            outcome.Talk, StringComparison.Ordinal);
        Assert.Contains("Docker daemon reaches that registry", outcome.Talk, StringComparison.Ordinal);
        Assert.False(Directory.Exists(layout.ImagesFolder));
    }
}
