using System.Security.Cryptography;

namespace Jeju.Infra.Engine.Secrets;

/// <summary>Where the passphrase of a stack comes from.</summary>
public sealed class PassphraseSource
{
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string? _ownFile;

    /// <summary>Makes the source.</summary>
    /// <param name="environment">The environment with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.</param>
    /// <param name="ownFile">
    /// A file that is used, and made with a random passphrase where it does not exist, when the environment has none. Only for stacks whose
    /// secrets mean nothing beyond this machine; null for all others.
    /// </param>
    public PassphraseSource(IReadOnlyDictionary<string, string> environment, string? ownFile)
    {
        _environment = environment;
        _ownFile = ownFile;
    }

    /// <summary>Where derived keys are kept; null where the passphrase is not this machine's own.</summary>
    internal DerivedKeyFile? Keys =>
        _ownFile is null || _environment.ContainsKey("PULUMI_CONFIG_PASSPHRASE") || _environment.ContainsKey("PULUMI_CONFIG_PASSPHRASE_FILE")
            ? null
            : new DerivedKeyFile(_ownFile + ".key");

    /// <summary>The passphrase, which may be empty; null where there is none.</summary>
    public async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        if (_environment.TryGetValue("PULUMI_CONFIG_PASSPHRASE", out var passphrase))
        {
            return passphrase;
        }

        if (_environment.TryGetValue("PULUMI_CONFIG_PASSPHRASE_FILE", out var path) && path.Length > 0)
        {
            return File.Exists(path)
                ? (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim()
                : throw EngineErrors.PassphraseFileMissing(path);
        }

        return _ownFile is null ? null : await ReadOrMakeAsync(_ownFile, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> ReadOrMakeAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var draft = $"{path}.{Environment.ProcessId}";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (var writer = new StreamWriter(new FileStream(draft, options)))
            {
                await writer.WriteAsync(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))).ConfigureAwait(false);
            }

            try
            {
                // Whoever comes first wins; a second run reads what is there.
                File.Move(draft, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(draft);
            }
        }

        return (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
    }
}
