using System.Globalization;
using System.Net;

using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>What is asked of the daemon for a lease: pure functions of the template, the limits and what was chosen for the lease.</summary>
internal static class ContainerPlan
{
    private const long Mebibyte = 1024 * 1024;

    public static DockerNetwork Network(string name, IPNetwork subnet, bool needsInternet, IReadOnlyDictionary<string, string> labels) => new()
    {
        Name = name,
        Driver = "bridge",
        CheckDuplicate = true,
        AddressManagement = new DockerAddressManagement([new DockerSubnet(subnet.ToString())]),
        Options = new Dictionary<string, string>
        {
            ["com.docker.network.bridge.enable_icc"] = "false",
            // Without translation of addresses a workload answers its clients but reaches nobody outside.
            ["com.docker.network.bridge.enable_ip_masquerade"] = needsInternet ? "true" : "false",
        },
        Labels = labels,
    };

    public static DockerContainerSpecification Container(
        string name,
        string imageId,
        WorkloadTemplate template,
        WorkloadLimits limits,
        DockerBackendOptions options,
        IReadOnlyList<int> ports,
        IReadOnlyDictionary<string, string> labels)
    {
        string user = string.Create(CultureInfo.InvariantCulture, $"{template.UserId}:{template.UserId}");
        DockerContainerConfig config = new()
        {
            Image = imageId,
            User = user,
            Entrypoint = template.Entrypoint,
            Cmd = options.SpeaksTls ? [.. template.Arguments(limits), .. template.TlsArguments ?? []] : template.Arguments(limits),
            Env = template.Environment,
            Labels = labels,
            ExposedPorts = template.Ports.ToDictionary(PortKey, _ => new DockerEmpty()),
            StopSignal = template.StopSignal,
            StopTimeout = (int)template.StopTimeout.TotalSeconds,
        };
        long memory = limits.MemoryMegabytes * Mebibyte;
        DockerHostConfig host = new()
        {
            NetworkMode = name,
            PortBindings = template.Ports.Zip(ports).ToDictionary(
                pair => PortKey(pair.First),
                pair => (IReadOnlyList<DockerPortBinding>)
                    [new DockerPortBinding(options.PublishAddress, pair.Second.ToString(CultureInfo.InvariantCulture))]),
            // The daemon restarts what crashed even while no agent runs; what was killed on purpose the agent restores.
            RestartPolicy = new DockerRestartPolicy("always"),
            Memory = memory,
            MemorySwap = memory,
            NanoCpus = limits.Cores * 1_000_000_000L,
            PidsLimit = template.ProcessLimit,
            ShmSize = template.SharedMemoryShare > 0 ? (long)(memory * template.SharedMemoryShare) : null,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            ReadonlyRootfs = true,
            Tmpfs = template.MemoryFileSystems,
            Mounts = [new DockerMount("volume", name, WorkloadTemplate.DataPath)],
            LogConfig = new DockerLogConfig("json-file", new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "3" }),
        };
        return new DockerContainerSpecification(name, config, host);
    }

    private static string PortKey(ServicePort port) => string.Create(CultureInfo.InvariantCulture, $"{port.Number}/tcp");
}
