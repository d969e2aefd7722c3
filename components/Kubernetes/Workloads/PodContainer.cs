using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>A container beside or before the one that a workload is for.</summary>
internal sealed record ExtraContainer
{
    /// <summary>Its name in the pod.</summary>
    public required string Name { get; init; }

    /// <summary>Its image.</summary>
    public required Input<string> Image { get; init; }

    /// <summary>The program, where it is not the image's own.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What it asks for.</summary>
    public WorkloadResources Resources { get; init; } = new(50, 128);

    /// <summary>Its ports, for a container that stays.</summary>
    public IReadOnlyList<WorkloadPort> Ports { get; init; } = [];

    /// <summary>How it is asked how it is, for a container that stays.</summary>
    public WorkloadHealth? Health { get; init; }
}

/// <summary>Containers as every pod of the chain services has them: without privileges, with limits, with a root file system that cannot be written.</summary>
internal static class PodContainer
{
    private const int ReadinessPeriod = 10;
    private const int LivenessPeriod = 20;

    /// <summary>What the restricted standard asks of a container, and a root file system that cannot be written besides.</summary>
    public static SecurityContextArgs Restricted => new()
    {
        AllowPrivilegeEscalation = false,
        Capabilities = new CapabilitiesArgs { Drop = { "ALL" } },
        Privileged = false,
        ReadOnlyRootFilesystem = true,
        RunAsNonRoot = true,
        SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
    };

    /// <summary>Fills in what all containers have.</summary>
    public static ContainerArgs Of(ExtraContainer extra, InputList<VolumeMountArgs> mounts) => new()
    {
        Name = extra.Name,
        Image = extra.Image,
        ImagePullPolicy = "IfNotPresent",
        Command = extra.Command.ToArray(),
        Args = extra.Arguments.ToArray(),
        Ports = Ports(extra.Ports),
        Resources = Resources(extra.Resources),
        SecurityContext = Restricted,
        VolumeMounts = mounts,
    };

    /// <summary>Adds the three probes, which ask with different patience, and the same question where the workload has but one.</summary>
    public static ContainerArgs WithProbes(ContainerArgs container, WorkloadHealth? health)
    {
        if (health is not null)
        {
            container.ReadinessProbe = Probe(health, health.Path, ReadinessPeriod, 3);

            // Two minutes without an answer are no busy spell any more.
            container.LivenessProbe = Probe(health, health.LivePath ?? health.Path, LivenessPeriod, 6);
            container.StartupProbe = Probe(health, health.LivePath ?? health.Path, ReadinessPeriod, Math.Max(1, (int)(health.StartDeadline.TotalSeconds / ReadinessPeriod)));
        }

        return container;
    }

    public static InputList<ContainerPortArgs> Ports(IEnumerable<WorkloadPort> ports) => ports.Select(port => new ContainerPortArgs
    {
        Name = port.Name,
        ContainerPortValue = port.Number,
        Protocol = NameOf(port.Protocol),
    }).ToArray();

    public static ResourceRequirementsArgs Resources(WorkloadResources resources) => new()
    {
        Requests = { ["cpu"] = $"{resources.Millicores}m", ["memory"] = $"{resources.MemoryMebibytes}Mi" },
        Limits = { ["cpu"] = $"{resources.MillicoresLimit}m", ["memory"] = $"{resources.MemoryMebibytes}Mi" },
    };

    public static string NameOf(TransportProtocol protocol) => protocol == TransportProtocol.Tcp ? "TCP" : "UDP";

    private static ProbeArgs Probe(WorkloadHealth health, string? ask, int period, int failures)
    {
        ProbeArgs probe = new() { PeriodSeconds = period, TimeoutSeconds = 5, FailureThreshold = failures };
        if (ask is { } path)
        {
            probe.HttpGet = new HTTPGetActionArgs { Path = path, Port = health.Port, Scheme = health.IsTls ? "HTTPS" : "HTTP" };
        }
        else
        {
            probe.TcpSocket = new TCPSocketActionArgs { Port = health.Port };
        }

        return probe;
    }
}
