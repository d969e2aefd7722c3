namespace Jeju.Infra.Core;

/// <summary>The programs that can be the chain's execution client. The service is called <c>op-geth</c> whichever it is.</summary>
public enum ExecutionClient
{
    /// <summary>go-ethereum for the OP Stack.</summary>
    OpGeth,

    /// <summary>Reth for the OP Stack.</summary>
    OpReth,
}
