namespace Jeju.Infra.Chain;

/// <summary>How a pipeline sends and waits.</summary>
public sealed record TransactionPipelineOptions
{
    /// <summary>The most gas one transaction may have (EIP-7825): 2^24.</summary>
    public const ulong MaximumGas = 16_777_216;

    /// <summary>The most bytes one signed transaction may have: what nodes accept into their pools.</summary>
    public const int MaximumBytes = 128 * 1024;

    /// <summary>Blocks after which a transaction counts as done, its own included. The default value is 1.</summary>
    public int Confirmations { get; init; } = 1;

    /// <summary>Blocks without the transaction after which its fee is raised. The default value is 3.</summary>
    public int BlocksBeforeBump { get; init; } = 3;

    /// <summary>
    /// How long a transaction that is the next of its account may wait while no block comes at all, before it is sent again with a better fee. The
    /// default value is 5 seconds, doubled each time. An Anvil that mines on arrival needs it: what is left over when a block is full, or arrives just
    /// while the transaction before it is mined, lies in its pool until something new comes.
    /// </summary>
    public TimeSpan StandstillPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long no block may hold the transaction before the wait ends with an error. The default value is 10 minutes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a call is given new nonces when other processes with the same key are faster. The default value is 30 seconds: longer means that
    /// somebody uses the key without end.
    /// </summary>
    public TimeSpan ConflictPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the node may be unreachable during a wait. The default value is 15 seconds.</summary>
    public TimeSpan OutagePatience { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>A step of a transaction.</summary>
/// <param name="Description">The contract and function.</param>
/// <param name="Hash">The transaction.</param>
/// <param name="Receipt">What became of it; absent when it was only just sent.</param>
public sealed record TransactionProgress(string Description, Core.Bytes32 Hash, TransactionReceipt? Receipt);
