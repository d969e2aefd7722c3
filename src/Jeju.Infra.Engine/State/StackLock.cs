using System.Globalization;

namespace Jeju.Infra.Engine.State;

/// <summary>
/// One run at a time per stack. The lock is the operating system's lock on a file, so it ends with the process however that ends; the
/// file's content only tells others who holds it.
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
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (IOException)
        {
            throw EngineErrors.StackLocked(stack, Holder(path));
        }

        stream.SetLength(0);
        var text = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, since {time.GetUtcNow():u}");
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        stream.Flush();
        return new StackLock(stream);
    }

    /// <summary>Releases the lock. The file stays: deleting it could take it from under the next holder.</summary>
    public void Dispose() => _stream.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd() is { Length: > 0 } text ? text : "a process that has just begun";
        }
        catch (IOException)
        {
            return "its lock file cannot be read";
        }
    }
}
