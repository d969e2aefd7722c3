using Jeju.Infra.Core;
using Pulumi;
using CustomObject = Pulumi.Kubernetes.ApiExtensions.CustomResource;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>How hosts reach pods on Google Cloud.</summary>
public sealed class GatewayRoutesArgs : ResourceArgs
{
    /// <summary>The endpoints.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The name of the public address.</summary>
    [Input("addressName", required: true)]
    public Input<string> AddressName { get; set; } = null!;

    /// <summary>The name of the certificate map.</summary>
    [Input("certificateMapName", required: true)]
    public Input<string> CertificateMapName { get; set; } = null!;

    /// <summary>The name of the Cloud Armor policy.</summary>
    [Input("securityPolicyName", required: true)]
    public Input<string> SecurityPolicyName { get; set; } = null!;

    /// <summary>The name of the TLS policy.</summary>
    [Input("tlsPolicyName", required: true)]
    public Input<string> TlsPolicyName { get; set; } = null!;

    /// <summary>What must be there before: the namespaces and the services.</summary>
    public required IReadOnlyList<Resource> After { get; init; }
}

/// <summary>
/// The gateway, which is the load balancer; a route for each public host; and for each service behind them a health check and the firewall. A host without a route gets the
/// gateway's own 404 (Google Kubernetes Engine documentation, "Default backends").
/// </summary>
public sealed class GatewayRoutes : ComponentResource
{
    private const string GatewayName = "public";
    private const string GatewayGroup = "gateway.networking.k8s.io/v1";
    private const string PolicyGroup = "networking.gke.io/v1";

    private readonly string _name;
    private readonly GatewayRoutesArgs _args;

    /// <summary>Declares the gateway and its routes.</summary>
    public GatewayRoutes(string name, GatewayRoutesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:GatewayRoutes", name, args, options)
    {
        _name = name;
        _args = args;
        CustomObject gateway = Gateway();
        Declare(PolicyGroup, "GCPGatewayPolicy", GatewayName, ClusterNamespaces.Edge, Target("gateway.networking.k8s.io", "Gateway", GatewayName, new Map
        {
            ["sslPolicy"] = args.TlsPolicyName.ToOutput(),
        }), gateway);
        Declare(GatewayGroup, "HTTPRoute", "redirect", ClusterNamespaces.Edge, new Map
        {
            ["parentRefs"] = Listener("http"),
            ["rules"] = new object[]
            {
                new Map
                {
                    ["filters"] = new object[]
                    {
                        new Map { ["type"] = "RequestRedirect", ["requestRedirect"] = new Map { ["scheme"] = "https", ["statusCode"] = 301 } },
                    },
                },
            },
        }, gateway);
        foreach (RoutedService service in ClusterRoutes.Services(args.Endpoints))
        {
            Guard(service);
        }

        foreach (ClusterRoute route in ClusterRoutes.Public(args.Endpoints))
        {
            Route(route, gateway);
        }

        InternalRoutes.Declare(name, args.Endpoints, Options([]));
        RegisterOutputs();
    }

    private CustomResourceOptions Options(Resource[] after) =>
        new() { Parent = this, DependsOn = ((Resource[])[.. _args.After, .. after]).Select(resource => (Input<Resource>)resource).ToArray() };

    private CustomObject Declare(string apiVersion, string kind, string objectName, string namespaceName, Map spec, params Resource[] after) =>
        CustomObjectArgs.Declare($"{_name}-{objectName}-{kind.ToLowerInvariant()}", apiVersion, kind, objectName, namespaceName, spec, Options(after));

    private CustomObject Gateway()
    {
        Map Listener(string name, string protocol, int port) => new()
        {
            ["name"] = name,
            ["protocol"] = protocol,
            ["port"] = port,
            ["allowedRoutes"] = new Map
            {
                ["kinds"] = new object[] { new Map { ["kind"] = "HTTPRoute" } },
                ["namespaces"] = new Map
                {
                    ["from"] = "Selector",
                    ["selector"] = new Map { ["matchLabels"] = new Map { ["app.kubernetes.io/part-of"] = "jeju" } },
                },
            },
        };

        CustomObjectArgs gateway = new(GatewayGroup, "Gateway")
        {
            Metadata = new Pulumi.Kubernetes.Types.Inputs.Meta.V1.ObjectMetaArgs
            {
                Name = GatewayName,
                Namespace = ClusterNamespaces.Edge,
                Labels = { ["app.kubernetes.io/part-of"] = "jeju" },
                Annotations = { ["networking.gke.io/certmap"] = _args.CertificateMapName },
            },
            Spec = new Map
            {
                ["gatewayClassName"] = "gke-l7-global-external-managed",
                ["addresses"] = new object[] { new Map { ["type"] = "NamedAddress", ["value"] = _args.AddressName.ToOutput() } },
                ["listeners"] = new object[] { Listener("https", "HTTPS", 443), Listener("http", "HTTP", 80) },
            },
        };
        return new CustomObject($"{_name}-{GatewayName}-gateway", gateway, Options([]));
    }

    private void Route(ClusterRoute route, CustomObject gateway) => Declare(GatewayGroup, "HTTPRoute", route.Endpoint.Name, route.Namespace, new Map
    {
        ["parentRefs"] = Listener("https"),
        ["hostnames"] = _args.Endpoints.HostsOf(route.Endpoint).ToArray<object>(),
        ["rules"] = new object[]
        {
            new Map
            {
                ["filters"] = new object[]
                {
                    new Map
                    {
                        ["type"] = "ResponseHeaderModifier",
                        ["responseHeaderModifier"] = new Map
                        {
                            ["set"] = new object[] { new Map { ["name"] = "Strict-Transport-Security", ["value"] = "max-age=31536000; includeSubDomains" } },
                        },
                    },
                },
                ["backendRefs"] = new object[] { new Map { ["name"] = route.Endpoint.Service, ["port"] = route.Endpoint.Port } },
            },
        },
    }, gateway);

    private void Guard(RoutedService service)
    {
        Declare(PolicyGroup, "HealthCheckPolicy", service.Service, service.Namespace, Target("", "Service", service.Service, new Map
        {
            ["checkIntervalSec"] = 15,
            ["timeoutSec"] = 5,
            ["healthyThreshold"] = 2,
            ["unhealthyThreshold"] = 3,
            ["config"] = service.AnswersPlainRequests
                ? new Map
                {
                    ["type"] = "HTTP",
                    ["httpHealthCheck"] = new Map { ["portSpecification"] = "USE_FIXED_PORT", ["port"] = service.HealthPort, ["requestPath"] = service.HealthPath },
                }
                : new Map { ["type"] = "TCP", ["tcpHealthCheck"] = new Map { ["portSpecification"] = "USE_FIXED_PORT", ["port"] = service.HealthPort } },
        }));
        Declare(PolicyGroup, "GCPBackendPolicy", service.Service, service.Namespace, Target("", "Service", service.Service, new Map
        {
            ["securityPolicy"] = _args.SecurityPolicyName.ToOutput(),
            ["timeoutSec"] = service.TimeoutSeconds,
            ["connectionDraining"] = new Map { ["drainingTimeoutSec"] = 30 },
            ["logging"] = new Map { ["enabled"] = true, ["sampleRate"] = 100_000 },
        }));
    }

    private static object[] Listener(string section) =>
        [new Map { ["kind"] = "Gateway", ["name"] = GatewayName, ["namespace"] = ClusterNamespaces.Edge, ["sectionName"] = section }];

    private static Map Target(string group, string kind, string name, Map defaults) => new()
    {
        ["default"] = defaults,
        ["targetRef"] = new Map { ["group"] = group, ["kind"] = kind, ["name"] = name },
    };
}
