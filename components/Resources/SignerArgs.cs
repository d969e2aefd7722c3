using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>Which key signs the transactions of a resource.</summary>
public sealed class SignerArgs : ResourceArgs
{
    /// <summary>What holds the key: <c>development</c> (Anvil's published accounts, on chain 31337 alone), <c>environment</c> or <c>privateKey</c>.</summary>
    [Input("type", required: true)]
    public Input<string> Type { get; set; } = null!;

    /// <summary>Where it is: the role of a development account, or the name of an environment variable.</summary>
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
}
