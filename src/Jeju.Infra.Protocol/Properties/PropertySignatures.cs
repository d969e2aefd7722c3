namespace Jeju.Infra.Protocol.Properties;

/// <summary>The strings by which Pulumi marks, on the wire and in its state, what plain JSON has no notation for.</summary>
public static class PropertySignatures
{
    /// <summary>The key whose presence in an object says that it is one of the special kinds.</summary>
    public const string Key = "4dabf18193072939515e22adb298388d";

    /// <summary>A secret: the real value is under "value" on the wire, under "ciphertext" or "plaintext" in the state.</summary>
    public const string Secret = "1b47061264138c4ac30d75fd1eb44270";

    /// <summary>An asset: one of text, path, uri, or only a hash.</summary>
    public const string Asset = "c44067f5952c0a294b673a41bacd8c17";

    /// <summary>An archive: one of assets, path, uri, or only a hash.</summary>
    public const string Archive = "0def7320c3a5731c473e5ecbe6d01bc7";

    /// <summary>A reference to a resource, by URN and id.</summary>
    public const string ResourceReference = "5cf8f73096256a8f31e491e813e4eb8e";

    /// <summary>An output: value, secretness and dependencies.</summary>
    public const string Output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

    /// <summary>The unknown that is sent; the official SDK understands no other.</summary>
    public const string UnknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    /// <summary>All unknowns that a peer may send: of string, bool, number, array, asset, archive and object.</summary>
    public static IReadOnlySet<string> Unknowns { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        UnknownString,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    };
}
