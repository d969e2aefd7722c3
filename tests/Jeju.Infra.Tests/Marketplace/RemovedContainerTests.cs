using System.Formats.Tar;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Credentials;
using Jeju.Infra.Marketplace.Images;

using Microsoft.AspNetCore.Http;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>
/// A container that is removed while its agent restores it: the daemon tells of its death first, and takes it away while the agent looks into it.
/// The daemon is a socket that has a network and a volume.
/// </summary>
public sealed class RemovedContainerTests : IAsyncLifetime
{
    private static readonly ServiceKind Redis = ServiceCatalog.Find("redis");
    private static readonly ServiceCredentials Credentials = new("default", "kept");
    private static readonly ServiceEndpoint Endpoint = new("127.0.0.1", [20000]);

    private readonly DaemonSocket _daemon;
    private readonly Queue<string> _states = new();
    private bool _isMadeAnew;

    public RemovedContainerTests() => _daemon = new DaemonSocket(AnswerAsync);

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Theory]
    [InlineData("exited")]
    [InlineData("exited, dead")]
    [InlineData("running, removing, removing")]
    public async Task Container_that_goes_while_it_is_looked_into_is_made_anew_around_its_volume(string states)
    {
        Array.ForEach(states.Split(", "), _states.Enqueue);

        Workload workload = await EnsureAsync();

        Assert.True(_isMadeAnew);
        Assert.Equal((Endpoint, Credentials), (workload.Endpoint, workload.Credentials));
    }

    [Fact]
    public async Task Container_that_stays_and_has_nothing_in_its_volume_has_lost_the_data()
    {
        Array.ForEach(["exited", "exited"], _states.Enqueue);

        InfraException loss = await Assert.ThrowsAsync<InfraException>(EnsureAsync);

        Assert.Equal("JEJU0622", loss.Code.ToString());
        Assert.False(_isMadeAnew);
    }

    private async Task<Workload> EnsureAsync()
    {
        using DockerEngine docker = new(TimeProvider.System, _daemon.SocketPath);
        ImageStore images = new(docker, new RepositoryLayout(_daemon.Folder), TimeProvider.System);
        BackendScope scope = new("node", ChainId.Anvil, Bytes32.FromName("genesis"), _daemon.Folder);
        using DockerBackend backend = new(docker, images, scope, new DockerBackendOptions(), new HastyTime(100));
        return await backend.EnsureAsync(
            new WorkloadRequest(Bytes32.FromName("order"), Redis, WorkloadLimits.Of(Redis.RequirementFor(NetworkName.Localnet)), Endpoint), default);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        byte[]? answer = path switch
        {
            _ when path.Contains("/networks/", StringComparison.Ordinal) =>
                Text("""{"Name":"lease","Labels":{"network.jeju.ports":"20000","network.jeju.image":"sha256:made"}}"""),
            _ when path.Contains("/volumes/", StringComparison.Ordinal) => Text("""{"Name":"lease","Labels":{"network.jeju.image":"sha256:made"}}"""),
            _ when path.Contains("/images/", StringComparison.Ordinal) => Text("""{"Id":"sha256:made","RepoTags":[],"RepoDigests":[],"Size":1}"""),
            _ when path.EndsWith("/archive", StringComparison.Ordinal) => _isMadeAnew ? await ArchiveAsync() : null,
            _ when path.EndsWith("/containers/create", StringComparison.Ordinal) => Create(),
            _ when path.EndsWith("/start", StringComparison.Ordinal) => [],
            // Before that it is in each of the states once, and then gone.
            _ when path.EndsWith("/json", StringComparison.Ordinal) => (_isMadeAnew ? "running" : _states.TryDequeue(out string? state) ? state : null) is { } status
                ? Text($$$"""
                    {"Id":"{{{(_isMadeAnew ? "new" : "old")}}}","Name":"lease","Image":"sha256:made","RestartCount":0,"Config":{"Image":"sha256:made"},"HostConfig":{},
                    "State":{"Status":"{{{status}}}","Running":false,"Restarting":false,"OOMKilled":false,"ExitCode":0} }
                    """)
                : null,
            _ => null,
        };
        context.Response.StatusCode = answer is null ? 404 : answer.Length == 0 ? 204 : 200;
        if (answer is not { Length: 0 })
        {
            context.Response.ContentType = "application/json";
            await context.Response.BodyWriter.WriteAsync(answer ?? Text("""{"message":"no such object"}"""));
        }
    }

    private byte[] Create()
    {
        _isMadeAnew = true;
        return Text("""{"Id":"new"}""");
    }

    private static async Task<byte[]> ArchiveAsync()
    {
        using MemoryStream archive = new();
        await using (TarWriter tar = new(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            using MemoryStream content = new(LeaseCredentials.ToBytes(Credentials));
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "credentials.json") { DataStream = content });
        }

        return archive.ToArray();
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
