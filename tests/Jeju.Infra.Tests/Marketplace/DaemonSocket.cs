using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>
/// A Docker daemon of the test's own, for moments that a real one cannot be brought to: a socket that tells its version, and leaves everything else
/// to the test. It lies in a folder that goes with it.
/// </summary>
internal sealed class DaemonSocket : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jeju-daemon-");
    private readonly WebApplication _daemon;

    public DaemonSocket(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.ListenUnixSocket(SocketPath));
        _daemon = builder.Build();
        _daemon.Run(context => context.Request.Path == "/version"
            ? AnswerAsync(context, 200, """{"Version":"28.0.0","ApiVersion":"1.48","MinAPIVersion":"1.24"}""")
            : answer(context));
    }

    public string Folder => _folder.FullName;

    public string SocketPath => Path.Combine(Folder, "docker.sock");

    public static Task AnswerAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public Task StartAsync() => _daemon.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
