namespace Jeju.Infra.Stacks;

/// <summary>The images that the network builds itself and keeps in each cloud's registry.</summary>
internal static class ChainImages
{
    public static IReadOnlyList<string> All { get; } =
        ["indexer", "gateway", "bundler", "dws-agent", "messaging-relay", "messaging-kms", "covenantsql", "op-signer"];
}
