using System.Text.Json;
using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>The one reader of Pulumi's configuration: it gives every stack its typed settings.</summary>
internal static class StackConfiguration
{
    /// <summary>The settings of the running stack.</summary>
    /// <exception cref="InfraException">JEJU0702: something in them is wrong.</exception>
    public static TSettings Read<TSettings>(RepositoryLayout layout, string stackName)
        where TSettings : class
    {
        var file = SettingsFile.Read(layout.StackSettingsFile(stackName));
        var configuration = new Config(SettingsReader.Namespace);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in Keys(file))
        {
            if (configuration.Get(key[(SettingsReader.Namespace.Length + 1)..]) is { } text)
            {
                values[key] = text;
            }
        }

        return new SettingsReader(file, NetworkProfile.ForStack(stackName)).Read<TSettings>(values);
    }

    /// <summary>
    /// All keys of this program: those of the file, and those that came another way, such as the automation API. Pulumi's Config can be asked
    /// for a key, but not for which keys there are.
    /// </summary>
    private static IEnumerable<string> Keys(SettingsFile file)
    {
        var given = Environment.GetEnvironmentVariable("PULUMI_CONFIG") is { Length: > 0 } json
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)?.Keys.AsEnumerable() ?? []
            : [];
        return file.Keys.Concat(given).Where(key => key.StartsWith(SettingsReader.Namespace + ":", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
    }
}
