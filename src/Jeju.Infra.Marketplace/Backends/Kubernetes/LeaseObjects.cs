using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// The Kubernetes objects of one lease, all of one name: pure functions of the template, the limits and what was chosen for the lease. Pods meet the restricted standard of pod security, and then some: the
/// root file system cannot be written, no token is mounted, nothing goes out that the kind does not need.
/// </summary>
/// <param name="scope">Whose workloads these are.</param>
/// <param name="namespace">Where they run.</param>
/// <param name="orderId">The lease.</param>
/// <param name="kind">The kind of service.</param>
/// <param name="template">How it runs.</param>
/// <param name="domain">The domain under which consumers outside reach it; null where the cluster has no entry for them.</param>
internal sealed partial class LeaseObjects(BackendScope scope, string @namespace, Bytes32 orderId, string kind, WorkloadTemplate template, string? domain = null)
{
    /// <summary>The entry of the secret that is the agent's own and that no pod mounts.</summary>
    public const string CredentialsEntry = "credentials.json";

    /// <summary>The limits that a lease was started with; governance may change them for others, a running lease keeps its own.</summary>
    public const string LimitsAnnotation = "network.jeju.limits";

    private const string Container = "workload";
    private const string DataVolume = "data";
    private const string SecretVolume = "secret";

    /// <summary>Files of secrets lie in this folder of the data volume, as they do on Docker.</summary>
    private const string SecretFolder = "secret/";

    /// <summary>Mode 0440: the service's user and group read, nobody writes.</summary>
    private const int OwnerAndGroupRead = (4 << 6) | (4 << 3);

    /// <summary>The name of all objects of the lease.</summary>
    public string Name => WorkloadLabels.NameOf(scope, orderId);

    /// <summary>
    /// Where the service answers: its name follows from the lease alone, and its ports are the kind's. So it is the same after everything was made anew, and nothing has to be chosen or remembered. In a domain the
    /// name leads to the one entry of all leases, whose gateway passes connections on to the lease's own service object (<see cref="LeaseAccess"/>); without one it is that object's name in the cluster. The quota of
    /// the namespace allows neither ports of nodes nor load balancers.
    /// </summary>
    public ServiceEndpoint Endpoint => EndpointOf(Name, @namespace, template, domain);

    /// <inheritdoc cref="Endpoint"/>
    public static ServiceEndpoint EndpointOf(string name, string @namespace, WorkloadTemplate template, string? domain) =>
        new(domain is null ? $"{name}.{@namespace}.svc.cluster.local" : $"{name}.{domain}", [.. template.Ports.Select(port => port.Number)]);

    /// <summary>The pod; a stateful set of one names it so.</summary>
    public static string PodOf(string name) => $"{name}-0";

    /// <summary>
    /// The value as a label, by which objects are selected. Ids are too long for a label (63 characters), so the label is their hash, and the annotation of the same name has the id itself.
    /// </summary>
    public static string LabelOf(string value) => LabelValue().IsMatch(value) ? value : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 20));

    /// <summary>The query for the objects of a provider node on a chain.</summary>
    public static string SelectorOf(BackendScope scope) =>
        Query((WorkloadLabels.Provider, scope.Provider), (WorkloadLabels.Chain, scope.ChainLabel));

    /// <summary>The query for the objects of an agent on every chain.</summary>
    public static string SelectorOfAgent(BackendScope scope) =>
        Query((WorkloadLabels.Provider, scope.Provider), (WorkloadLabels.Agent, scope.AgentLabel));

    /// <summary>The volume, which comes first and goes last: while there is anything of a lease, there is its claim.</summary>
    /// <param name="image">What the lease is started from, now and after every restart: its data may not fit another version.</param>
    /// <param name="limits">What the lease pays for.</param>
    /// <param name="storageClass">The class of its disk.</param>
    public JsonObject VolumeClaim(string image, WorkloadLimits limits, string storageClass)
    {
        JsonObject claim = Object(KubernetesResource.VolumeClaim, new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOncePod"),
            ["storageClassName"] = storageClass,
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = $"{limits.DiskGigabytes}Gi" } },
        });
        claim["metadata"]!["annotations"]![WorkloadLabels.Image] = image;
        claim["metadata"]!["annotations"]![LimitsAnnotation] = Format(limits);
        return claim;
    }

    /// <summary>The credentials, and the files by which the service learns them. The server lets nobody change them afterwards.</summary>
    public JsonObject Secret(LeaseSecrets secrets)
    {
        JsonObject data = new() { [CredentialsEntry] = Convert.ToBase64String(LeaseCredentials.ToBytes(secrets.Credentials)) };
        foreach (WorkloadFile file in secrets.Files)
        {
            data[EntryOf(file.Path)] = Convert.ToBase64String(Encoding.UTF8.GetBytes(file.Content));
        }

        JsonObject secret = Object(KubernetesResource.Secret, null);
        secret["type"] = "Opaque";
        secret["immutable"] = true;
        secret["data"] = data;
        return secret;
    }

    /// <summary>One address for the lease, whichever pod is behind it.</summary>
    public JsonObject Service() => Object(KubernetesResource.Service, new JsonObject
    {
        ["type"] = "ClusterIP",

        // There is one pod, and the agent asks it by its own protocol whether it serves: nothing is won by hiding it until then.
        ["publishNotReadyAddresses"] = true,
        ["selector"] = Selector(),
        ["ports"] = new JsonArray([.. template.Ports.Select(port => (JsonNode)new JsonObject
        {
            ["name"] = port.Name, ["port"] = port.Number, ["targetPort"] = port.Name, ["protocol"] = "TCP",
        })]),
    });

    /// <summary>
    /// In to the kind's ports alone: from the entry of all leases where there is one, else from everywhere in the cluster but from other leases. Out to nowhere, or to the internet and never to a private address.
    /// </summary>
    public JsonObject NetworkPolicy()
    {
        JsonArray egress = [];
        if (template.NeedsInternet)
        {
            egress.Add(new JsonObject
            {
                ["to"] = new JsonArray(Peer(new JsonObject { ["matchLabels"] = new JsonObject { [NamespaceName] = "kube-system" } })),
                ["ports"] = new JsonArray(Port(53, "UDP"), Port(53, "TCP")),
            });
            egress.Add(new JsonObject
            {
                ["to"] = new JsonArray(new JsonObject
                {
                    ["ipBlock"] = new JsonObject
                    {
                        ["cidr"] = "0.0.0.0/0",
                        ["except"] = new JsonArray([.. PartyAddresses.NotInternet.Select(block => (JsonNode)block.ToString())]),
                    },
                }),
            });
        }

        return Object(KubernetesResource.NetworkPolicy, new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = Selector() },
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = new JsonArray(new JsonObject
            {
                ["from"] = new JsonArray(domain is null ? Cluster() : Gateway()),
                ["ports"] = new JsonArray([.. template.Ports.Select(port => (JsonNode)Port(port.Number, "TCP"))]),
            }),
            ["egress"] = egress,
        });
    }

    /// <summary>
    /// One pod. A set, not a deployment, also for kinds that keep nothing of their consumer: it never lets two pods run at a time, and even a chain node's disk is worth hours.
    /// </summary>
    public JsonObject StatefulSet(string image, WorkloadLimits limits) => Object(KubernetesResource.StatefulSet, new JsonObject
    {
        ["replicas"] = 1,
        ["serviceName"] = Name,
        ["selector"] = new JsonObject { ["matchLabels"] = Selector() },
        ["template"] = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = Labels(), ["annotations"] = PodAnnotations() },
            ["spec"] = new JsonObject
            {
                ["automountServiceAccountToken"] = false,
                ["enableServiceLinks"] = false,
                ["terminationGracePeriodSeconds"] = (int)template.StopTimeout.TotalSeconds,
                ["securityContext"] = new JsonObject
                {
                    ["runAsNonRoot"] = true,
                    ["runAsUser"] = template.UserId,
                    ["runAsGroup"] = template.UserId,
                    ["fsGroup"] = template.UserId,
                    ["fsGroupChangePolicy"] = "OnRootMismatch",
                    ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
                },
                ["containers"] = new JsonArray(PodContainer(image, limits)),
                ["volumes"] = Volumes(limits),
            },
        },
    });

    /// <summary>Whether an object is of this lease, made by this agent.</summary>
    public bool IsOwn(JsonObject present) =>
        Read(present, "labels", WorkloadLabels.Agent) == scope.AgentLabel && Read(present, "annotations", WorkloadLabels.Lease) == orderId.ToString();

    /// <summary>An annotation or a label of an object.</summary>
    public static string? Read(JsonObject present, string map, string key) => present["metadata"]?[map]?[key]?.GetValue<string>();

    /// <summary>The limits of an annotation; null where they are none.</summary>
    public static WorkloadLimits? ParseLimits(string? text) =>
        text?.Split('/') is [var memory, var disk, var cores]
        && int.TryParse(memory, CultureInfo.InvariantCulture, out int megabytes) && int.TryParse(disk, CultureInfo.InvariantCulture, out int gigabytes) && int.TryParse(cores, CultureInfo.InvariantCulture, out int count)
            ? new WorkloadLimits(megabytes, gigabytes, count)
            : null;

    private const string NamespaceName = "kubernetes.io/metadata.name";
    private const string WorkloadName = "app.kubernetes.io/name";

    private static string Format(WorkloadLimits limits) => string.Create(CultureInfo.InvariantCulture, $"{limits.MemoryMegabytes}/{limits.DiskGigabytes}/{limits.Cores}");

    private static string Query(params (string Label, string Value)[] labels) =>
        "labelSelector=" + Uri.EscapeDataString(string.Join(',', labels.Select(label => $"{label.Label}={LabelOf(label.Value)}")));

    private static JsonObject Gateway()
    {
        JsonObject gateway = Peer(new JsonObject { ["matchLabels"] = new JsonObject { [NamespaceName] = ClusterNamespaces.OfService(WorkloadNames.LeaseGateway) } });
        gateway["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [WorkloadName] = WorkloadNames.LeaseGateway } };
        return gateway;
    }

    private JsonObject Cluster() => Peer(new JsonObject
    {
        ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = NamespaceName, ["operator"] = "NotIn", ["values"] = new JsonArray(@namespace) }),
    });

    private static JsonObject Peer(JsonObject namespaces) => new() { ["namespaceSelector"] = namespaces };

    private static JsonObject Port(int number, string protocol) => new() { ["port"] = number, ["protocol"] = protocol };

    private static string EntryOf(string path) => path.StartsWith(SecretFolder, StringComparison.Ordinal) && EntryName().IsMatch(path[SecretFolder.Length..])
        ? path[SecretFolder.Length..]
        : throw new InfraException(
            MarketplaceErrors.KindNotRunnable, $"The file {path} is not in the folder {SecretFolder}, where a secret can be mounted.", "Withdraw the offer of this kind.");

    private JsonObject Object(KubernetesResource resource, JsonObject? spec)
    {
        JsonObject result = new()
        {
            ["apiVersion"] = resource.ApiVersion,
            ["kind"] = resource.Kind,
            ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = @namespace, ["labels"] = Labels(), ["annotations"] = Annotations() },
        };
        if (spec is not null)
        {
            result["spec"] = spec;
        }

        return result;
    }

    private JsonObject Labels()
    {
        JsonObject labels = Selector();
        labels[WorkloadLabels.Kind] = LabelOf(kind);
        labels[WorkloadLabels.Agent] = scope.AgentLabel;
        return labels;
    }

    private JsonObject Selector() => new()
    {
        [WorkloadLabels.Lease] = LabelOf(orderId.ToString()),
        [WorkloadLabels.Provider] = LabelOf(scope.Provider),
        [WorkloadLabels.Chain] = LabelOf(scope.ChainLabel),
    };

    private JsonObject Annotations() => new()
    {
        [WorkloadLabels.Lease] = orderId.ToString(),
        [WorkloadLabels.Kind] = kind,
        [WorkloadLabels.Provider] = scope.Provider,
        [WorkloadLabels.Chain] = scope.ChainLabel,
    };

    /// <summary>A node that is not full is no reason to stop what a consumer pays for.</summary>
    private JsonObject PodAnnotations()
    {
        JsonObject annotations = Annotations();
        annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false";
        return annotations;
    }

    private JsonObject PodContainer(string image, WorkloadLimits limits)
    {
        JsonObject Resources() => new() { ["cpu"] = limits.Cores.ToString(CultureInfo.InvariantCulture), ["memory"] = $"{limits.MemoryMegabytes}Mi" };
        JsonObject Probe(int period, int failures) => new()
        {
            ["tcpSocket"] = new JsonObject { ["port"] = template.Ports[0].Name }, ["periodSeconds"] = period, ["timeoutSeconds"] = 5, ["failureThreshold"] = failures,
        };
        return new JsonObject
        {
            ["name"] = Container,
            ["image"] = image,
            ["imagePullPolicy"] = "IfNotPresent",
            ["command"] = Texts(template.Entrypoint),
            ["args"] = Texts([.. template.Arguments(limits), .. template.TlsArguments ?? []]),
            ["env"] = new JsonArray([.. template.Environment.Select(variable => variable.Split('=', 2)).Select(pair => (JsonNode)new JsonObject { ["name"] = pair[0], ["value"] = Literal(pair[1]) })]),
            ["ports"] = new JsonArray([.. template.Ports.Select(port => (JsonNode)new JsonObject { ["name"] = port.Name, ["containerPort"] = port.Number, ["protocol"] = "TCP" })]),
            ["resources"] = new JsonObject { ["requests"] = Resources(), ["limits"] = Resources() },
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["privileged"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["runAsNonRoot"] = true,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            // An open port is enough here: whether the service serves, the agent asks by its own protocol. A first start may recover or set up for half an hour.
            ["startupProbe"] = Probe(5, 360),
            ["readinessProbe"] = Probe(5, 3),
            ["livenessProbe"] = Probe(20, 6),
            ["volumeMounts"] = Mounts(),
        };
    }

    private JsonArray Mounts()
    {
        JsonArray mounts =
        [
            new JsonObject { ["name"] = DataVolume, ["mountPath"] = WorkloadTemplate.DataPath },
            new JsonObject { ["name"] = SecretVolume, ["mountPath"] = $"{WorkloadTemplate.DataPath}/{SecretFolder.TrimEnd('/')}", ["readOnly"] = true },
        ];
        foreach ((string path, int index) in MemoryFolders.Select((folder, index) => (folder.Path, index)))
        {
            mounts.Add(new JsonObject { ["name"] = $"memory-{index}", ["mountPath"] = path });
        }

        return mounts;
    }

    private JsonArray Volumes(WorkloadLimits limits)
    {
        JsonArray volumes =
        [
            new JsonObject { ["name"] = DataVolume, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = Name } },
            new JsonObject
            {
                ["name"] = SecretVolume,
                ["secret"] = new JsonObject
                {
                    ["secretName"] = Name,
                    ["defaultMode"] = OwnerAndGroupRead,

                    // Which files there are does not depend on what the password is.
                    ["items"] = new JsonArray([.. LeaseSecrets.TlsFilesOf(template, limits).Select(EntryOf)
                        .Select(entry => (JsonNode)new JsonObject { ["key"] = entry, ["path"] = entry })]),
                },
            },
        ];
        foreach ((string? size, int index) in MemoryFolders.Select((folder, index) => (folder.Size, index)))
        {
            volumes.Add(new JsonObject
            {
                ["name"] = $"memory-{index}",
                ["emptyDir"] = new JsonObject { ["medium"] = "Memory", ["sizeLimit"] = size ?? $"{(int)(limits.MemoryMegabytes * template.SharedMemoryShare)}Mi" },
            });
        }

        return volumes;
    }

    /// <summary>Memory file systems with their sizes; that of shared memory is a share of the limit.</summary>
    private IEnumerable<(string Path, string? Size)> MemoryFolders =>
    [
        .. template.MemoryFileSystems.OrderBy(folder => folder.Key, StringComparer.Ordinal).Select(folder => (folder.Key, (string?)SizeOf(folder.Value))),
        .. template.SharedMemoryShare > 0 ? [("/dev/shm", (string?)null)] : Array.Empty<(string, string?)>(),
    ];

    private static string SizeOf(string mountOptions) => MountSize().Match(mountOptions) is { Success: true } size
        ? $"{size.Groups[1].Value}{size.Groups[2].Value.ToUpperInvariant()}i"
        : "16Mi";

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)Literal(text))]);

    /// <summary>Kubernetes replaces <c>$(NAME)</c> in arguments and variables; a doubled dollar sign is one.</summary>
    private static string Literal(string text) => text.Replace("$(", "$$(", StringComparison.Ordinal);

    [GeneratedRegex("^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex("^[-._a-zA-Z0-9]{1,253}$")]
    private static partial Regex EntryName();

    [GeneratedRegex("size=([0-9]+)([kKmMgG])")]
    private static partial Regex MountSize();
}
