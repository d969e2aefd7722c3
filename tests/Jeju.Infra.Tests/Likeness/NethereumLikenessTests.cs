using System.IO.Compression;
using System.Text.RegularExpressions;
using Nethereum.Signer;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>What the chain layer can see of Nethereum exists in the official one. It comes as many assemblies there and as one here.</summary>
public sealed partial class NethereumLikenessTests
{
    [SharedReferenceFact]
    public void EveryPublicMember_ExistsInTheOfficialAssemblies()
    {
        HashSet<string> official = [.. Directory.EnumerateFiles(SharedReference.PathOf("api"), "Nethereum.*.api.txt.gz").SelectMany(ReadLines)];

        // Nethereum says nothing about null, so a question mark after a type parameter means nothing.
        string[] ours = [.. PublicApi.Of(typeof(EthECKey).Assembly).Select(line => TypeParameter().Replace(line, "$1"))];

        Assert.NotEmpty(ours);
        string unknown = string.Join('\n', ours.Except(official));
        Assert.True(unknown.Length == 0, unknown);
    }

    [GeneratedRegex(@"\b(T[A-Z]\w*)\?")]
    private static partial Regex TypeParameter();

    private static string[] ReadLines(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n');
    }
}
