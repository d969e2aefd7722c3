using Pulumi;
using Pulumi.Gcp.Kms;
using Pulumi.Gcp.Kms.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its keys.</summary>
public sealed class KeysArgs : ResourceArgs
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The project's number, from which the names of Google's own service accounts follow.</summary>
    [Input("projectNumber", required: true)]
    public Input<string> ProjectNumber { get; set; } = null!;

    /// <summary>The account in whose name Google's storage encrypts, as a member of a policy.</summary>
    [Input("storageAgent", required: true)]
    public Input<string> StorageAgent { get; set; } = null!;

    /// <summary>Whether the keys outlive the stack; a key ring can never be deleted, a key's versions can.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// The stack's keys, each for one purpose: data at rest, backups, logs, and two secp256k1 keys in hardware that sign the batcher's and the proposer's
/// transactions. Symmetric keys rotate; a signing key is an identity on chain and does not.
/// </summary>
public sealed class Keys : ComponentResource
{
    private const string RotationPeriod = "7776000s";

    private const string Storage = "gs-project-accounts.iam.gserviceaccount.com";

    /// <summary>Google's services that encrypt with the data key on the stack's behalf.</summary>
    private static readonly string[] DataServices =
    [
        "container-engine-robot.iam.gserviceaccount.com",
        "compute-system.iam.gserviceaccount.com",
        "gcp-sa-cloud-sql.iam.gserviceaccount.com",
        "gcp-sa-artifactregistry.iam.gserviceaccount.com",
        Storage,
        "gcp-sa-secretmanager.iam.gserviceaccount.com",
    ];

    private readonly string _name;
    private readonly KeysArgs _args;
    private readonly KeyRing _ring;

    /// <summary>Declares the keys.</summary>
    public Keys(string name, KeysArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Keys", name, args, options)
    {
        _name = name;
        _args = args;

        // A ring cannot be deleted, and its name never be used again: it gets one of its own, so that a stack that was destroyed can be made anew.
        _ring = new KeyRing(name, new KeyRingArgs { Location = args.Region }, new CustomResourceOptions { Parent = this, RetainOnDelete = true });
        DataKeyId = WithUsers(Symmetric("data"), "data", DataServices);
        BackupKeyId = WithUsers(Symmetric("backup"), "backup", ["gcp-sa-gkebackup.iam.gserviceaccount.com", Storage]);
        LogKeyId = WithUsers(Symmetric("log"), "log", ["gcp-sa-pubsub.iam.gserviceaccount.com", Storage]);
        BatcherKeyId = Signing("batcher").Id;
        ProposerKeyId = Signing("proposer").Id;
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["dataKeyId"] = DataKeyId,
            ["backupKeyId"] = BackupKeyId,
            ["logKeyId"] = LogKeyId,
            ["batcherKeyId"] = BatcherKeyId,
            ["proposerKeyId"] = ProposerKeyId,
        });
    }

    /// <summary>Encrypts data at rest; known only once the services that use it are allowed to.</summary>
    [Output("dataKeyId")]
    public Output<string> DataKeyId { get; private set; }

    /// <summary>Encrypts backups; known as the data key is.</summary>
    [Output("backupKeyId")]
    public Output<string> BackupKeyId { get; private set; }

    /// <summary>Encrypts logs and findings; known as the data key is.</summary>
    [Output("logKeyId")]
    public Output<string> LogKeyId { get; private set; }

    /// <summary>Signs the batcher's transactions.</summary>
    [Output("batcherKeyId")]
    public Output<string> BatcherKeyId { get; private set; }

    /// <summary>Signs the proposer's transactions.</summary>
    [Output("proposerKeyId")]
    public Output<string> ProposerKeyId { get; private set; }

    private CustomResourceOptions KeyOptions => new() { Parent = this, Protect = _args.Protect, RetainOnDelete = _args.Protect };

    private CryptoKey Symmetric(string purpose) => new($"{_name}-{purpose}", new CryptoKeyArgs
    {
        Name = purpose,
        KeyRing = _ring.Id,
        Purpose = "ENCRYPT_DECRYPT",
        RotationPeriod = RotationPeriod,
        DestroyScheduledDuration = "2592000s",
    }, KeyOptions);

    private CryptoKey Signing(string purpose) => new($"{_name}-{purpose}", new CryptoKeyArgs
    {
        Name = purpose,
        KeyRing = _ring.Id,
        Purpose = "ASYMMETRIC_SIGN",
        VersionTemplate = new CryptoKeyVersionTemplateArgs { Algorithm = "EC_SIGN_SECP256K1_SHA256", ProtectionLevel = "HSM" },
        DestroyScheduledDuration = "2592000s",
    }, KeyOptions);

    private Output<string> WithUsers(CryptoKey key, string purpose, string[] services)
    {
        List<Output<string>> grants = [key.Id];
        foreach (string service in services)
        {
            string label = service.Split('.')[0];
            CryptoKeyIAMMember grant = new($"{_name}-{purpose}-{label}", new CryptoKeyIAMMemberArgs
            {
                CryptoKeyId = key.Id,
                Role = "roles/cloudkms.cryptoKeyEncrypterDecrypter",
                Member = service == Storage ? _args.StorageAgent : _args.ProjectNumber.ToOutput().Apply(number => $"serviceAccount:service-{number}@{service}"),
            }, new CustomResourceOptions { Parent = this });
            grants.Add(grant.Id);
        }

        return Output.All(grants).Apply(values => values[0]);
    }
}
