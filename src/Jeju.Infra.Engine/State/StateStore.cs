using System.Buffers;
using System.Text;
using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.State;

/// <summary>The state file of one stack, in the layout of Pulumi's file backend.</summary>
internal sealed class StateStore
{
    private readonly string _root;
    private readonly string _project;
    private readonly string _stack;
    private readonly TimeProvider _time;

    public StateStore(string root, string project, string stack, TimeProvider time)
    {
        (_root, _project, _stack, _time) = (root, project, stack, time);
        FilePath = PathOf(root, project, stack);
    }

    /// <summary>Where the checkpoint is.</summary>
    public string FilePath { get; }

    /// <summary>Where the stack's lock is; beside Pulumi's own folder, which holds only what Pulumi knows.</summary>
    public string LockPath => Path.Combine(_root, "locks", $"{_project}.{_stack}.lock");

    public static string PathOf(string root, string project, string stack) =>
        Path.Combine(root, ".pulumi", "stacks", project, $"{stack}.json");

    /// <summary>Reads the raw file; null where the stack was never deployed.</summary>
    public async Task<StoredState?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(FilePath, cancellationToken).ConfigureAwait(false);
            var document = JsonDocument.Parse(bytes);
            return CheckpointFormat.FindDeployment(document.RootElement, FilePath) is { } deployment
                ? new StoredState(deployment, CheckpointFormat.ReadSalt(deployment), HoldsSecrets(bytes))
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or InvalidOperationException or KeyNotFoundException)
        {
            throw EngineErrors.StateUnreadable(FilePath, exception.Message, exception);
        }
    }

    /// <summary>Decrypts and builds the snapshot.</summary>
    public async Task<Snapshot> LoadAsync(StoredState? stored, SecretsSession secrets)
    {
        if (stored is null)
        {
            return Snapshot.Empty;
        }

        Func<string, string> decrypt = _ => throw EngineErrors.CipherText();
        if (stored is { HoldsSecrets: true, Salt: { } salt })
        {
            var key = await secrets.ForSaltAsync(salt).ConfigureAwait(false);
            decrypt = cipherText => secrets.Decrypt(key, cipherText);
        }

        try
        {
            return CheckpointFormat.ReadDeployment(stored.Deployment, decrypt);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw EngineErrors.StateUnreadable(FilePath, exception.Message, exception);
        }
    }

    /// <summary>The writer of one run.</summary>
    public CheckpointWriter CreateWriter(SecretsSession secrets) => new(this, secrets, $"{_project}/{_stack}", _time);

    /// <summary>The state as <c>pulumi stack import</c> reads it; secrets stay encrypted.</summary>
    public async Task<string> ExportAsync(CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            return """{"version":3,"deployment":{}}""";
        }

        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 3);
            writer.WritePropertyName("deployment");
            stored.Deployment.WriteTo(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Replaces the state by one that was exported. Pending operations are dropped, as Pulumi drops them.</summary>
    public async Task ImportAsync(string exported, SecretsSession secrets, CancellationToken cancellationToken)
    {
        using var document = ParseImport(exported);
        var deployment = CheckpointFormat.FindDeployment(document.RootElement, "the imported state");
        var snapshot = deployment is { } found
            ? await LoadAsync(new StoredState(found, CheckpointFormat.ReadSalt(found), HoldsSecrets: true), secrets).ConfigureAwait(false)
            : Snapshot.Empty;
        var foreign = snapshot.Resources.FirstOrDefault(resource => Urn.Stack(resource.Urn) != _stack || Urn.Project(resource.Urn) != _project);
        if (foreign is not null)
        {
            throw EngineErrors.StateUnreadable("the imported state", $"'{foreign.Urn}' belongs to another stack");
        }

        await CreateWriter(secrets).WriteAsync(snapshot with { PendingOperations = [] }, durable: true, cancellationToken).ConfigureAwait(false);
    }

    private static JsonDocument ParseImport(string exported)
    {
        try
        {
            return JsonDocument.Parse(exported);
        }
        catch (JsonException exception)
        {
            throw EngineErrors.StateUnreadable("the imported state", exception.Message, exception);
        }
    }

    private static bool HoldsSecrets(byte[] json) => json.AsSpan().IndexOf(Encoding.UTF8.GetBytes(PropertySignatures.Secret)) >= 0;
}

/// <summary>A state file that is read but not decrypted.</summary>
/// <param name="Deployment">The deployment in it.</param>
/// <param name="Salt">The salt of its secrets; null where it names no secrets provider.</param>
/// <param name="HoldsSecrets">Whether any value in it is encrypted.</param>
internal sealed record StoredState(JsonElement Deployment, string? Salt, bool HoldsSecrets);

/// <summary>Writes checkpoints of one run.</summary>
internal sealed class CheckpointWriter
{
    private readonly StateStore _store;
    private readonly SecretsSession _secrets;
    private readonly TimeProvider _time;
    private readonly CheckpointFormat _format;
    private PassphraseSecrets? _key;
    private bool _hasBackup;

    public CheckpointWriter(StateStore store, SecretsSession secrets, string stack, TimeProvider time)
    {
        (_store, _secrets, _time) = (store, secrets, time);
        _format = new CheckpointFormat(stack, plainText => secrets.Encrypt(_key!, plainText));
    }

    /// <summary>Replaces the file as a whole, so that a kill at any moment leaves the old one or the new one.</summary>
    /// <param name="snapshot">What to write.</param>
    /// <param name="durable">Whether it must outlive a loss of power, not only of the process.</param>
    /// <param name="cancellationToken">Ends the write before the file is replaced.</param>
    public async Task WriteAsync(Snapshot snapshot, bool durable, CancellationToken cancellationToken)
    {
        if (_key is null && _format.NeedsKey(snapshot))
        {
            _key = await _secrets.ForWritingAsync().ConfigureAwait(false);
        }

        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        _format.Write(buffer, snapshot, _key?.Salt ?? _secrets.WritingSalt, _time.GetUtcNow());
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_store.FilePath)!);
            var draft = _store.FilePath + ".new";
            await using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false))
            {
                stream.Write(buffer.WrittenSpan);
                if (durable)
                {
                    stream.Flush(flushToDisk: true);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!_hasBackup && File.Exists(_store.FilePath))
            {
                File.Copy(_store.FilePath, _store.FilePath + ".bak", overwrite: true);
            }

            _hasBackup = true;
            File.Move(draft, _store.FilePath, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.StateUnwritable(_store.FilePath, exception);
        }
    }
}
