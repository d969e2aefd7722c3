using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Kms;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its keys.</summary>
public sealed class KeysArgs : ResourceArgs
{
    /// <summary>The account that owns the keys.</summary>
    [Input("accountId", required: true)]
    public Input<string> AccountId { get; set; } = null!;

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>Whether the keys outlive the stack and refuse deletion; data encrypted with a deleted key is lost.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// The stack's keys, each for one purpose: data at rest, backups, logs, and two secp256k1 keys that sign the batcher's and the proposer's
/// transactions without ever leaving the service. Symmetric keys rotate yearly; a signing key is an identity on chain and does not.
/// </summary>
public sealed class Keys : ComponentResource
{
    private readonly string _name;
    private readonly KeysArgs _args;

    /// <summary>Declares the keys.</summary>
    public Keys(string name, KeysArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Keys", name, args, options)
    {
        _name = name;
        _args = args;
        DataKeyArn = Declare("data", SymmetricArgs("Databases, volumes, buckets, images and cluster secrets", account => [.. KeyUsers.OfDisks(account), .. KeyUsers.OfSites(account)])).Arn;
        BackupKeyArn = Declare("backup", SymmetricArgs("Backups, kept apart from the data they restore", _ => [])).Arn;
        LogKeyArn = Declare("log", SymmetricArgs("Log groups and alarms", account => KeyUsers.OfLogs(account, args.Region))).Arn;
        BatcherKeyArn = Signing("batcher").Arn;
        ProposerKeyArn = Signing("proposer").Arn;
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["dataKeyArn"] = DataKeyArn,
            ["backupKeyArn"] = BackupKeyArn,
            ["logKeyArn"] = LogKeyArn,
            ["batcherKeyArn"] = BatcherKeyArn,
            ["proposerKeyArn"] = ProposerKeyArn,
        });
    }

    /// <summary>Encrypts data at rest.</summary>
    [Output("dataKeyArn")]
    public Output<string> DataKeyArn { get; private set; }

    /// <summary>Encrypts backups.</summary>
    [Output("backupKeyArn")]
    public Output<string> BackupKeyArn { get; private set; }

    /// <summary>Encrypts logs.</summary>
    [Output("logKeyArn")]
    public Output<string> LogKeyArn { get; private set; }

    /// <summary>Signs the batcher's transactions.</summary>
    [Output("batcherKeyArn")]
    public Output<string> BatcherKeyArn { get; private set; }

    /// <summary>Signs the proposer's transactions.</summary>
    [Output("proposerKeyArn")]
    public Output<string> ProposerKeyArn { get; private set; }

    private CustomResourceOptions KeyOptions => new() { Parent = this, Protect = _args.Protect, RetainOnDelete = _args.Protect };

    private KeyArgs SymmetricArgs(string description, Func<string, IEnumerable<IamStatement>> users) => new()
    {
        Description = $"{description} of {_name}",
        EnableKeyRotation = true,
        DeletionWindowInDays = 30,
        Policy = Policy(users),
    };

    private Key Signing(string purpose) => Declare(purpose, new KeyArgs
    {
        Description = $"Signs the transactions of the {purpose} of {_name}",
        KeyUsage = "SIGN_VERIFY",
        CustomerMasterKeySpec = "ECC_SECG_P256K1",
        DeletionWindowInDays = 30,
        Policy = Policy(_ => []),
    });

    private Key Declare(string purpose, KeyArgs keyArgs)
    {
        Key key = new($"{_name}-{purpose}", keyArgs, KeyOptions);
        _ = new Pulumi.Aws.Kms.Alias($"{_name}-{purpose}", new Pulumi.Aws.Kms.AliasArgs { Name = $"alias/{_name}-{purpose}", TargetKeyId = key.KeyId }, new CustomResourceOptions { Parent = this });
        return key;
    }

    private Output<string> Policy(Func<string, IEnumerable<IamStatement>> users) =>
        _args.AccountId.ToOutput().Apply(account => new IamPolicyDocument([KeyUsers.Administrator(account), .. users(account)]).ToJson());
}
