using Jeju.Infra.Engine.Secrets;

namespace Jeju.Infra.Engine.Projects;

/// <summary>Changes single entries of a settings file, line by line, so that its comments and order stay.</summary>
internal static class StackConfigEditor
{
    private const string SaltKey = "encryptionsalt:";
    private const string ConfigKey = "config:";

    public static async Task SetAsync(string path, string key, ConfigEntry entry, SecretsSession secrets, CancellationToken cancellationToken)
    {
        var lines = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        var value = Quote(entry.Value);
        if (entry.IsSecret)
        {
            var salt = lines.FirstOrDefault(line => line.StartsWith(SaltKey, StringComparison.Ordinal))?[SaltKey.Length..].Trim();
            secrets.Prepare(salt);
            var opened = await secrets.ForWritingAsync().ConfigureAwait(false);
            if (salt is null)
            {
                lines.Insert(0, $"{SaltKey} {opened.Salt}");
            }

            value = $"{{ secure: {opened.Encrypt(entry.Value)} }}";
        }

        var (start, end) = FindBlock(lines);
        var index = FindEntry(lines, start, end, key, path);
        var line = $"  {key}: {value}";
        if (index >= 0)
        {
            lines[index] = line;
        }
        else
        {
            lines.Insert(end, line);
        }

        await WriteAsync(path, lines, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets one member of a group of settings, in its line or in a new one; what else the group has stays.</summary>
    public static async Task SetMemberAsync(string path, string group, string member, string value, CancellationToken cancellationToken)
    {
        var lines = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        var (start, end) = FindBlock(lines);
        var head = lines.FindIndex(start, end - start, line => line.TrimStart().StartsWith($"{group}:", StringComparison.Ordinal));
        if (head < 0)
        {
            lines.InsertRange(end, [$"  {group}:", $"    {member}: {Quote(value)}"]);
        }
        else if (lines[head].Trim() != $"{group}:")
        {
            throw EngineErrors.ConfigGroupInOneLine(path, group);
        }
        else
        {
            var last = head + 1;
            while (last < end && (lines[last].Trim().Length == 0 || Indent(lines[last]) > Indent(lines[head])))
            {
                last++;
            }

            var first = lines.FindIndex(head + 1, last - head - 1, line => line.Trim() is { Length: > 0 } text && text[0] != '#');
            var indent = new string(' ', first < 0 ? Indent(lines[head]) + 2 : Indent(lines[first]));
            var index = lines.FindIndex(head + 1, last - head - 1, line => line.StartsWith($"{indent}{member}:", StringComparison.Ordinal));
            var changed = $"{indent}{member}: {Quote(value)}";
            if (index >= 0)
            {
                lines[index] = changed;
            }
            else
            {
                lines.Insert(head + 1, changed);
            }
        }

        await WriteAsync(path, lines, cancellationToken).ConfigureAwait(false);
    }

    public static async Task RemoveAsync(string path, string key, CancellationToken cancellationToken)
    {
        var lines = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        var (start, end) = FindBlock(lines);
        var index = FindEntry(lines, start, end, key, path);
        if (index >= 0)
        {
            lines.RemoveAt(index);
            await WriteAsync(path, lines, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<List<string>> ReadAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? [.. await File.ReadAllLinesAsync(path, cancellationToken).ConfigureAwait(false)] : [];

    private static async Task WriteAsync(string path, List<string> lines, CancellationToken cancellationToken)
    {
        var draft = path + ".new";
        await File.WriteAllTextAsync(draft, string.Join('\n', lines) + "\n", cancellationToken).ConfigureAwait(false);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>The lines of the configuration: from the first to the one behind the last. Makes the block where there is none.</summary>
    private static (int Start, int End) FindBlock(List<string> lines)
    {
        var head = lines.FindIndex(line => line.TrimEnd() is ConfigKey or "config: {}");
        if (head < 0)
        {
            lines.Add(ConfigKey);
            return (lines.Count, lines.Count);
        }

        lines[head] = ConfigKey;
        var end = head + 1;
        for (var index = head + 1; index < lines.Count && (lines[index].Length == 0 || char.IsWhiteSpace(lines[index][0]) || lines[index][0] == '#'); index++)
        {
            if (lines[index].Trim().Length > 0 && lines[index][0] != '#')
            {
                end = index + 1;
            }
        }

        return (head + 1, end);
    }

    private static int FindEntry(List<string> lines, int start, int end, string key, string path)
    {
        for (var index = start; index < end; index++)
        {
            var line = lines[index].TrimStart();
            if (!line.StartsWith($"{key}:", StringComparison.Ordinal))
            {
                continue;
            }

            var indent = lines[index].Length - line.Length;
            var hasBlock = index + 1 < end && lines[index + 1].TrimStart() is { Length: > 0 } next
                           && (lines[index + 1].Length - next.Length > indent || next.StartsWith('-')) && next[0] != '#';
            return hasBlock ? throw EngineErrors.ConfigNotEditable(path, key) : index;
        }

        return -1;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    private static string Quote(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n")}\"";
}
