using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>Which key signs the transactions of a resource, and what it may sign.</summary>
public sealed class SignerArgs : ResourceArgs
{
    /// <summary>
    /// What holds the key: <c>development</c> (Anvil's published accounts, on chain 31337 alone), <c>environment</c> and
    /// <c>privateKey</c> (refused on mainnet), <c>keystore</c>, <c>awsKms</c> or <c>gcpKms</c>.
    /// </summary>
    [Input("type", required: true)]
    public Input<string> Type { get; set; } = null!;

    /// <summary>
    /// Where it is: the role of a development account, the name of an environment variable, the path of a key store (from the checkout's root), the
    /// id, alias or ARN of an AWS key, or <c>projects/.../cryptoKeyVersions/1</c> of Google Cloud.
    /// </summary>
    [Input("key")]
    public Input<string>? Key { get; set; }

    [Input("privateKey")]
    private Input<string>? _privateKey;

    /// <summary>The key itself, for type <c>privateKey</c>; always a secret.</summary>
    public Input<string>? PrivateKey
    {
        get => _privateKey;
        set
        {
            _privateKey = null;
            if (value is not null)
            {
                _privateKey = Output.CreateSecret(value.ToOutput());
            }
        }
    }

    /// <summary>The account that the key must have. Known without the key, so that a preview can show what follows from it.</summary>
    [Input("address")]
    public Input<string>? Address { get; set; }

    /// <summary>The environment variable that holds the key store's passphrase; or <see cref="PassphraseFile"/>.</summary>
    [Input("passphraseVariable")]
    public Input<string>? PassphraseVariable { get; set; }

    /// <summary>The file that holds the key store's passphrase.</summary>
    [Input("passphraseFile")]
    public Input<string>? PassphraseFile { get; set; }

    /// <summary>The region of an AWS key; that of its ARN, or of the environment, where absent.</summary>
    [Input("region")]
    public Input<string>? Region { get; set; }

    /// <summary>The profile of AWS's credentials file; the environment decides where absent.</summary>
    [Input("profile")]
    public Input<string>? Profile { get; set; }

    [Input("targets")]
    private InputList<string>? _targets;

    /// <summary>
    /// The contracts that the key may call. Where absent, those that the resource needs: the suite's contracts and its payment token, and for the
    /// deployer the factories too.
    /// </summary>
    public InputList<string> Targets
    {
        get => _targets ??= [];
        set => _targets = value;
    }

    /// <summary>The most native coin that one transaction of the key may send, in wei; nothing where absent.</summary>
    [Input("maximumValue")]
    public Input<string>? MaximumValue { get; set; }
}
