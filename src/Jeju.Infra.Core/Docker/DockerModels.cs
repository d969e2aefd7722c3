using System.Text.Json.Serialization;

namespace Jeju.Infra.Core.Docker;

/// <summary>What the daemon is.</summary>
/// <param name="Version">The daemon's version, for example <c>20.10.24</c>.</param>
/// <param name="ApiVersion">The newest API version it speaks.</param>
/// <param name="MinAPIVersion">The oldest API version it speaks.</param>
public sealed record DockerVersion(string Version, string ApiVersion, string MinAPIVersion);

/// <summary>An image in the daemon's store.</summary>
/// <param name="Id">The content id, <c>sha256:...</c>.</param>
/// <param name="RepoTags">Its names.</param>
/// <param name="RepoDigests">The digests under which a registry gave it; none for an imported one.</param>
/// <param name="Size">Bytes on disk.</param>
public sealed record DockerImage(string Id, IReadOnlyList<string>? RepoTags, IReadOnlyList<string>? RepoDigests, long Size);

/// <summary>A container as the list shows it.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Names">Its names, each with a leading slash.</param>
/// <param name="State"><c>created</c>, <c>running</c>, <c>restarting</c>, <c>exited</c>, <c>paused</c>, <c>dead</c> or <c>removing</c>.</param>
/// <param name="Labels">Its labels.</param>
public sealed record DockerContainerSummary(string Id, IReadOnlyList<string> Names, string State, IReadOnlyDictionary<string, string>? Labels);

/// <summary>What came of the request to start a container.</summary>
public enum ContainerStart
{
    /// <summary>There is no such container.</summary>
    Absent,

    /// <summary>Its process runs, and did before.</summary>
    RanAlready,

    /// <summary>Its process was started by this request.</summary>
    Started,
}

/// <summary>A container in full.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Name">Its name, with a leading slash.</param>
/// <param name="Image">The content id of its image.</param>
/// <param name="RestartCount">How often the daemon restarted it by its policy.</param>
/// <param name="State">What it does.</param>
/// <param name="Config">What it was made from.</param>
/// <param name="HostConfig">Its limits and bindings.</param>
/// <param name="NetworkSettings">Where it is reached.</param>
public sealed record DockerContainer(
    string Id,
    string Name,
    string Image,
    int RestartCount,
    DockerContainerState State,
    DockerContainerConfig Config,
    DockerHostConfig HostConfig,
    DockerNetworkSettings? NetworkSettings = null);

/// <summary>Where a container is reached.</summary>
/// <param name="Networks">Its place in each of its networks, by the network's name.</param>
public sealed record DockerNetworkSettings(IReadOnlyDictionary<string, DockerNetworkPlace>? Networks);

/// <summary>A container's place in a network; both addresses are empty while the container stands still.</summary>
/// <param name="IPAddress">The container's own address.</param>
/// <param name="Gateway">The host's address there.</param>
public sealed record DockerNetworkPlace(string? IPAddress, string? Gateway);

/// <summary>What a container does.</summary>
/// <param name="Status">The word for it, as in the list.</param>
/// <param name="Running">Whether its process runs.</param>
/// <param name="Restarting">Whether the daemon waits to restart it.</param>
/// <param name="OOMKilled">Whether its last process ended for want of memory.</param>
/// <param name="ExitCode">The exit code of its last process.</param>
/// <param name="Error">Why it could not be started, if so.</param>
public sealed record DockerContainerState(string Status, bool Running, bool Restarting, bool OOMKilled, int ExitCode, string? Error);

/// <summary>What a container is made from.</summary>
public sealed record DockerContainerConfig
{
    /// <summary>The image: a name, or a content id.</summary>
    public required string Image { get; init; }

    /// <summary>Numeric user and group, <c>999:999</c>.</summary>
    public string? User { get; init; }

    /// <summary>The program.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Environment, <c>NAME=value</c>; never a secret, because an inspection shows it.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Ports it offers, <c>5432/tcp</c>.</summary>
    public IReadOnlyDictionary<string, DockerEmpty>? ExposedPorts { get; init; }

    /// <summary>The signal that asks it to stop.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Seconds between that signal and SIGKILL.</summary>
    public int? StopTimeout { get; init; }
}

/// <summary>The empty object that Go uses for sets.</summary>
public sealed record DockerEmpty;

/// <summary>A container's limits and bindings.</summary>
public sealed record DockerHostConfig
{
    /// <summary>Published ports by container port.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DockerPortBinding>>? PortBindings { get; init; }

    /// <summary>The network it starts in.</summary>
    public string? NetworkMode { get; init; }

    /// <summary>When the daemon itself starts it again.</summary>
    public DockerRestartPolicy? RestartPolicy { get; init; }

    /// <summary>Bytes of memory.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes of memory and swap; equal to <see cref="Memory"/> means no swap.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Billionths of a core.</summary>
    public long? NanoCpus { get; init; }

    /// <summary>Processes and threads at most.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Bytes of <c>/dev/shm</c>.</summary>
    public long? ShmSize { get; init; }

    /// <summary>Capabilities taken away.</summary>
    public IReadOnlyList<string>? CapDrop { get; init; }

    /// <summary>Security options, for example <c>no-new-privileges</c>.</summary>
    public IReadOnlyList<string>? SecurityOpt { get; init; }

    /// <summary>Whether the root file system cannot be written.</summary>
    public bool? ReadonlyRootfs { get; init; }

    /// <summary>Memory file systems by path, with mount options.</summary>
    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    /// <summary>Volumes.</summary>
    public IReadOnlyList<DockerMount>? Mounts { get; init; }

    /// <summary>Where its output goes and how much is kept.</summary>
    public DockerLogConfig? LogConfig { get; init; }
}

/// <summary>A published port.</summary>
/// <param name="HostIp">The host's address; <c>127.0.0.1</c> keeps it on this machine.</param>
/// <param name="HostPort">The host's port, in decimal.</param>
public sealed record DockerPortBinding(string HostIp, string HostPort);

/// <summary>When the daemon starts a container again.</summary>
/// <param name="Name"><c>no</c>, <c>on-failure</c>, <c>unless-stopped</c> or <c>always</c>.</param>
public sealed record DockerRestartPolicy(string Name);

/// <summary>A mount.</summary>
/// <param name="Type"><c>volume</c>, <c>bind</c> or <c>tmpfs</c>.</param>
/// <param name="Source">The volume's name.</param>
/// <param name="Target">The path inside.</param>
public sealed record DockerMount(string Type, string Source, string Target);

/// <summary>Where a container's output goes.</summary>
/// <param name="Type">The driver.</param>
/// <param name="Config">Its options.</param>
public sealed record DockerLogConfig(string Type, IReadOnlyDictionary<string, string>? Config);

/// <summary>A container to create.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Config">What it is made from.</param>
/// <param name="HostConfig">Its limits and bindings.</param>
public sealed record DockerContainerSpecification(string Name, DockerContainerConfig Config, DockerHostConfig HostConfig);

/// <summary>A network.</summary>
public sealed record DockerNetwork
{
    /// <summary>The network's id.</summary>
    public string? Id { get; init; }

    /// <summary>Its name; the daemon does not insist that names are unique.</summary>
    public required string Name { get; init; }

    /// <summary>Its driver, for example <c>bridge</c>.</summary>
    public string? Driver { get; init; }

    /// <summary>Whether it has no way out.</summary>
    public bool? Internal { get; init; }

    /// <summary>Its address ranges.</summary>
    [JsonPropertyName("IPAM")]
    public DockerAddressManagement? AddressManagement { get; init; }

    /// <summary>Options of the driver.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Whether the daemon refuses a second network of this name.</summary>
    public bool? CheckDuplicate { get; init; }
}

/// <summary>A network's address ranges.</summary>
/// <param name="Config">The ranges; none on the <c>host</c> and <c>none</c> networks.</param>
public sealed record DockerAddressManagement(IReadOnlyList<DockerSubnet>? Config);

/// <summary>An address range.</summary>
/// <param name="Subnet">In CIDR form.</param>
public sealed record DockerSubnet(string? Subnet);

/// <summary>A volume.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="DriverOpts">Options of the driver, when it is created; <c>size</c> bounds it where the disk's file system has project quotas.</param>
public sealed record DockerVolume(string Name, IReadOnlyDictionary<string, string>? Labels, IReadOnlyDictionary<string, string>? DriverOpts = null);

/// <summary>Something that happened to an object of the daemon.</summary>
/// <param name="Type"><c>container</c>, <c>network</c>, <c>volume</c> or <c>image</c>.</param>
/// <param name="Action">What happened, for example <c>die</c>.</param>
/// <param name="Actor">To what.</param>
public sealed record DockerEvent(string Type, string Action, DockerEventActor Actor);

/// <summary>The object of an event.</summary>
/// <param name="ID">Its id.</param>
/// <param name="Attributes">Its labels, and its name under <c>name</c>.</param>
public sealed record DockerEventActor(string ID, IReadOnlyDictionary<string, string>? Attributes);
