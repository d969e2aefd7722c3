using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>A secret as files in a folder.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Folder">The folder.</param>
internal sealed record SecretFolder(ClusterSecret Secret, string Folder);

/// <summary>A config map as files in a folder.</summary>
/// <param name="ConfigMap">Its name in the workload's namespace.</param>
/// <param name="Folder">The folder.</param>
/// <param name="IsOptional">Whether the pod starts without it; the folder is empty then, and filled when the config map comes.</param>
internal sealed record ConfigFolder(string ConfigMap, string Folder, bool IsOptional = false);

/// <summary>What one workload runs; everything else follows from its plan.</summary>
internal sealed class ChainWorkloadArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The workload's plan.</summary>
    public required WorkloadPlan Plan { get; init; }

    /// <summary>The image, by digest or exact version.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>What must be ready before the pods start.</summary>
    public IReadOnlyList<Resource> After { get; init; } = [];

    /// <summary>Whether a deployment waits until the pods are ready. A stateful program that needs hours for its first start is watched by its alerts instead.</summary>
    public bool IsAwaited { get; init; } = true;

    /// <summary>The program, where it is not the image's own.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The environment.</summary>
    public IReadOnlyList<EnvVarArgs> Variables { get; init; } = [];

    /// <summary>Files of the workload's own config map, by name; they lie in <see cref="FilesFolder"/>.</summary>
    public IReadOnlyDictionary<string, Input<string>> Files { get; init; } = new Dictionary<string, Input<string>>();

    /// <summary>Config maps that others declare.</summary>
    public IReadOnlyList<ConfigFolder> ConfigFolders { get; init; } = [];

    /// <summary>Secrets as files. None reaches a container that only prepares or accompanies.</summary>
    public IReadOnlyList<SecretFolder> SecretFolders { get; init; } = [];

    /// <summary>Folders that live and die with the pod.</summary>
    public IReadOnlyList<string> ScratchFolders { get; init; } = [];

    /// <summary>Containers that run to their end before the program starts.</summary>
    public IReadOnlyList<ExtraContainer> Preparations { get; init; } = [];

    /// <summary>Containers that run beside the program.</summary>
    public IReadOnlyList<ExtraContainer> Companions { get; init; } = [];

    /// <summary>Annotations of the service account that bind it to an identity of the cloud; none where the cloud binds it by name.</summary>
    [Input("identity")]
    public InputMap<string> Identity { get; set; } = [];

    /// <summary>Where <see cref="Files"/> lie.</summary>
    public string FilesFolder => $"/etc/{Plan.Name}";
}
