using System.Globalization;

namespace Jeju.Infra.Engine.State;

/// <summary>
/// One run at a time per stack. The lock is the operating system's lock on a file, so it ends with the process however that ends; a
/// second file only tells others who holds it.
/// </summary>
internal sealed class StackLock : IDisposable
{
    private readonly FileStream _stream;

    private StackLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="Core.InfraException">JEJU0104: another run holds it.</exception>
    public static StackLock Acquire(string path, string stack, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw EngineErrors.StackLocked(stack, Holder(path));
        }

        File.WriteAllText(HolderPath(path), string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, since {time.GetUtcNow():u}"));
        return new StackLock(stream);
    }

    /// <summary>Releases the lock. The file stays: deleting it could take it from under the next holder.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>The locked file itself cannot be read by others.</summary>
    private static string HolderPath(string path) => path + ".holder";

    private static string Holder(string path) =>
        File.Exists(HolderPath(path)) ? File.ReadAllText(HolderPath(path)) : "a process that has just begun";
}
