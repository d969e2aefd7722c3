using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A password that nobody chose and nobody has seen: made once, kept in the state as a secret, and handed on as one.</summary>
public sealed class GeneratedPassword : CustomResource
{
    /// <summary>The password: 40 letters and digits; a secret.</summary>
    [Output("value")]
    public Output<string> Value { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public GeneratedPassword(string name, GeneratedPasswordArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:GeneratedPassword", name, args, CustomResourceOptions.Merge(new CustomResourceOptions { AdditionalSecretOutputs = { "value" } }, options))
    {
    }
}

/// <summary>What a <see cref="GeneratedPassword"/> is to be.</summary>
public sealed class GeneratedPasswordArgs : ResourceArgs
{
    /// <summary>Another number makes another password; 1 where absent.</summary>
    [Input("generation")]
    public Input<int>? Generation { get; set; }
}
