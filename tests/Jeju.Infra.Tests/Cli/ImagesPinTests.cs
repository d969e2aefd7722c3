using Jeju.Infra.Cli;
using Jeju.Infra.Core;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Tests.Cli;

/// <summary><c>jeju images pin</c> where no registry answers. The daemon is a socket that says so.</summary>
public sealed class ImagesPinTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jeju-pin-");
    private readonly WebApplication _daemon;

    public ImagesPinTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.ListenUnixSocket(Socket));
        _daemon = builder.Build();
        _daemon.Run(async context =>
        {
            bool isVersion = context.Request.Path == "/version";
            context.Response.StatusCode = isVersion ? 200 : 500;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                isVersion ? """{"Version":"28.0.0","ApiVersion":"1.48","MinAPIVersion":"1.24"}""" : """{"message":"lookup registry.example: no such host"}""");
        });
    }

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_named_with_the_reason_and_what_to_do()
    {
        RepositoryLayout layout = new(_folder.FullName);

        CommandLineOutcome outcome = await new CommandLineTester { FindLayout = () => layout }
            .With("DOCKER_HOST", "unix://" + Socket).RunAsync("images", "pin", "--image", "registry.example/demo:1");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.StartsWith(
            "error JEJU0841: The digest of registry.example/demo:1 could not be resolved: lookup registry.example: no such host. The lock file is as it was.",
            outcome.Talk, StringComparison.Ordinal);
        Assert.Contains("Docker daemon reaches that registry", outcome.Talk, StringComparison.Ordinal);
        Assert.False(Directory.Exists(layout.ImagesFolder));
    }

    private string Socket => Path.Combine(_folder.FullName, "docker.sock");
}
