using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>A compiled contract, as forge writes it.</summary>
/// <param name="Name">The contract.</param>
/// <param name="SourceFile">The source, relative to the Foundry project.</param>
/// <param name="CreationCode">The code that creates it; empty for an interface or an abstract contract.</param>
/// <param name="RuntimeCode">The code that then is at its address, with zeros where immutables go.</param>
/// <param name="Immutables">Where the immutables are in the runtime code.</param>
/// <param name="Json">The whole artifact.</param>
public sealed record ContractArtifact(
    string Name,
    string SourceFile,
    byte[] CreationCode,
    byte[] RuntimeCode,
    IReadOnlyList<(int Start, int Length)> Immutables,
    JsonElement Json)
{
    /// <summary>Whether code at an address is this contract's, whatever its immutables are.</summary>
    public bool IsCode(ReadOnlySpan<byte> code) => MaskImmutables(code).AsSpan().SequenceEqual(RuntimeCode);

    /// <summary>Code with zeros in the place of this contract's immutables.</summary>
    public byte[] MaskImmutables(ReadOnlySpan<byte> code)
    {
        byte[] masked = code.ToArray();
        foreach ((int start, int length) in Immutables)
        {
            if (start + length <= masked.Length)
            {
                masked.AsSpan(start, length).Clear();
            }
        }

        return masked;
    }
}

/// <summary>The compiler's output folder.</summary>
/// <param name="layout">The checkout.</param>
public sealed class ContractArtifacts(RepositoryLayout layout)
{
    private static readonly ErrorCode MissingCode = new(401);
    private static readonly ErrorCode UnlinkedCode = new(402);

    /// <summary>Reads one compiled contract.</summary>
    /// <exception cref="InfraException">JEJU0401: it was not compiled.</exception>
    public async Task<ContractArtifact> ReadAsync(string name, CancellationToken cancellationToken)
    {
        string file = FileOf(name);
        if (!File.Exists(file))
        {
            throw new InfraException(
                MissingCode, $"The compiled contract {name} is missing at {file}.", "Run `./jeju build`, which compiles the contracts.");
        }

        await using FileStream stream = File.OpenRead(file);
        using JsonDocument document = await JsonDocument.ParseAsync(stream, default, cancellationToken).ConfigureAwait(false);
        return Parse(name, document.RootElement.Clone());
    }

    /// <summary>Whether a contract was compiled.</summary>
    public bool Has(string name) => File.Exists(FileOf(name));

    /// <summary>The names of everything that was compiled, in order.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(layout.ContractArtifactsFolder)
        ? [.. Directory.EnumerateFiles(layout.ContractArtifactsFolder, "*.json", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == Path.GetFileNameWithoutExtension(file) + ".sol")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)]
        : [];

    private string FileOf(string name) => Path.Combine(layout.ContractArtifactsFolder, $"{name}.sol", $"{name}.json");

    private static ContractArtifact Parse(string name, JsonElement json)
    {
        JsonElement deployed = json.GetProperty("deployedBytecode");
        List<(int Start, int Length)> immutables = [];
        if (deployed.TryGetProperty("immutableReferences", out JsonElement references))
        {
            immutables.AddRange(references.EnumerateObject()
                .SelectMany(variable => variable.Value.EnumerateArray())
                .Select(place => (place.GetProperty("start").GetInt32(), place.GetProperty("length").GetInt32())));
        }

        string source = json.GetProperty("metadata").GetProperty("settings").GetProperty("compilationTarget").EnumerateObject().First().Name;
        return new ContractArtifact(name, source, Code(name, json.GetProperty("bytecode")), Code(name, deployed), immutables, json);
    }

    private static byte[] Code(string name, JsonElement bytecode)
    {
        string text = bytecode.Text("object");
        return text.Contains('_', StringComparison.Ordinal)
            ? throw new InfraException(
                UnlinkedCode, $"{name} refers to a library that is not linked.", "Make the library's functions internal, so that they are compiled in.")
            : Hex.Bytes(text);
    }
}
