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

    internal static InfraException Unreachable(Uri uri, Exception cause) => new(
        UnreachableCode,
        $"The chain node at {Public(uri)} does not answer: {cause.Message}",
        "Check that it runs and that the address is right; on localnet `./jeju localnet status` tells.",
        innerException: cause);

    internal static InfraException WrongChain(Uri uri, ChainId expected, ChainId found) => new(
        WrongChainCode,
        $"The node at {Public(uri)} serves chain {found}, but the stack settles on chain {expected}.",
        "Point the stack's `chainUrl` setting at a node of the right chain, or stop the program that uses this port.",
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

    // A path or a query can hold the key of a hosted node.
    private static string Public(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
