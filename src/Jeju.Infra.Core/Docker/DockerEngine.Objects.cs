using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Jeju.Infra.Core.Docker;

public sealed partial class DockerEngine
{
    /// <summary>The containers that carry all the labels, running or not.</summary>
    /// <param name="labels">Labels as <c>name=value</c>, or <c>name</c> for any value.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<DockerContainerSummary>> ListContainersAsync(
        IReadOnlyCollection<string> labels, CancellationToken cancellationToken) =>
        await ReadAsync<IReadOnlyList<DockerContainerSummary>>(
            HttpMethod.Get, $"/containers/json?all=true&filters={LabelFilter(labels)}", null, "list containers", versioned: true, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>A container by name or id, or null.</summary>
    public Task<DockerContainer?> FindContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        FindAsync<DockerContainer>($"/containers/{Uri.EscapeDataString(nameOrId)}/json", $"inspect container '{nameOrId}'", cancellationToken);

    /// <summary>Creates a container and returns its id; it does not start.</summary>
    public async Task<string> CreateContainerAsync(DockerContainerSpecification specification, CancellationToken cancellationToken)
    {
        JsonElement config = JsonSerializer.SerializeToElement(specification.Config, DockerJson.Options);
        Dictionary<string, object> body = config.EnumerateObject().ToDictionary(member => member.Name, member => (object)member.Value);
        body["HostConfig"] = specification.HostConfig;
        CreatedObject created = await ReadAsync<CreatedObject>(
            HttpMethod.Post,
            $"/containers/create?name={Uri.EscapeDataString(specification.Name)}",
            body,
            $"create container '{specification.Name}'",
            versioned: true,
            cancellationToken).ConfigureAwait(false);
        return created.Id;
    }

    /// <summary>Starts a container; one that runs stays as it is.</summary>
    public async Task<ContainerStart> StartContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        string purpose = $"start container '{nameOrId}'";
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, $"/containers/{Uri.EscapeDataString(nameOrId)}/start", null, purpose, versioned: true, cancellationToken).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return ContainerStart.Absent;
            case HttpStatusCode.NotModified:
                return ContainerStart.RanAlready;
            default:
                await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);
                return ContainerStart.Started;
        }
    }

    /// <summary>Starts another program in a running container, beside its own, and does not wait for its end. Nothing is read of what it writes.</summary>
    /// <exception cref="InfraException">JEJU0602: the container does not run, or has no such program.</exception>
    public async Task StartProgramAsync(string nameOrId, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        string purpose = $"start {command[0]} in container '{nameOrId}'";
        CreatedObject program = await ReadAsync<CreatedObject>(
            HttpMethod.Post, $"/containers/{Uri.EscapeDataString(nameOrId)}/exec", new ProgramStart(command), purpose, versioned: true, cancellationToken)
            .ConfigureAwait(false);
        using JsonContent detached = Json(new ProgramWatch(Detach: true))!;
        if (!await ActAsync(HttpMethod.Post, $"/exec/{Uri.EscapeDataString(program.Id)}/start", detached, purpose, cancellationToken).ConfigureAwait(false))
        {
            throw Refusal(purpose, (int)HttpStatusCode.NotFound, "the container has ended meanwhile");
        }
    }

    /// <summary>Waits until a container's process has ended, and returns its exit code. Bounded by the client's deadline.</summary>
    public async Task<int> WaitContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        ExitStatus exit = await ReadAsync<ExitStatus>(
            HttpMethod.Post,
            $"/containers/{Uri.EscapeDataString(nameOrId)}/wait",
            null,
            $"wait for container '{nameOrId}'",
            versioned: true,
            cancellationToken).ConfigureAwait(false);
        return exit.StatusCode;
    }

    /// <summary>Asks a container to stop, and kills it after its own stop timeout. False where it does not exist.</summary>
    public Task<bool> StopContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Post, $"/containers/{Uri.EscapeDataString(nameOrId)}/stop", null, $"stop container '{nameOrId}'", cancellationToken);

    /// <summary>Kills a container's process at once. False where the container does not exist.</summary>
    public Task<bool> KillContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Post, $"/containers/{Uri.EscapeDataString(nameOrId)}/kill", null, $"kill container '{nameOrId}'", cancellationToken);

    /// <summary>Removes a container, running or not, with its anonymous volumes. False where it does not exist.</summary>
    public Task<bool> RemoveContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        ActAsync(
            HttpMethod.Delete, $"/containers/{Uri.EscapeDataString(nameOrId)}?force=true&v=true", null, $"remove container '{nameOrId}'", cancellationToken);

    /// <summary>Unpacks a tar stream into a folder of a container, running or not. With a read-only root the folder lies in a volume.</summary>
    public async Task PutArchiveAsync(string nameOrId, string folder, Stream tar, CancellationToken cancellationToken)
    {
        string purpose = $"write into container '{nameOrId}'";
        using StreamContent content = new(tar);
        content.Headers.ContentType = new("application/x-tar");
        if (!await ActAsync(
                HttpMethod.Put,
                $"/containers/{Uri.EscapeDataString(nameOrId)}/archive?path={Uri.EscapeDataString(folder)}",
                content,
                purpose,
                cancellationToken).ConfigureAwait(false))
        {
            throw Refusal(purpose, (int)HttpStatusCode.NotFound, $"there is no container '{nameOrId}' with the folder '{folder}'");
        }
    }

    /// <summary>A file or folder of a container as a tar stream in memory, or null where it does not exist.</summary>
    public async Task<MemoryStream?> GetArchiveAsync(string nameOrId, string path, CancellationToken cancellationToken)
    {
        string purpose = $"read from container '{nameOrId}'";
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Get,
            $"/containers/{Uri.EscapeDataString(nameOrId)}/archive?path={Uri.EscapeDataString(path)}",
            null,
            purpose,
            versioned: true,
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);
        MemoryStream copy = new();
        await response.Content.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        copy.Position = 0;
        return copy;
    }

    /// <summary>The last lines that a container wrote to both streams, for an error message; null where it does not exist.</summary>
    public async Task<string?> ReadLogTailAsync(string nameOrId, int lines, CancellationToken cancellationToken)
    {
        string purpose = $"read the log of container '{nameOrId}'";
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Get,
            $"/containers/{Uri.EscapeDataString(nameOrId)}/logs?stdout=true&stderr=true&tail={lines}",
            null,
            purpose,
            versioned: true,
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);
        return DockerLogStream.Text(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The networks that carry all the labels; all networks where none is given.</summary>
    public async Task<IReadOnlyList<DockerNetwork>> ListNetworksAsync(IReadOnlyCollection<string> labels, CancellationToken cancellationToken) =>
        await ReadAsync<IReadOnlyList<DockerNetwork>>(
            HttpMethod.Get, $"/networks?filters={LabelFilter(labels)}", null, "list networks", versioned: true, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>A network by name or id, or null.</summary>
    public Task<DockerNetwork?> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken) =>
        FindAsync<DockerNetwork>($"/networks/{Uri.EscapeDataString(nameOrId)}", $"inspect network '{nameOrId}'", cancellationToken);

    /// <summary>Creates a network and returns its id.</summary>
    public async Task<string> CreateNetworkAsync(DockerNetwork network, CancellationToken cancellationToken)
    {
        CreatedObject created = await ReadAsync<CreatedObject>(
            HttpMethod.Post, "/networks/create", network, $"create network '{network.Name}'", versioned: true, cancellationToken)
            .ConfigureAwait(false);
        return created.Id;
    }

    /// <summary>Removes a network. False where it does not exist.</summary>
    public Task<bool> RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Delete, $"/networks/{Uri.EscapeDataString(nameOrId)}", null, $"remove network '{nameOrId}'", cancellationToken);

    /// <summary>The volumes that carry all the labels.</summary>
    public async Task<IReadOnlyList<DockerVolume>> ListVolumesAsync(IReadOnlyCollection<string> labels, CancellationToken cancellationToken)
    {
        VolumeList list = await ReadAsync<VolumeList>(
            HttpMethod.Get, $"/volumes?filters={LabelFilter(labels)}", null, "list volumes", versioned: true, cancellationToken)
            .ConfigureAwait(false);
        return list.Volumes ?? [];
    }

    /// <summary>A volume by name, or null.</summary>
    public Task<DockerVolume?> FindVolumeAsync(string name, CancellationToken cancellationToken) =>
        FindAsync<DockerVolume>($"/volumes/{Uri.EscapeDataString(name)}", $"inspect volume '{name}'", cancellationToken);

    /// <summary>Creates a volume; one that exists stays as it is, with its own labels.</summary>
    public async Task<DockerVolume> CreateVolumeAsync(DockerVolume volume, CancellationToken cancellationToken) =>
        await ReadAsync<DockerVolume>(
            HttpMethod.Post, "/volumes/create", volume, $"create volume '{volume.Name}'", versioned: true, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Removes a volume and its data. False where it does not exist.</summary>
    public Task<bool> RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Delete, $"/volumes/{Uri.EscapeDataString(name)}", null, $"remove volume '{name}'", cancellationToken);

    private static string LabelFilter(IReadOnlyCollection<string> labels) => Uri.EscapeDataString(
        JsonSerializer.Serialize(labels.Count == 0 ? [] : new Dictionary<string, IReadOnlyCollection<string>> { ["label"] = labels }));

    private sealed record CreatedObject(string Id);

    private sealed record ProgramStart(IReadOnlyList<string> Cmd);

    private sealed record ProgramWatch(bool Detach);

    private sealed record ExitStatus(int StatusCode);

    private sealed record VolumeList(IReadOnlyList<DockerVolume>? Volumes);
}
