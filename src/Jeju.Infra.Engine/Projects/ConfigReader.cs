using Jeju.Infra.Engine.Secrets;

namespace Jeju.Infra.Engine.Projects;

/// <summary>Gives the configuration of a run: the settings file's, decrypted, with the overrides on top.</summary>
internal sealed class ConfigReader(StackEngineOptions options, SecretsSession secrets)
{
    public async Task<IReadOnlyDictionary<string, ConfigEntry>> ReadAsync(StackConfig config, CancellationToken cancellationToken)
    {
        var entries = new SortedDictionary<string, ConfigEntry>(StringComparer.Ordinal);
        foreach (var (key, entry) in config.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!entry.IsSecret)
            {
                entries[key] = entry;
                continue;
            }

            var opened = await secrets.ForSaltAsync(config.EncryptionSalt ?? throw EngineErrors.CipherText()).ConfigureAwait(false);
            entries[key] = entry with { Value = opened.Decrypt(entry.Value) };
        }

        foreach (var (key, entry) in options.ConfigOverrides)
        {
            entries[key] = entry;
        }

        return entries;
    }
}
