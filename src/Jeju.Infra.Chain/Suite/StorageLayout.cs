using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>
/// The storage layout of one contract, as <c>contracts/layouts</c> keeps it: its structs, each with its members by slot and offset. An upgrade may
/// append; anything else would read old data under a new meaning.
/// </summary>
public sealed class StorageLayout
{
    private readonly Dictionary<string, Structure> _structures;
    private readonly string _text;

    private StorageLayout(string text, Dictionary<string, Structure> structures)
    {
        _text = text;
        _structures = structures;
    }

    /// <summary>Reads a layout.</summary>
    /// <param name="text">One line per struct, and one indented line per member: <c>slot:offset name type</c>.</param>
    public static StorageLayout Parse(string text)
    {
        Dictionary<string, Structure> structures = new(StringComparer.Ordinal);
        List<Member> members = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(' '))
            {
                string[] words = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
                members.Add(new Member(words[0], words[1], words[2]));
            }
            else
            {
                string[] words = line.Split(", ");
                members = [];
                structures[words[0]] = new Structure(words[^1], members);
            }
        }

        return new StorageLayout(text, structures);
    }

    /// <summary>The layouts of all contracts of a checkout, by the contracts' names, as text.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAllAsync(RepositoryLayout layout, CancellationToken cancellationToken)
    {
        Dictionary<string, string> layouts = new(StringComparer.Ordinal);
        string folder = Path.Combine(layout.ContractsFolder, "layouts");
        IEnumerable<string> files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.txt") : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            layouts[Path.GetFileNameWithoutExtension(file)] = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        }

        return layouts;
    }

    /// <summary>What of this layout a later one would change, each as slot, old and new; nothing when it only appends.</summary>
    public IEnumerable<string> FindConflicts(StorageLayout later)
    {
        foreach ((string name, Structure old) in _structures)
        {
            if (!later._structures.TryGetValue(name, out Structure? changed))
            {
                yield return $"{name} is gone";
                continue;
            }

            Dictionary<string, Member> found = changed.Members.ToDictionary(member => member.Place, StringComparer.Ordinal);
            foreach (Member member in old.Members.Where(member => !found.TryGetValue(member.Place, out Member? now) || now != member))
            {
                yield return $"{name} slot {member.Place}: was {member}, would be {found.GetValueOrDefault(member.Place)?.ToString() ?? "nothing"}";
            }

            // Elements of an array lie next to each other: one more member moves all that follow.
            if (old.Size != changed.Size && (_text.Contains($"t_array({name})", StringComparison.Ordinal)))
            {
                yield return $"{name} is kept in an array: its size was {old.Size}, would be {changed.Size}";
            }
        }
    }

    private sealed record Structure(string Size, IReadOnlyList<Member> Members);

    private sealed record Member(string Place, string Name, string Type)
    {
        public override string ToString() => $"{Name} {Type}";
    }
}
