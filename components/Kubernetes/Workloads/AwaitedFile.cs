using System.Text.Json;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>
/// A JSON file that a workload's pods find once there is one. What is in it is known long after they stand, so they mount its config map as an optional one and wait for it by themselves.
/// </summary>
internal static class AwaitedFile
{
    /// <summary>Declares the config map with the file.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="configMap">The config map's name and namespace.</param>
    /// <param name="workload">The workload that reads it.</param>
    /// <param name="fileName">The file's name.</param>
    /// <param name="members">What is in it, known or not.</param>
    /// <param name="parent">The component that declares it.</param>
    internal static void Declare(
        string name, (string Name, string Namespace) configMap, string workload, string fileName, IReadOnlyList<(string Name, Input<string> Value)> members, Resource parent)
    {
        Output<string> file = Output
            .All(members.Select(member => member.Value))
            .Apply(values => JsonSerializer.Serialize(members.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second)));
        _ = new ConfigMap(
            name,
            new ConfigMapArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = configMap.Name,
                    Namespace = configMap.Namespace,
                    Labels = { [WorkloadLabels.Name] = workload, ["app.kubernetes.io/part-of"] = "jeju" },
                },
                Data = { [fileName] = file },
            },
            new CustomResourceOptions { Parent = parent });
    }
}
