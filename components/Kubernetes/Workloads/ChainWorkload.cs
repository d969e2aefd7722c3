using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Apps.V1;
using Pulumi.Kubernetes.Autoscaling.V2;
using Pulumi.Kubernetes.Batch.V1;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Policy.V1;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Autoscaling.V2;
using Pulumi.Kubernetes.Types.Inputs.Batch.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>
/// A workload of the chain services with everything that none of them may lack: an identity of its own, limits, probes, a disruption budget, a network policy with its declared edges
/// only, its place on a group of nodes, and its figures in Prometheus. A job has no probes, no budget and no figures: it serves nobody and ends.
/// </summary>
internal sealed class ChainWorkload : ComponentResource
{
    private readonly string _name;
    private readonly ChainWorkloadArgs _args;
    private readonly WorkloadPlan _plan;
    private readonly ObjectMetaArgs _podsMetadata;

    public ChainWorkload(string name, ChainWorkloadArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:ChainWorkload", name, args, options)
    {
        _name = name;
        _args = args;
        _plan = args.Plan;
        List<Resource> before =
        [
            new ServiceAccount(name, new ServiceAccountArgs
            {
                Metadata = Metadata(annotations: args.Identity),
                AutomountServiceAccountToken = _plan.UsesKubernetes,
            }, Child),
            new NetworkPolicy(name, new NetworkPolicyArgs { Metadata = Metadata(), Spec = WorkloadNetwork.Policy(args.Cluster, _plan) }, Child),
        ];
        if (args.Files.Count > 0)
        {
            before.Add(new ConfigMap(name, new ConfigMapArgs { Metadata = Metadata(), Data = FileInputs() }, Child));
        }

        if (_plan.Kind != WorkloadKind.Job)
        {
            before.AddRange(Services());
        }

        before.AddRange(args.After);
        // Without the bundle the pods wait for it, and nothing else waits for them.
        bool isAwaited = args.IsAwaited && !(_plan.NeedsBundle && args.Cluster.Bundle is null);
        _podsMetadata = Metadata(annotations: isAwaited ? null : new() { ["pulumi.com/skipAwait"] = "true" });
        Pods = Declare(new CustomResourceOptions { Parent = this, DependsOn = On(before), CustomTimeouts = Patience() });
        if (_plan.Kind != WorkloadKind.Job)
        {
            Accompany();
        }

        RegisterOutputs();
    }

    /// <summary>The object that keeps the pods running; it is there once they are ready.</summary>
    public Resource Pods { get; }

    private CustomResourceOptions Child => new() { Parent = this, DependsOn = On(_args.Cluster.Platform) };

    private static InputList<Resource> On(IEnumerable<Resource> resources) => resources.Select(resource => (Input<Resource>)resource).ToArray();

    private ObjectMetaArgs Metadata(string? name = null, InputMap<string>? annotations = null)
    {
        ObjectMetaArgs metadata = new() { Name = name ?? _plan.Name, Namespace = _plan.Namespace, Labels = WorkloadLabels.Of(_args.Cluster, _plan) };
        if (annotations is not null)
        {
            metadata.Annotations = annotations;
        }

        return metadata;
    }

    private InputMap<string> FileInputs()
    {
        InputMap<string> files = [];
        foreach ((string file, Input<string> text) in _args.Files)
        {
            files.Add(file, text);
        }

        return files;
    }

    private LabelSelectorArgs Selector() => new() { MatchLabels = WorkloadLabels.Selector(_plan) };

    /// <summary>Each pod of a stateful workload has a host name; where clients do not care which pod answers, all share one address. Figures are asked of one of the two.</summary>
    private IEnumerable<Resource> Services()
    {
        if (_plan.Kind == WorkloadKind.StatefulSet)
        {
            yield return new Service(
                $"{_name}-peers",
                new ServiceArgs
                {
                    Metadata = Metadata(WorkloadNames.PeersOf(_plan.Name)),
                    Spec = new ServiceSpecArgs
                    {
                        ClusterIP = "None",

                        // Peers must find each other before any of them is ready.
                        PublishNotReadyAddresses = true,
                        Selector = WorkloadLabels.Selector(_plan),
                        Ports = Ports(_plan.Ports),
                    },
                },
                Child);
        }

        if (_plan.HasSharedAddress)
        {
            yield return new Service(
                _name,
                new ServiceArgs
                {
                    Metadata = Metadata(),
                    Spec = new ServiceSpecArgs
                    {
                        Type = "ClusterIP",
                        Selector = WorkloadLabels.Selector(_plan),
                        Ports = Ports(_plan.Kind == WorkloadKind.StatefulSet
                            ? _plan.Ports.Where(port => !port.IsPerPod && port.Name != _plan.FiguresPort)
                            : _plan.Ports),
                    },
                },
                Child);
        }
    }

    private static InputList<ServicePortArgs> Ports(IEnumerable<WorkloadPort> ports) => ports.Select(port => new ServicePortArgs
    {
        Name = port.Name,
        Port = port.Number,
        TargetPort = port.Name,
        Protocol = PodContainer.NameOf(port.Protocol),
    }).ToArray();

    private Resource Declare(CustomResourceOptions options)
    {
        PodTemplateSpecArgs template = WorkloadPod.Template(_args);
        switch (_plan.Kind)
        {
            case WorkloadKind.StatefulSet:
                StatefulSetSpecArgs set = new()
                {
                    Replicas = _plan.Replicas,
                    ServiceName = WorkloadNames.PeersOf(_plan.Name),
                    Selector = Selector(),
                    Template = template,
                    PodManagementPolicy = "Parallel",
                    UpdateStrategy = new StatefulSetUpdateStrategyArgs { Type = "RollingUpdate" },
                    PersistentVolumeClaimRetentionPolicy = new StatefulSetPersistentVolumeClaimRetentionPolicyArgs { WhenDeleted = "Retain", WhenScaled = "Retain" },
                };
                if (_plan.Volume is { } volume)
                {
                    set.VolumeClaimTemplates = [WorkloadPod.Claim(_args, volume)];
                }

                return new StatefulSet(_name, new StatefulSetArgs { Metadata = _podsMetadata, Spec = set }, options);
            case WorkloadKind.Deployment:
                if (_plan.Scaling is not null)
                {
                    // The autoscaler owns the number of replicas between the bounds.
                    options.IgnoreChanges = ["spec.replicas"];
                }

                return new Pulumi.Kubernetes.Apps.V1.Deployment(
                    _name,
                    new DeploymentArgs
                    {
                        Metadata = _podsMetadata,
                        Spec = new DeploymentSpecArgs { Replicas = _plan.Replicas, Selector = Selector(), Template = template, Strategy = Strategy() },
                    },
                    options);
            default:
                return new Job(
                    _name,
                    new JobArgs { Metadata = Metadata(), Spec = new JobSpecArgs { BackoffLimit = 3, ActiveDeadlineSeconds = 1800, Template = template } },
                    options);
        }
    }

    private DeploymentStrategyArgs Strategy() => _plan.IsReplacedAtOnce
        ? new DeploymentStrategyArgs { Type = "Recreate" }
        : new DeploymentStrategyArgs
        {
            Type = "RollingUpdate",
            RollingUpdate = new RollingUpdateDeploymentArgs { MaxUnavailable = 0, MaxSurge = 1 },
        };

    /// <summary>What watches the pods once they are there.</summary>
    private void Accompany()
    {
        _ = new PodDisruptionBudget(
            _name,
            new PodDisruptionBudgetArgs
            {
                Metadata = Metadata(),
                Spec = new PodDisruptionBudgetSpecArgs { MaxUnavailable = WorkloadPlan.MaximumUnavailable, Selector = Selector() },
            },
            Child);
        if (_plan.FiguresPort is { } figures)
        {
            _ = new Pulumi.Kubernetes.ApiExtensions.CustomResource(
                _name,
                new ServiceMonitorArgs
                {
                    Metadata = Metadata(),
                    Spec = new ServiceMonitorSpecArgs
                    {
                        Selector = Selector(),
                        Endpoints = [new ServiceMonitorEndpointArgs { Port = figures, Path = _plan.FiguresPath, Interval = "30s" }],
                    },
                },
                Child);
        }

        if (_plan.Scaling is { } scaling)
        {
            _ = new HorizontalPodAutoscaler(
                _name,
                new HorizontalPodAutoscalerArgs
                {
                    Metadata = Metadata(),
                    Spec = new HorizontalPodAutoscalerSpecArgs
                    {
                        ScaleTargetRef = new CrossVersionObjectReferenceArgs { ApiVersion = "apps/v1", Kind = "Deployment", Name = _plan.Name },
                        MinReplicas = _plan.Replicas,
                        MaxReplicas = scaling.Maximum,
                        Metrics =
                        [
                            new MetricSpecArgs
                            {
                                Type = "Resource",
                                Resource = new ResourceMetricSourceArgs
                                {
                                    Name = "cpu",
                                    Target = new MetricTargetArgs { Type = "Utilization", AverageUtilization = scaling.ProcessorPercent },
                                },
                            },
                        ],
                    },
                },
                Child);
        }
    }

    /// <summary>How long pods may take to become ready: one after the other, and a new node for them besides.</summary>
    private CustomTimeouts Patience()
    {
        TimeSpan patience = ((_plan.Health?.StartDeadline ?? TimeSpan.FromMinutes(30)) * _plan.Replicas) + TimeSpan.FromMinutes(10);
        return new CustomTimeouts { Create = patience, Update = patience };
    }
}
