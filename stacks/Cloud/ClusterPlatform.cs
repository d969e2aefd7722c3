using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>
/// What every cluster has before a service of the chain comes: namespaces, storage, operators, secrets. Declared with the cluster's own provider, in this
/// order, each waiting for the one before.
/// </summary>
internal sealed class ClusterPlatform
{
    /// <summary>Declares the platform.</summary>
    /// <param name="name">The stem of the resources' names.</param>
    /// <param name="cloud">The cloud.</param>
    /// <param name="kubeconfig">How the cluster is reached.</param>
    /// <param name="dataKey">The key of its volumes.</param>
    /// <param name="operators">What the operators work with, given the namespaces and what they wait for.</param>
    /// <param name="secrets">Where the secrets come from, given the namespaces and the operators.</param>
    /// <param name="after">What must be there before: nodes, and the operators' rights in the cloud.</param>
    public ClusterPlatform(
        string name,
        CloudName cloud,
        Output<string> kubeconfig,
        Output<string> dataKey,
        Func<Namespaces, Resource[], OperatorsArgs> operators,
        Func<Namespaces, Operators, ClusterSecretsArgs> secrets,
        IEnumerable<Resource> after)
    {
        string stem = $"{name}-{cloud.ToString().ToLowerInvariant()}";
        Provider = new Pulumi.Kubernetes.Provider($"kubernetes-{cloud.ToString().ToLowerInvariant()}", new Pulumi.Kubernetes.ProviderArgs
        {
            KubeConfig = Output.CreateSecret(kubeconfig),
            EnableServerSideApply = true,
        });
        ComponentResourceOptions options = new() { Provider = Provider };
        Namespaces namespaces = new(stem, new NamespacesArgs { Cloud = cloud }, options);
        StorageClass storage = new(stem, new StorageClassArgs { Cloud = cloud, DataKey = dataKey }, options);
        Operators installed = new(stem, operators(namespaces, [storage, .. after]), options);
        ClusterSecrets copied = new(stem, secrets(namespaces, installed), options);
        _ = new ClusterMonitoring(stem, new ClusterMonitoringArgs { Namespaces = namespaces, Operators = installed }, options);
        Name = stem;
        Ready = [namespaces, storage, installed, copied];
    }

    /// <summary>The stem of the names of the cluster's objects, for example <c>jeju-testnet-aws</c>.</summary>
    public string Name { get; }

    /// <summary>The cluster's provider.</summary>
    public ProviderResource Provider { get; }

    /// <summary>What a workload waits for.</summary>
    public IReadOnlyList<Resource> Ready { get; }

    /// <summary>The options of what lives in the cluster.</summary>
    public ComponentResourceOptions Options => new() { Provider = Provider, DependsOn = Ready.Select(resource => (Input<Resource>)resource).ToArray() };
}
