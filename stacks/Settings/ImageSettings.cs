using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>What a stack decides about the images of its clusters' services.</summary>
public sealed record ImageSettings
{
    private const string Reference = @"[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+(:v?[0-9][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})";
    private const string ReferenceMeaning = "a registry and an image with an exact version or a digest, such as docker.io/library/redis:7.4.1";

    /// <summary>The version of the network's own images.</summary>
    [Setting("The version of the images that the network builds itself and keeps in each cloud's registry.",
        Pattern = @"v?[0-9]+(\.[0-9]+)+([-.][A-Za-z0-9.-]+)?", PatternMeaning = "an exact version such as 1.2.0")]
    public string Release { get; init; } = "0.1.0";

    /// <summary>op-geth.</summary>
    [Setting("The execution client op-geth.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string OpGeth { get; init; } = PublicImages.OpGeth;

    /// <summary>op-reth.</summary>
    [Setting("The execution client op-reth.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string OpReth { get; init; } = PublicImages.OpReth;

    /// <summary>op-node.</summary>
    [Setting("The consensus client.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string OpNode { get; init; } = PublicImages.OpNode;

    /// <summary>op-batcher.</summary>
    [Setting("The batcher.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string OpBatcher { get; init; } = PublicImages.OpBatcher;

    /// <summary>op-proposer.</summary>
    [Setting("The proposer.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string OpProposer { get; init; } = PublicImages.OpProposer;

    /// <summary>op-signer.</summary>
    [Setting("The signer of batcher and proposer, which holds no key itself.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string OpSigner { get; init; } = PublicImages.OpSigner;

    /// <summary>The Farcaster hub.</summary>
    [Setting("The Farcaster hub.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string FarcasterHub { get; init; } = PublicImages.FarcasterHub;

    /// <summary>CovenantSQL.</summary>
    [Setting("CovenantSQL; the network's own image where absent.", Pattern = Reference, PatternMeaning = ReferenceMeaning)]
    public string? CovenantSql { get; init; }
}
