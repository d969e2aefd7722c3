using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>A compiled contract, as forge writes it.</summary>
/// <param name="Name">The contract.</param>
/// <param name="CreationCode">The code that creates it; empty for an interface or an abstract contract.</param>
/// <param name="RuntimeCode">The code that then is at its address, with zeros where immutables go.</param>
/// <param name="Immutables">Where the immutables are in the runtime code.</param>
public sealed record ContractArtifact(
    string Name,
    byte[] CreationCode,
    byte[] RuntimeCode,
    IReadOnlyList<(int Start, int Length)> Immutables)
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

    /// <summary>Reads the code of one compiled contract. The rest of the file, which is most of it, is skipped.</summary>
    /// <exception cref="InfraException">JEJU0401: it was not compiled.</exception>
    public async Task<ContractArtifact> ReadAsync(string name, CancellationToken cancellationToken)
    {
        byte[] file = await File.ReadAllBytesAsync(RequireFile(name), cancellationToken).ConfigureAwait(false);
        return ReadCode(name, file);
    }

    /// <summary>Reads everything that the compiler said about one contract.</summary>
    /// <exception cref="InfraException">JEJU0401: it was not compiled.</exception>
    public async Task<JsonElement> ReadJsonAsync(string name, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.OpenRead(RequireFile(name));
        using JsonDocument document = await JsonDocument.ParseAsync(stream, default, cancellationToken).ConfigureAwait(false);
        return document.RootElement.Clone();
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

    private string RequireFile(string name)
    {
        string file = FileOf(name);
        return File.Exists(file)
            ? file
            : throw new InfraException(
                MissingCode, $"The compiled contract {name} is missing at {file}.", "Run `./jeju build`, which compiles the contracts.");
    }

    private static ContractArtifact ReadCode(string name, byte[] file)
    {
        byte[] creation = [];
        byte[] runtime = [];
        List<(int Start, int Length)> immutables = [];
        Utf8JsonReader reader = new(file);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("bytecode"u8))
            {
                creation = ReadBytecode(name, ref reader, null);
            }
            else if (reader.ValueTextEquals("deployedBytecode"u8))
            {
                runtime = ReadBytecode(name, ref reader, immutables);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ContractArtifact(name, creation, runtime, immutables);
    }

    private static byte[] ReadBytecode(string name, ref Utf8JsonReader reader, List<(int Start, int Length)>? immutables)
    {
        byte[] code = [];
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                code = Code(name, reader.GetString() ?? string.Empty);
            }
            else if (immutables is not null && reader.ValueTextEquals("immutableReferences"u8))
            {
                reader.Read();
                using JsonDocument references = JsonDocument.ParseValue(ref reader);
                immutables.AddRange(references.RootElement.EnumerateObject()
                    .SelectMany(variable => variable.Value.EnumerateArray())
                    .Select(place => (place.GetProperty("start").GetInt32(), place.GetProperty("length").GetInt32())));
            }
            else
            {
                reader.Skip();
            }
        }

        return code;
    }

    private static byte[] Code(string name, string text) => text.Contains('_', StringComparison.Ordinal)
        ? throw new InfraException(
            UnlinkedCode, $"{name} refers to a library that is not linked.", "Make the library's functions internal, so that they are compiled in.")
        : Hex.Bytes(text);
}
