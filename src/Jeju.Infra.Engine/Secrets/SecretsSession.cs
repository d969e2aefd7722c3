using System.Collections.Concurrent;

namespace Jeju.Infra.Engine.Secrets;

/// <summary>
/// The secrets of one run. Deriving the key takes most of a second, so it begins in the background with the run and is waited for only
/// where a secret is met; a stack without secrets never needs a passphrase.
/// </summary>
internal sealed class SecretsSession
{
    private readonly PassphraseSource _source;
    private readonly string _stack;
    private readonly ConcurrentDictionary<string, Lazy<Task<PassphraseSecrets>>> _bySalt = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _knownCipherTexts = new(StringComparer.Ordinal);
    private readonly Lazy<Task<PassphraseSecrets>> _fresh;
    private string? _writingSalt;
    private volatile string? _freshSalt;

    public SecretsSession(string stack, PassphraseSource source)
    {
        _stack = stack;
        _source = source;
        _fresh = new(() => Task.Run(CreateAsync));
    }

    /// <summary>The salt that new secrets are written with; null: one is made when it is needed.</summary>
    public string? WritingSalt => _writingSalt ?? _freshSalt;

    /// <summary>Begins to derive a key that will probably be needed.</summary>
    public void Prepare(string? salt)
    {
        if (salt is not null)
        {
            _writingSalt ??= salt;
            // A failure is reported where the key is used; it must not go unobserved when it is not.
            _ = ForSaltAsync(salt).ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <summary>The key of a salt.</summary>
    public Task<PassphraseSecrets> ForSaltAsync(string salt) =>
        _bySalt.GetOrAdd(
            salt,
            key => new(() => Task.Run(() => OpenAsync(key)))).Value;

    /// <summary>The key for writing.</summary>
    public Task<PassphraseSecrets> ForWritingAsync() => _writingSalt is { } salt ? ForSaltAsync(salt) : _fresh.Value;

    /// <summary>Remembers what a text was encrypted as, so that an unchanged secret leaves the state file unchanged.</summary>
    public string Decrypt(PassphraseSecrets secrets, string cipherText)
    {
        var plainText = secrets.Decrypt(cipherText);
        if (secrets.Salt == _writingSalt)
        {
            _knownCipherTexts.TryAdd(plainText, cipherText);
        }

        return plainText;
    }

    /// <summary>Encrypts, or takes the ciphertext that stands in the state already.</summary>
    public string Encrypt(PassphraseSecrets secrets, string plainText) =>
        _knownCipherTexts.GetOrAdd(plainText, static (text, key) => key.Encrypt(text), secrets);

    private async Task<PassphraseSecrets> OpenAsync(string salt) =>
        _source.Keys?.Find(salt) is { } key && PassphraseSecrets.TryOpen(key, salt) is { } opened
            ? opened
            : Kept(PassphraseSecrets.Open(await PassphraseAsync().ConfigureAwait(false), salt));

    private PassphraseSecrets Kept(PassphraseSecrets secrets)
    {
        if (_source.Keys is { } file)
        {
            secrets.KeepIn(file);
        }

        return secrets;
    }

    private async Task<PassphraseSecrets> CreateAsync()
    {
        var created = Kept(PassphraseSecrets.Create(await PassphraseAsync().ConfigureAwait(false)));
        _freshSalt = created.Salt;
        return created;
    }

    private async Task<string> PassphraseAsync() =>
        await _source.FindAsync(CancellationToken.None).ConfigureAwait(false) ?? throw EngineErrors.PassphraseMissing(_stack);
}
