namespace Jeju.Infra.Core;

/// <summary>
/// The images of the clusters that others publish, each at an exact version. <c>jeju images pin</c> resolves their digests; a stack may name others in its settings. The images that
/// the network builds itself lie in each cloud's own registry.
/// </summary>
public static class PublicImages
{
    /// <summary>The execution client go-ethereum for the OP Stack. Its maintainers mend nothing of it since June 2026, and it will not follow the hard forks after Jovian.</summary>
    public const string OpGeth = "us-docker.pkg.dev/oplabs-tools-artifacts/images/op-geth:v1.101702.2";

    /// <summary>The execution client Reth for the OP Stack.</summary>
    public const string OpReth = "us-docker.pkg.dev/oplabs-tools-artifacts/images/op-reth:v2.4.2";

    /// <summary>The consensus client.</summary>
    public const string OpNode = "us-docker.pkg.dev/oplabs-tools-artifacts/images/nexus/op-node:v1.19.4";

    /// <summary>The batcher.</summary>
    public const string OpBatcher = "us-docker.pkg.dev/oplabs-tools-artifacts/images/nexus/op-batcher:v1.16.12";

    /// <summary>The proposer.</summary>
    public const string OpProposer = "us-docker.pkg.dev/oplabs-tools-artifacts/images/op-proposer:v1.16.3";

    /// <summary>The signer of batcher and proposer.</summary>
    public const string OpSigner = "us-docker.pkg.dev/oplabs-tools-artifacts/images/op-signer:v1.6.2";

    /// <summary>The Farcaster hub: Snapchain.</summary>
    public const string FarcasterHub = "docker.io/farcasterxyz/snapchain:0.14.2";

    /// <summary>Turns figures in StatsD's form into Prometheus'.</summary>
    public const string StatsdExporter = "docker.io/prom/statsd-exporter:v0.28.0";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [OpGeth, OpReth, OpNode, OpBatcher, OpProposer, OpSigner, FarcasterHub, StatsdExporter];
}
