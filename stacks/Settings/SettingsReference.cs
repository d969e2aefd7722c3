using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>Writes the page that documents every setting, from the records that the settings are read into.</summary>
internal static class SettingsReference
{
    /// <summary>The page's name, beside the settings files.</summary>
    public const string FileName = "SETTINGS.md";

    private const string Introduction = """
        # Settings

        Generated from `stacks/Settings` by `JEJU_ACCEPT_GENERATED=1 ./jeju test fast`; a test keeps it true.

        Each stack has its settings in `stacks/Pulumi.<stack>.yaml`, below `config:`, with `jeju-infra:` before the name; `pulumi config set` writes them, too.
        A dot stands for a group below, `[]` for an entry of a list. What is unknown, missing or wrong is refused, all of it at once, with name, value, rule and line.

        """;

    /// <summary>The whole page.</summary>
    public static string Write()
    {
        StringBuilder page = new(Introduction);
        Section(page, "localnet", typeof(LocalnetSettings), [NetworkProfile.Localnet]);
        Section(page, "testnet and mainnet", typeof(MarketSettings), [NetworkProfile.Testnet, NetworkProfile.Mainnet]);
        return page.ToString();
    }

    private static void Section(StringBuilder page, string title, Type type, IReadOnlyList<NetworkProfile> networks)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        Setting[] all = [.. Settings(type, "", [.. networks.Select(network => Defaults(type, network))], networks)];
        foreach (IGrouping<string, Setting> group in all.GroupBy(setting => setting.Group).OrderBy(group => group.Key.Length > 0))
        {
            if (group.Key.Length > 0)
            {
                page.Append(CultureInfo.InvariantCulture, $"\n### `{group.Key}`\n");
            }

            page.Append("\n| Setting | What it decides | Value | Default |\n|---|---|---|---|\n");
            foreach (Setting setting in group)
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {Cell(setting.Meaning)} | {Cell(setting.Values)} | {Cell(setting.Default)} |\n");
            }
        }
    }

    private static IEnumerable<Setting> Settings(Type type, string prefix, IReadOnlyList<object?> defaults, IReadOnlyList<NetworkProfile> networks)
    {
        foreach ((string name, PropertyInfo property) in SettingsReader.SettingProperties(type))
        {
            string path = prefix + name;
            Type declared = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Type? element = SettingsReader.ElementType(declared);
            Type inner = element ?? declared;
            object?[] values = [.. defaults.Select(owner => owner is null ? null : property.GetValue(owner))];
            SettingAttribute rule = property.GetCustomAttribute<SettingAttribute>() ?? throw new InvalidOperationException($"{property} is no setting.");
            string words = SettingValue.IsScalar(inner) ? Rule(inner, property) : "a group";
            string group = path.Contains('.', StringComparison.Ordinal) || !SettingValue.IsScalar(inner) ? path.Split('.', '[')[0] : "";
            yield return new Setting(
                group,
                path,
                rule.Description,
                element is null ? words : $"a list, each entry {words}",
                SettingsReader.IsRequired(property) ? "required" : Default(values, networks));
            if (!SettingValue.IsScalar(inner))
            {
                object?[] below = element is null ? [.. values.Select((value, index) => value ?? Defaults(inner, networks[index]))] : [.. networks.Select(network => Defaults(inner, network))];
                foreach (Setting setting in Settings(inner, element is null ? path + "." : path + "[].", below, networks))
                {
                    yield return setting;
                }
            }
        }
    }

    /// <summary>What a group holds where nothing is written; some of it depends on the network.</summary>
    private static object? Defaults(Type type, NetworkProfile network) =>
        type.GetMethod("Defaults", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public, [typeof(NetworkProfile)]) is { } defaults
            ? defaults.Invoke(null, [network])
            : Activator.CreateInstance(type);

    private static string Rule(Type type, PropertyInfo property)
    {
        string rule = SettingValue.Rule(type, property);
        foreach (string verb in (string[])["write ", "use "])
        {
            if (rule.StartsWith(verb, StringComparison.Ordinal))
            {
                return rule[verb.Length..];
            }
        }

        return rule;
    }

    private static string Default(IReadOnlyList<object?> values, IReadOnlyList<NetworkProfile> networks)
    {
        string[] texts = [.. values.Select(Text)];
        return texts.Distinct().Count() == 1
            ? texts[0]
            : string.Join(", ", texts.Select((text, index) => $"{networks[index].StackName}: {text}"));
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => $"`{text}`",
        bool flag => flag ? "`true`" : "`false`",
        Enum member => $"`{SettingValue.NameOf(member.ToString())}`",
        ServiceSettings service => $"`{service.Name}`",
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)) is { Length: > 0 } entries ? entries : "none",
        Address or CidrBlock or IConvertible => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
        _ => "see below",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private sealed record Setting(string Group, string Name, string Meaning, string Values, string Default);
}
