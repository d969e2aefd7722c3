using System.Security.Cryptography;

namespace Jeju.Infra.Engine.Secrets;

/// <summary>
/// Keeps the key that was derived from a passphrase file beside that file, as secret as it is: deriving it anew takes a fifth of the computing of a run
/// that changes nothing. A key that does not open the salt any more is not used.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class DerivedKeyFile(string path)
{
    /// <summary>The key that was derived for a salt, or null.</summary>
    public byte[]? Find(string salt)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            return lines.Length == 2 && lines[0] == salt ? Convert.FromHexString(lines[1]) : null;
        }
        catch (Exception damaged) when (damaged is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a key for the next run.</summary>
    public void Keep(string salt, ReadOnlySpan<byte> key)
    {
        var draft = $"{path}.{Environment.ProcessId}.{RandomNumberGenerator.GetHexString(8)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(new FileStream(draft, options)))
        {
            writer.WriteLine(salt);
            writer.WriteLine(Convert.ToHexStringLower(key));
        }

        File.Move(draft, path, overwrite: true);
    }
}
