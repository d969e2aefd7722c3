using System.IO.Compression;
using Nethereum.Signer;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>What the chain layer can see of Nethereum exists in the official one. It comes as many assemblies there and as one here.</summary>
public sealed class NethereumLikenessTests
{
    [SharedReferenceFact]
    public void EveryPublicMember_ExistsInTheOfficialAssemblies()
    {
        HashSet<string> official = [.. Directory.EnumerateFiles(SharedReference.PathOf("api"), "Nethereum.*.api.txt.gz").SelectMany(ReadLines)];

        IReadOnlyList<string> ours = PublicApi.Of(typeof(EthECKey).Assembly);

        Assert.NotEmpty(ours);
        string unknown = string.Join('\n', ours.Except(official));
        Assert.True(unknown.Length == 0, unknown);
    }

    private static string[] ReadLines(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n');
    }
}
