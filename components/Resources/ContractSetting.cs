using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>
/// A role or a parameter of one of the network's contracts that their own plan does not hold, changed through the timelock. A role that is granted
/// here must be among the suite's <see cref="ContractSuiteArgs.Exceptions"/>, because otherwise its next deployment takes it back.
/// </summary>
public sealed class ContractSetting : CustomResource
{
    /// <summary>What is there: <c>granted</c> or <c>not granted</c>, or the view's answer in hexadecimal.</summary>
    [Output("found")]
    public Output<string> Found { get; private set; } = null!;

    /// <summary>What waits for the timelock or its proposer; absent when it is done.</summary>
    [Output("pending")]
    public Output<string?> Pending { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public ContractSetting(string name, ContractSettingArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:ContractSetting", name, args, options)
    {
    }
}

/// <summary>What a <see cref="ContractSetting"/> is to be: a role and its holder, or a function with arguments and the view that answers with them.</summary>
public sealed class ContractSettingArgs : ResourceArgs
{
    /// <summary>The network's contracts.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that administers: the timelock's proposer, or the deployer's where a Safe proposes.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The Safe that proposes changes to the timelock; the signer where absent.</summary>
    [Input("proposer")]
    public Input<string>? Proposer { get; set; }

    /// <summary>The contract, by its name in the suite.</summary>
    [Input("contract", required: true)]
    public Input<string> Contract { get; set; } = null!;

    /// <summary>The role that somebody is to hold, such as <c>ORACLE_ROLE</c>; or <see cref="Function"/>.</summary>
    [Input("role")]
    public Input<string>? Role { get; set; }

    /// <summary>Who is to hold the role.</summary>
    [Input("holder")]
    public Input<string>? Holder { get; set; }

    /// <summary>The function that sets the parameter, such as <c>setCanonical(bytes32,bool)</c>; or <see cref="Role"/>.</summary>
    [Input("function")]
    public Input<string>? Function { get; set; }

    [Input("arguments")]
    private InputList<string>? _arguments;

    /// <summary>
    /// The function's arguments: decimal numbers, <c>true</c> or <c>false</c>, hexadecimal bytes and addresses, texts as they are, and a JSON list for
    /// an array. Structs cannot be written.
    /// </summary>
    public InputList<string> Arguments
    {
        get => _arguments ??= [];
        set => _arguments = value;
    }

    /// <summary>
    /// The view that answers with what the function sets, such as <c>protocolFeeBps()</c>; it may take the function's first arguments and answer with
    /// the others, as <c>text(bytes32,string)</c> does for <c>setText(bytes32,string,string)</c>.
    /// </summary>
    [Input("view")]
    public Input<string>? View { get; set; }
}
