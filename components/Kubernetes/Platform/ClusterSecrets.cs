using Jeju.Infra.Core;
using Pulumi;
using CustomObject = Pulumi.Kubernetes.ApiExtensions.CustomResource;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>Where a cluster's secrets come from.</summary>
public sealed class ClusterSecretsArgs : ResourceArgs
{
    /// <summary>The cloud.</summary>
    public required CloudName Cloud { get; init; }

    /// <summary>The namespaces that they are copied into.</summary>
    public required Namespaces Namespaces { get; init; }

    /// <summary>The operators that copy and issue them.</summary>
    public required Operators Operators { get; init; }

    /// <summary>The secrets: the catalog in the stack's sizes.</summary>
    public required IReadOnlyList<ClusterSecret> Secrets { get; init; }

    /// <summary>The stack, from which the names in the store follow.</summary>
    public required string StackName { get; init; }

    /// <summary>The region; needed on AWS.</summary>
    public string Region { get; init; } = "";

    /// <summary>The project; needed on Google Cloud.</summary>
    public string Project { get; init; } = "";

    /// <summary>The secret that the managed database keeps; the store's own where absent.</summary>
    [Input("databaseSecret")]
    public Input<string>? DatabaseSecret { get; set; }
}

/// <summary>
/// Every secret of the catalog, in its namespace: copied from the cloud's store, or, for the signer's certificates, issued inside the cluster. The store answers only to
/// the namespaces that have a secret.
/// </summary>
public sealed class ClusterSecrets : ComponentResource
{
    private const string StoreName = "cloud";
    private const string AuthorityName = "op-signer-authority";
    private const string CertificateGroup = "cert-manager.io/v1";
    private const string SecretGroup = "external-secrets.io/v1";

    private readonly string _name;
    private readonly ClusterSecretsArgs _args;

    /// <summary>Declares the secrets.</summary>
    public ClusterSecrets(string name, ClusterSecretsArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:ClusterSecrets", name, args, options)
    {
        _name = name;
        _args = args;
        CustomObject store = Declare(SecretGroup, "ClusterSecretStore", StoreName, null, StoreSpec(), Operator(ClusterCharts.ExternalSecrets));
        foreach (ClusterSecret secret in _args.Secrets.Where(secret => secret.Source != SecretSource.Certificate))
        {
            Copy(secret, store);
        }

        CustomObject authority = Authority();
        foreach (ClusterSecret secret in _args.Secrets.Where(secret => secret.Source == SecretSource.Certificate))
        {
            Issue(secret, authority);
        }

        RegisterOutputs();
    }

    private CustomObject Declare(string apiVersion, string kind, string objectName, string? namespaceName, Map spec, params Resource[] after) =>
        CustomObjectArgs.Declare(
            string.Join('-', ((string?[])[_name, namespaceName, objectName, kind.ToLowerInvariant()]).OfType<string>()),
            apiVersion,
            kind,
            objectName,
            namespaceName,
            spec,
            new CustomResourceOptions
            {
                Parent = this,
                DependsOn = ((Resource[])[.. after, .. namespaceName is null ? [] : (Resource[])[_args.Namespaces.ByName[namespaceName]]])
                    .Select(resource => (Input<Resource>)resource)
                    .ToArray(),
            });

    private Pulumi.Kubernetes.Helm.V3.Release Operator(ClusterChart chart) => _args.Operators.Releases[chart.Name];

    private Map StoreSpec() => new()
    {
        ["conditions"] = new object[]
        {
            new Map
            {
                ["namespaces"] = _args.Secrets
                    .Where(secret => secret.Source != SecretSource.Certificate)
                    .Select(secret => secret.Namespace)
                    .Distinct()
                    .ToArray<object>(),
            },
        },

        // No credential: the operator's own identity in the cloud is what the store knows it by.
        ["provider"] = _args.Cloud == CloudName.Aws
            ? new Map { ["aws"] = new Map { ["service"] = "SecretsManager", ["region"] = _args.Region } }
            : new Map { ["gcpsm"] = new Map { ["projectID"] = _args.Project } },
    };

    /// <summary>The database's login changes by itself, and from then on opens no connection; whatever else changes, changes by an operator's hand.</summary>
    private void Copy(ClusterSecret secret, CustomObject store)
    {
        object source = secret.Source == SecretSource.Database && _args.DatabaseSecret is { } database
            ? database.ToOutput()
            : secret.SourceNameIn(_args.StackName);
        _ = Declare(SecretGroup, "ExternalSecret", secret.Name, secret.Namespace, new Map
        {
            ["refreshInterval"] = secret.Source == SecretSource.Database ? "1m" : "1h",
            ["secretStoreRef"] = new Map { ["kind"] = "ClusterSecretStore", ["name"] = StoreName },

            // A value that vanishes from the store by mistake does not stop the chain.
            ["target"] = new Map { ["name"] = secret.Name, ["creationPolicy"] = "Owner", ["deletionPolicy"] = "Retain" },
            ["data"] = secret.Keys.Select(key => (object)new Map
            {
                ["secretKey"] = key,
                ["remoteRef"] = new Map { ["key"] = source, ["property"] = key },
            }).ToArray(),
        }, store);
    }

    /// <summary>An authority of the signer's own: whoever it has certified may ask for signatures, and nobody else is.</summary>
    private CustomObject Authority()
    {
        CustomObject root = Declare(CertificateGroup, "Issuer", $"{AuthorityName}-root", ClusterNamespaces.OpStack, new Map { ["selfSigned"] = new Map() }, Operator(ClusterCharts.CertManager));
        CustomObject certificate = Declare(CertificateGroup, "Certificate", AuthorityName, ClusterNamespaces.OpStack, new Map
        {
            ["isCA"] = true,
            ["commonName"] = AuthorityName,
            ["secretName"] = AuthorityName,
            ["duration"] = "43800h",
            ["renewBefore"] = "8760h",
            ["privateKey"] = new Map { ["algorithm"] = "ECDSA", ["size"] = 256 },
            ["issuerRef"] = new Map { ["name"] = $"{AuthorityName}-root", ["kind"] = "Issuer" },
        }, root);
        return Declare(CertificateGroup, "Issuer", AuthorityName, ClusterNamespaces.OpStack, new Map { ["ca"] = new Map { ["secretName"] = AuthorityName } }, certificate);
    }

    private void Issue(ClusterSecret secret, CustomObject authority)
    {
        // The signer knows a client by the name in its certificate.
        string service = secret.Name[..^"-tls".Length];
        _ = Declare(CertificateGroup, "Certificate", secret.Name, secret.Namespace, new Map
        {
            ["secretName"] = secret.Name,
            ["commonName"] = service,
            ["dnsNames"] = new object[] { ClusterNamespaces.HostOf(service), service },
            ["usages"] = new object[] { "digital signature", "key encipherment", secret == SecretCatalog.SignerServer ? "server auth" : "client auth" },
            ["duration"] = "2160h",
            ["renewBefore"] = "720h",
            ["privateKey"] = new Map { ["algorithm"] = "ECDSA", ["size"] = 256, ["rotationPolicy"] = "Always" },
            ["issuerRef"] = new Map { ["name"] = AuthorityName, ["kind"] = "Issuer" },
        }, authority);
    }
}
