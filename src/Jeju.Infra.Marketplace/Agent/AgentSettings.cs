using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Backends;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// What an agent needs to know. It lies in a file that only its owner can read (it holds the agent's key, which can report readiness and
/// heartbeats but move no money) and is given by the path of that file, never by arguments.
/// </summary>
public sealed record AgentSettings
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new ValueConverter<Address>(Address.Parse), new ValueConverter<Bytes32>(Bytes32.Parse), new ChainIdConverter() },
    };

    /// <summary>The node of the settlement chain; one address for requests and for the subscription.</summary>
    public required string ChainUrl { get; init; }

    /// <summary>The settlement chain.</summary>
    public required ChainId ChainId { get; init; }

    /// <summary>The contract ExternalChainProvider.</summary>
    public required Address ExternalChainProvider { get; init; }

    /// <summary>The contract DWSProviderRegistry.</summary>
    public required Address ProviderRegistry { get; init; }

    /// <summary>The provider node that this agent serves.</summary>
    public required Bytes32 NodeId { get; init; }

    /// <summary>The agent's private key in hexadecimal. Secret.</summary>
    public required string AgentKey { get; init; }

    /// <summary>The agent's own folder: lock, cursor, log.</summary>
    public required string StateFolder { get; init; }

    /// <summary>The checkout, for image recipes.</summary>
    public required string RepositoryRoot { get; init; }

    /// <summary>The folder for downloaded packages; <c>.jeju</c> of the checkout where absent.</summary>
    public string? CacheFolder { get; init; }

    /// <summary><c>docker</c>, <c>kubernetes</c>, or <c>null</c> to run nothing.</summary>
    public string Backend { get; init; } = "docker";

    /// <summary>Where and how the <c>kubernetes</c> backend runs workloads; needed with it.</summary>
    public KubernetesBackendSettings? Kubernetes { get; init; }

    /// <summary>The daemon's socket; the usual one where absent.</summary>
    public string? DockerSocket { get; init; }

    /// <summary>Blocks after which a report counts as done.</summary>
    public int Confirmations { get; init; } = 1;

    /// <summary>The address of this host on which the agent answers: loopback, unless others must ask it how it is.</summary>
    public string StatusAddress { get; init; } = "127.0.0.1";

    /// <summary>The port of status and metrics; 0 for any free one. The chosen one stands in <c>status.url</c> in the agent's folder.</summary>
    public int StatusPort { get; init; }

    /// <summary>
    /// The port of status and metrics where <see cref="StatusPort"/>, which strangers reach, is to answer <c>/health</c> alone; 0 for any free one.
    /// </summary>
    public int? MetricsPort { get; init; }

    /// <summary>How many workloads are started at the same time.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>How often everything is compared even without an event, in seconds.</summary>
    public int ResyncSeconds { get; init; } = 5;

    /// <summary>How often a ready workload is asked, in seconds.</summary>
    public int ProbeSeconds { get; init; } = 15;

    /// <summary>How long a workload stays that the chain does not know any more, in seconds: a rolled-back order may come again.</summary>
    public int OrphanGraceSeconds { get; init; } = 300;

    /// <summary>The host's address on which ports are published.</summary>
    public string PublishAddress { get; init; } = new DockerBackendOptions().PublishAddress;

    /// <summary>The host that consumers are told.</summary>
    public string AdvertisedHost { get; init; } = new DockerBackendOptions().AdvertisedHost;

    /// <summary>The first port for leases.</summary>
    public int FirstPort { get; init; } = new DockerBackendOptions().FirstPort;

    /// <summary>The last port for leases.</summary>
    public int LastPort { get; init; } = new DockerBackendOptions().LastPort;

    /// <summary>The range of the leases' networks, in CIDR form.</summary>
    public string Subnets { get; init; } = new DockerBackendOptions().Subnets.ToString();

    [JsonIgnore]
    internal string CursorFile => Path.Combine(StateFolder, "cursor.json");

    [JsonIgnore]
    internal string LockFile => Path.Combine(StateFolder, "agent.lock");

    /// <summary>Holds the id of the process while it runs.</summary>
    [JsonIgnore]
    public string ProcessFile => Path.Combine(StateFolder, "agent.pid");

    /// <summary>Holds the address of status and metrics while the agent runs.</summary>
    [JsonIgnore]
    public string StatusFile => Path.Combine(StateFolder, "status.url");

    /// <summary>Where the output of the process goes when `./jeju up` starts it; kept within bounds by the agent itself.</summary>
    [JsonIgnore]
    public string LogFile => Path.Combine(StateFolder, "agent.log");

    /// <summary>Reads a settings file.</summary>
    /// <exception cref="InfraException">JEJU0630: the file is missing, cannot be read, or holds something wrong; all failures at once.</exception>
    public static AgentSettings Load(string path)
    {
        AgentSettings? settings;
        try
        {
            settings = JsonSerializer.Deserialize<AgentSettings>(File.ReadAllBytes(path), JsonOptions);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw Invalid(path, cause.Message, cause);
        }

        IReadOnlyList<string> failures = settings?.Check() ?? ["the file is empty"];
        return failures.Count == 0 && settings is not null ? settings : throw Invalid(path, string.Join(" ", failures), null);
    }

    /// <summary>Writes the settings so that only this user can read them; a reader sees the old file or the new one, never a part.</summary>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string temporary = path + ".new";
        File.Delete(temporary);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream stream = new(temporary, options))
        {
            JsonSerializer.Serialize(stream, this, JsonOptions);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The text form shows no key.</summary>
    public override string ToString() => $"agent of node {NodeId} on chain {ChainId}";

    /// <summary>All that is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Check()
    {
        List<string> failures = [];
        void Require(bool holds, string failure)
        {
            if (!holds)
            {
                failures.Add(failure);
            }
        }

        Require(Uri.TryCreate(ChainUrl, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https", "chainUrl must be an http or https address.");
        Require(!ExternalChainProvider.IsZero, "externalChainProvider must not be the zero address.");
        Require(!ProviderRegistry.IsZero, "providerRegistry must not be the zero address.");
        Require(!NodeId.IsZero, "nodeId must not be zero.");
        Require(Backend is "docker" or "kubernetes" or "null", $"backend '{Backend}' must be 'docker', 'kubernetes' or 'null': workerd and TEE have none yet.");
        Require(Backend != "kubernetes" || Kubernetes is not null, "kubernetes is missing, and it is the backend.");
        failures.AddRange(Kubernetes?.Check() ?? []);
        Require(IPAddress.TryParse(StatusAddress, out _), $"statusAddress '{StatusAddress}' must be an IP address of this host.");
        Require(
            MetricsPort is null or 0 || (MetricsPort is > 0 and <= 65535 && MetricsPort != StatusPort),
            $"metricsPort {MetricsPort} must be 0 to 65535, and not statusPort.");
        Require(Confirmations is >= 1 and <= 100, $"confirmations {Confirmations} must be 1 to 100.");
        Require(StatusPort is >= 0 and <= 65535, $"statusPort {StatusPort} must be 0 to 65535.");
        Require(Parallelism is >= 1 and <= 64, $"parallelism {Parallelism} must be 1 to 64.");
        Require(ResyncSeconds is >= 1 and <= 600, $"resyncSeconds {ResyncSeconds} must be 1 to 600.");
        Require(ProbeSeconds is >= 1 and <= 600, $"probeSeconds {ProbeSeconds} must be 1 to 600.");
        Require(OrphanGraceSeconds is >= 0 and <= 86400, $"orphanGraceSeconds {OrphanGraceSeconds} must be 0 to 86400.");
        Require(IPNetwork.TryParse(Subnets, out _), $"subnets '{Subnets}' must be a range in CIDR form.");
        if (failures.Count == 0)
        {
            failures.AddRange(ToDockerOptions().Check());
        }

        return failures;
    }

    internal DockerBackendOptions ToDockerOptions() => new()
    {
        PublishAddress = PublishAddress,
        AdvertisedHost = AdvertisedHost,
        FirstPort = FirstPort,
        LastPort = LastPort,
        Subnets = IPNetwork.Parse(Subnets),
    };

    internal static InfraException Invalid(string path, string reason, Exception? cause) => new(
        MarketplaceErrors.InvalidAgentSettings,
        $"{path} is no settings file of an agent: {reason}",
        "`./jeju up` writes the file; an agent of your own takes it by --settings FILE, and only in a pod everything from the environment.",
        FailureKind.Usage,
        cause);

    private sealed class ValueConverter<T>(Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            parse(reader.GetString() ?? string.Empty);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString());
    }

    private sealed class ChainIdConverter : JsonConverter<ChainId>
    {
        public override ChainId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt64());

        public override void Write(Utf8JsonWriter writer, ChainId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
