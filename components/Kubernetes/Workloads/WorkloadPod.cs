using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The pods of a workload.</summary>
internal static class WorkloadPod
{
    /// <summary>The user and group of every pod; no image needs to be root.</summary>
    private const int UserId = 1000;

    /// <summary>Mode 0440 of files: the pod's user and group read, nobody writes.</summary>
    private const int OwnerAndGroupRead = (4 << 6) | (4 << 3);

    private const string Data = "data";
    private const string Files = "files";

    public static PodTemplateSpecArgs Template(ChainWorkloadArgs args) => new()
    {
        Metadata = new ObjectMetaArgs { Labels = WorkloadLabels.Of(args.Cluster, args.Plan), Annotations = FilesHash(args) },
        Spec = Pod(args),
    };

    /// <summary>The claim of each replica's own volume.</summary>
    public static PersistentVolumeClaimArgs Claim(ChainWorkloadArgs args, WorkloadVolume volume) => new()
    {
        Metadata = new ObjectMetaArgs { Name = Data, Labels = WorkloadLabels.Selector(args.Plan) },
        Spec = new PersistentVolumeClaimSpecArgs
        {
            AccessModes = { "ReadWriteOncePod" },
            StorageClassName = StorageClasses.Of(args.Cluster.Cloud),
            Resources = new VolumeResourceRequirementsArgs { Requests = { ["storage"] = $"{volume.Gigabytes}Gi" } },
        },
    };

    private static PodSpecArgs Pod(ChainWorkloadArgs args)
    {
        WorkloadPlan plan = args.Plan;
        ContainerArgs main = PodContainer.Of(
            new ExtraContainer
            {
                Name = plan.Name,
                Image = args.Image,
                Command = args.Command,
                Arguments = args.Arguments,
                Resources = plan.Resources,

                // A port that a companion listens on is the companion's.
                Ports = [.. plan.Ports.Except(args.Companions.SelectMany(companion => companion.Ports))],
            },
            Mounts(args, withSecrets: true));
        main.Env = args.Variables.ToArray();
        PodSpecArgs pod = new()
        {
            ServiceAccountName = plan.Name,
            AutomountServiceAccountToken = plan.UsesKubernetes,
            EnableServiceLinks = false,
            TerminationGracePeriodSeconds = (int)plan.StopTimeout.TotalSeconds,
            NodeSelector = { [plan.Nodes.Label.Key] = plan.Nodes.Label.Value },
            SecurityContext = new PodSecurityContextArgs
            {
                RunAsNonRoot = true,
                RunAsUser = UserId,
                RunAsGroup = UserId,
                FsGroup = UserId,

                // A large volume is not walked through at every start.
                FsGroupChangePolicy = "OnRootMismatch",
                SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
            },
            InitContainers = args.Preparations.Select(extra => PodContainer.Of(extra, Mounts(args, withSecrets: false))).ToArray(),
            Containers =
            [
                PodContainer.WithProbes(main, plan.Health),
                .. args.Companions.Select(extra => PodContainer.WithProbes(PodContainer.Of(extra, Mounts(args, withSecrets: false)), extra.Health)),
            ],
            Volumes = Volumes(args),
        };
        if (plan.Nodes.IsTainted)
        {
            pod.Tolerations =
            [
                new TolerationArgs { Key = NodeGroup.WorkloadKey, Operator = "Equal", Value = plan.Nodes.Label.Value, Effect = NodeGroup.TaintEffect },
            ];
        }

        if (plan.Kind == WorkloadKind.Job)
        {
            pod.RestartPolicy = "Never";
        }
        else
        {
            pod.TopologySpreadConstraints = [Spread(plan, "topology.kubernetes.io/zone"), Spread(plan, "kubernetes.io/hostname")];
        }

        return pod;
    }

    /// <summary>Replicas keep apart as far as there is room; a zone without a free node must not stop the others.</summary>
    private static TopologySpreadConstraintArgs Spread(WorkloadPlan plan, string topology) => new()
    {
        MaxSkew = 1,
        TopologyKey = topology,
        WhenUnsatisfiable = "ScheduleAnyway",
        LabelSelector = new LabelSelectorArgs { MatchLabels = WorkloadLabels.Selector(plan) },
    };

    private static VolumeArgs[] Volumes(ChainWorkloadArgs args)
    {
        List<VolumeArgs> volumes = [Scratch("tmp")];
        if (args.Files.Count > 0)
        {
            volumes.Add(Config(Files, args.Plan.Name));
        }

        volumes.AddRange(args.ScratchFolders.Select(folder => Scratch(VolumeName(folder))));
        volumes.AddRange(args.ConfigFolders.Select(folder => Config(VolumeName(folder.Folder), folder.ConfigMap, folder.IsOptional)));
        volumes.AddRange(args.SecretFolders.Select(folder => new VolumeArgs
        {
            Name = VolumeName(folder.Folder),
            Secret = new SecretVolumeSourceArgs { SecretName = folder.Secret.Name, DefaultMode = OwnerAndGroupRead },
        }));
        return [.. volumes];
    }

    private static VolumeMountArgs[] Mounts(ChainWorkloadArgs args, bool withSecrets)
    {
        List<VolumeMountArgs> mounts = [new() { Name = "tmp", MountPath = "/tmp" }];
        if (args.Plan.Volume is { } volume)
        {
            mounts.Add(new() { Name = Data, MountPath = volume.MountPath });
        }

        if (args.Files.Count > 0)
        {
            mounts.Add(new() { Name = Files, MountPath = args.FilesFolder, ReadOnly = true });
        }

        mounts.AddRange(args.ScratchFolders.Select(folder => new VolumeMountArgs { Name = VolumeName(folder), MountPath = folder }));
        mounts.AddRange(args.ConfigFolders.Select(folder => new VolumeMountArgs { Name = VolumeName(folder.Folder), MountPath = folder.Folder, ReadOnly = true }));
        if (withSecrets)
        {
            mounts.AddRange(args.SecretFolders.Select(folder => new VolumeMountArgs { Name = VolumeName(folder.Folder), MountPath = folder.Folder, ReadOnly = true }));
        }

        return [.. mounts];
    }

    private static VolumeArgs Scratch(string name) => new() { Name = name, EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = "1Gi" } };

    private static VolumeArgs Config(string name, string configMap, bool isOptional = false)
    {
        ConfigMapVolumeSourceArgs source = new() { Name = configMap };
        if (isOptional)
        {
            source.Optional = true;
        }

        return new VolumeArgs { Name = name, ConfigMap = source };
    }

    private static string VolumeName(string folder) => folder.Trim('/').Replace('/', '-');

    /// <summary>Pods do not see that a file of theirs has changed; with its hash in the template they are replaced.</summary>
    private static InputMap<string> FilesHash(ChainWorkloadArgs args)
    {
        InputMap<string> annotations = [];
        if (args.Files.Count > 0)
        {
            annotations.Add("jeju.network/files-hash", Output
                .All(args.Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Value.Apply(text => $"{file.Key}\n{text}")))
                .Apply(files => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files))))));
        }

        return annotations;
    }
}
