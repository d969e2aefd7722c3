using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>Names of the naming system, as ENS writes and hashes them.</summary>
public static class JnsNames
{
    /// <summary>The top-level name.</summary>
    public const string TopLevel = "jeju";

    /// <summary>The id of a name on chain: labels are hashed from the right, each with the id of what is above it.</summary>
    /// <param name="name">Labels with points between them, lower case: <c>postgres.jeju</c>.</param>
    public static Bytes32 Hash(string name) => name.Length == 0
        ? Bytes32.Zero
        : name.Split('.').Reverse().Aggregate(
            Bytes32.Zero, (parent, label) => Keccak.Hash([.. parent.ToBytes(), .. Keccak.Hash(label).ToBytes()]));
}
