using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>Tells Prometheus' operator which figures to collect (monitoring.coreos.com/v1, kind ServiceMonitor).</summary>
internal sealed class ServiceMonitorArgs : CustomResourceArgs
{
    public ServiceMonitorArgs()
        : base("monitoring.coreos.com/v1", "ServiceMonitor")
    {
    }

    [Input("spec", required: true)]
    public Input<ServiceMonitorSpecArgs> Spec { get; set; } = null!;
}

/// <summary>Which services, and what of them.</summary>
internal sealed class ServiceMonitorSpecArgs : ResourceArgs
{
    [Input("selector", required: true)]
    public Input<LabelSelectorArgs> Selector { get; set; } = null!;

    [Input("endpoints", required: true)]
    public InputList<ServiceMonitorEndpointArgs> Endpoints { get; set; } = [];
}

/// <summary>A port with figures.</summary>
internal sealed class ServiceMonitorEndpointArgs : ResourceArgs
{
    [Input("port", required: true)]
    public Input<string> Port { get; set; } = null!;

    [Input("path", required: true)]
    public Input<string> Path { get; set; } = null!;

    [Input("interval", required: true)]
    public Input<string> Interval { get; set; } = null!;
}
