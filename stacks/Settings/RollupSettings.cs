using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>What a stack decides about the Jeju chain.</summary>
public sealed record RollupSettings
{
    /// <summary>The rollup bundle.</summary>
    [Setting("The file of the rollup bundle, relative to the folder 'stacks': genesis, rollup configuration and addresses of one deployment. Without it the chain's clients are declared and wait for it.",
        Pattern = @"[A-Za-z0-9._/-]+\.json", PatternMeaning = "the name of a JSON file")]
    public string? Bundle { get; init; }

    /// <summary>Where <c>preview --online</c> asks for the bundle's contracts.</summary>
    [Setting("An endpoint of Ethereum that anybody may ask: preview --online looks there whether the bundle's contracts have code. The clients of the chain have one of their own, from a secret.",
        Pattern = "https?://.+", PatternMeaning = "an http or https address")]
    public string? L1Endpoint { get; init; }

    /// <summary>The cloud that builds the chain.</summary>
    [Setting("The one cloud that runs sequencer, batcher and proposer, where the stack has two; the other follows. Amazon Web Services where absent.")]
    public CloudName? SequencingCloud { get; init; }

    /// <summary>The execution client.</summary>
    [Setting("The program that is the execution client. op-geth is no longer maintained, and will not follow the next hard forks.")]
    public ExecutionClient ExecutionClient { get; init; } = ExecutionClient.OpReth;

    /// <summary>Peers of the consensus clients.</summary>
    [Setting("Consensus clients that are always asked for blocks, beside the sequencer's in the cluster that sequences, as multiaddresses with their peer ids.",
        Pattern = "/(ip4|dns4|dns)/[^/]+/tcp/[0-9]+/p2p/[A-Za-z0-9]+", PatternMeaning = "a multiaddress such as /dns4/sequencer.example.org/tcp/9003/p2p/16Uiu2HAm...")]
    public IReadOnlyList<string> StaticPeers { get; init; } = [];

    /// <summary>The validator sets of the Farcaster hub.</summary>
    [Setting("The file of the Farcaster network's validator sets, as its maintainers publish it (validators.toml), relative to the folder 'stacks'. A hub without it checks no block.",
        Pattern = @"[A-Za-z0-9._/-]+\.toml", PatternMeaning = "the name of a TOML file")]
    public string? FarcasterValidators { get; init; }

    /// <summary>Peers of the Farcaster hub.</summary>
    [Setting("Peers that the Farcaster hub begins with, as its maintainers publish them.",
        Pattern = "/(ip4|dns4)/[^/]+/udp/[0-9]+/quic-v1", PatternMeaning = "a multiaddress such as /ip4/203.0.113.7/udp/3382/quic-v1")]
    public IReadOnlyList<string> FarcasterPeers { get; init; } = [];
}
