using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>The errors of the chain layer that users see, JEJU0301 to JEJU0399.</summary>
public static class ChainErrors
{
    /// <summary>The node cannot be reached or does not speak JSON-RPC.</summary>
    public static readonly ErrorCode UnreachableCode = new(301);

    /// <summary>The node serves another chain than the stack names.</summary>
    public static readonly ErrorCode WrongChainCode = new(302);

    /// <summary>The chain behind an endpoint was replaced by one with another genesis.</summary>
    public static readonly ErrorCode ReplacedChainCode = new(303);

    /// <summary>A well-known development key on a chain that is not Anvil's.</summary>
    public static readonly ErrorCode DevelopmentKeyCode = new(304);

    /// <summary>A private key that is none.</summary>
    public static readonly ErrorCode InvalidKeyCode = new(305);

    /// <summary>A contract refused a call.</summary>
    public static readonly ErrorCode RevertedCode = new(306);

    /// <summary>A transaction above the limits of the network.</summary>
    public static readonly ErrorCode TransactionLimitCode = new(307);

    /// <summary>The account cannot pay.</summary>
    public static readonly ErrorCode InsufficientFundsCode = new(308);

    /// <summary>The node refused a transaction for a reason of its own.</summary>
    public static readonly ErrorCode RefusedTransactionCode = new(309);

    /// <summary>A signer that refuses a target, a value or a bare hash.</summary>
    public static readonly ErrorCode SigningRefusedCode = new(310);

    /// <summary>A key that is not where its signer says.</summary>
    public static readonly ErrorCode MissingKeyCode = new(210);

    /// <summary>A key of another account than its signer says.</summary>
    public static readonly ErrorCode WrongKeyCode = new(211);

    /// <summary>A key store that cannot be read, or a wrong passphrase.</summary>
    public static readonly ErrorCode KeyStoreCode = new(313);

    /// <summary>A cloud's key service that refuses or does not answer.</summary>
    public static readonly ErrorCode KeyServiceCode = new(314);

    /// <summary>A key of a key service that cannot sign for Ethereum.</summary>
    public static readonly ErrorCode UnsuitableKeyCode = new(315);

    /// <summary>No credentials for a cloud's key service.</summary>
    public static readonly ErrorCode MissingCredentialsCode = new(316);

    /// <summary>A signer that its rules refuse, such as a bare key on mainnet.</summary>
    public static readonly ErrorCode InvalidSignerCode = new(317);

    internal static InfraException Unreachable(Uri uri, Exception cause) => new(
        UnreachableCode,
        $"The chain node at {Public(uri)} does not answer: {cause.Message}",
        "Check that it runs and that the address is right; on localnet `./jeju localnet status` tells.",
        innerException: cause);

    internal static InfraException WrongChain(Uri uri, ChainId expected, ChainId found) => new(
        WrongChainCode,
        $"The node at {Public(uri)} serves chain {found}, but the stack settles on chain {expected}.",
        "Stop the program that uses this port, or name another place in the stack's settings (`chainPort` on localnet, else `chainEndpoint`).",
        FailureKind.Refused);

    internal static InfraException Replaced(Uri uri, ChainIdentity before, ChainIdentity now) => new(
        ReplacedChainCode,
        $"The chain at {Public(uri)} was replaced: its genesis was {before.Genesis} and now is {now.Genesis}.",
        "Run the command again: everything is ordered anew on the new chain.");

    internal static InfraException Reverted(string description, ContractRevert revert, Exception? cause = null) => new(
        RevertedCode,
        $"{description} was refused by the contract: {revert}.",
        "The error's name and arguments say which rule was broken; correct the input or the order of the steps.",
        innerException: new ContractRevertException(revert, cause));

    /// <summary>A node's address without what can hold a key of its host: user, path and query.</summary>
    public static string Public(Uri uri) => $"{uri.Scheme}://{uri.Authority}";
}
