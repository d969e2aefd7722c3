using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Tests.Chain.Signers;

/// <summary>A request as it arrived, before anything is read into it.</summary>
internal sealed record CloudRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>What a service answers.</summary>
internal sealed record CloudAnswer(int Status, string Body, string ContentType = "application/json");

/// <summary>A local server that stands for a cloud's service: it looks at the bytes of each request, as the service does.</summary>
internal abstract class CloudServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<CloudRequest> _requests = [];

    protected CloudServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public string Address { get; private set; } = "";

    /// <summary>The variables under which the product finds this server, and the credentials for it.</summary>
    public Dictionary<string, string> Environment { get; } = new() { ["HOME"] = "/nonexistent" };

    public IReadOnlyList<CloudRequest> Requests => _requests;

    public async Task StartAsync()
    {
        await _application.StartAsync();
        Address = _application.Urls.First();
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    protected abstract CloudAnswer Answer(CloudRequest request);

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        CloudRequest request = new(
            context.Request.Method,
            context.Request.Path.Value ?? "",
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            body.ToArray());
        CloudAnswer answer;
        lock (_requests)
        {
            _requests.Add(request);
            answer = Answer(request);
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body);
    }
}
