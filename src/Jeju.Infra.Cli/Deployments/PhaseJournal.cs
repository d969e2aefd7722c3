using System.Text.Json;

namespace Jeju.Infra.Cli.Deployments;

/// <summary>
/// Says which phases were found done, and when. It informs a person and judges nothing: whether a phase is done is read back from where its
/// resources are, every time.
/// </summary>
/// <param name="file">The journal.</param>
/// <param name="time">The clock.</param>
internal sealed class PhaseJournal(string file, TimeProvider time)
{
    /// <summary>The phases that were done last time, and when; empty where there was none.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(await File.ReadAllTextAsync(file, cancellationToken)) ?? []
                : [];
        }
        catch (JsonException)
        {
            // It judges nothing, so a broken one costs nothing.
            return new Dictionary<string, DateTimeOffset>();
        }
    }

    /// <summary>Notes that a phase was read back and found done.</summary>
    public async Task WriteAsync(string phase, CancellationToken cancellationToken)
    {
        Dictionary<string, DateTimeOffset> done = new(await ReadAsync(cancellationToken)) { [phase] = time.GetUtcNow() };
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file + ".new", JsonSerializer.Serialize(done, JsonText.Indented), cancellationToken);
        File.Move(file + ".new", file, overwrite: true);
    }
}
