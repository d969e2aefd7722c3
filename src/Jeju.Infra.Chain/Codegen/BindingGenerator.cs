using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Codegen;

/// <summary>
/// Generates the typed C# bindings of the contracts from the compiler's output. The files are checked in; a test compares them with what the
/// compiled contracts give.
/// </summary>
public static class BindingGenerator
{
    private const string FileEnding = ".g.cs";

    // Abstract, but the deployment uses what every contract inherits from it.
    private const string GovernedBase = "Governed";

    // A contract too large for one piece of code passes what it lacks on to a second one.
    private const string SecondHalf = "Extension";

    // What it does is specified in two interfaces then; its binding is generated from the contract, which has both.
    private static readonly string[] HalvesOfSpecifications = ["IExternalLeases", "IExternalOffers"];

    /// <summary>The folder of the generated files.</summary>
    public static string FolderOf(RepositoryLayout layout) => Path.Combine(layout.Root, "src", "Jeju.Infra.Chain", "Bindings");

    /// <summary>The files as they should be: name and text.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> GenerateAsync(RepositoryLayout layout, CancellationToken cancellationToken)
    {
        TypeMapping types = new(EnumSource.Read(Path.Combine(layout.ContractsFolder, "src")));
        BindingWriter writer = new(types);
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        SortedDictionary<string, AbiItem> errors = new(StringComparer.Ordinal);
        foreach (AbiContract contract in await ReadContractsAsync(new ContractArtifacts(layout), cancellationToken).ConfigureAwait(false))
        {
            if (contract.Items.Any(item => item.Kind == "function"))
            {
                files[contract.Name + FileEnding] = writer.WriteContract(contract);
            }

            foreach (AbiItem error in contract.Items.Where(item => item.Kind == "error"))
            {
                errors.TryAdd(error.Name, error);
            }
        }

        files["ContractErrors" + FileEnding] = writer.WriteErrors([.. errors.Values]);
        foreach (string holder in types.Structs.Keys.Concat(types.Enums.Keys).Select(Holder).Distinct().Order(StringComparer.Ordinal))
        {
            files[holder + FileEnding] = writer.WriteTypes(
                holder, types.Structs.Where(pair => Holder(pair.Key) == holder), types.Enums.Where(pair => Holder(pair.Key) == holder));
        }

        return files;
    }

    /// <summary>Writes the files that differ, and removes those that no contract gives any more.</summary>
    /// <returns>The names of the changed files.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(RepositoryLayout layout, CancellationToken cancellationToken)
    {
        string folder = FolderOf(layout);
        IReadOnlyDictionary<string, string> files = await GenerateAsync(layout, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> changed = await FindDriftAsync(layout, files, cancellationToken).ConfigureAwait(false);
        foreach (string name in changed)
        {
            if (files.TryGetValue(name, out string? text))
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name), text, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                File.Delete(Path.Combine(folder, name));
            }
        }

        return changed;
    }

    /// <summary>The names of checked-in files that differ from what the compiled contracts give.</summary>
    public static async Task<IReadOnlyList<string>> FindDriftAsync(
        RepositoryLayout layout, IReadOnlyDictionary<string, string> files, CancellationToken cancellationToken)
    {
        string folder = FolderOf(layout);
        Directory.CreateDirectory(folder);
        List<string> drifted = [];
        foreach ((string name, string text) in files)
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path) || await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false) != text)
            {
                drifted.Add(name);
            }
        }

        drifted.AddRange(Directory.EnumerateFiles(folder, "*" + FileEnding).Select(path => Path.GetFileName(path)).Where(name => !files.ContainsKey(name)));
        return drifted;
    }

    /// <summary>Every deployable contract of ours, and every interface of ours whose contract is not written yet.</summary>
    private static async Task<IReadOnlyList<AbiContract>> ReadContractsAsync(ContractArtifacts artifacts, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = artifacts.List();
        HashSet<string> known = [.. names];
        List<AbiContract> contracts = [];
        foreach (string name in names)
        {
            JsonElement artifact = await artifacts.ReadJsonAsync(name, cancellationToken).ConfigureAwait(false);
            string source = artifact.GetProperty("metadata").GetProperty("settings").GetProperty("compilationTarget").EnumerateObject().First().Name;
            string contract = TypeMapping.ContractName(name);
            bool specification = contract != name;
            bool deployable = artifact.GetProperty("bytecode").Text("object").Length > "0x".Length;
            if (source.StartsWith("src/", StringComparison.Ordinal)
                && !name.EndsWith(SecondHalf, StringComparison.Ordinal)
                && !HalvesOfSpecifications.Contains(name)
                && (specification ? !known.Contains(contract) : deployable || name == GovernedBase)
                && AbiContract.Read(contract, artifact) is { Items.Count: > 0 } read)
            {
                contracts.Add(known.Contains(name + SecondHalf)
                    ? read.Join(AbiContract.Read(contract, await artifacts.ReadJsonAsync(name + SecondHalf, cancellationToken).ConfigureAwait(false)))
                    : read);
            }
        }

        return contracts;
    }

    private static string Holder(string solidityName) => TypeMapping.TypeName(solidityName).Split('.')[0];
}
