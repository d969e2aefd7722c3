using System.Security.Cryptography;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Stacks;

/// <summary>
/// The passphrase that encrypts a stack's secrets: from the variables that Pulumi reads, and for the localnet, whose secrets protect nothing
/// but a laptop's containers, else from a random one in a file of its own.
/// </summary>
internal static class PassphraseSource
{
    public const string Variable = "PULUMI_CONFIG_PASSPHRASE";
    public const string FileVariable = "PULUMI_CONFIG_PASSPHRASE_FILE";
    private const int RandomBytes = 32;

    /// <summary>Finds or makes the passphrase.</summary>
    /// <exception cref="InfraException">JEJU0817: no variable is set and the stack is not the localnet, or the named file cannot be read.</exception>
    public static async Task<string> ReadAsync(CommandContext context, string stack, CancellationToken cancellationToken)
    {
        // An empty passphrase is a legal one: only an absent variable falls through.
        if (context.ReadEnvironment(Variable) is string passphrase)
        {
            return passphrase;
        }

        if (context.ReadEnvironment(FileVariable) is { Length: > 0 } file)
        {
            return await ReadFileAsync(file, cancellationToken);
        }

        return stack == "localnet"
            ? await ReadOrCreateAsync(Path.Combine(context.Layout.StackFolder(stack), "passphrase"), cancellationToken)
            : throw new InfraException(
                new ErrorCode(817),
                $"The secrets of stack '{stack}' are encrypted, and neither {Variable} nor {FileVariable} is set.",
                $"Set {FileVariable} to a file that only you can read, and run the command again.",
                FailureKind.Usage);
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InfraException(
                new ErrorCode(817),
                $"The passphrase file of {FileVariable} cannot be read: {error.Message}",
                $"Let {FileVariable} name a readable file.",
                FailureKind.Usage,
                error);
        }
    }

    private static async Task<string> ReadOrCreateAsync(string file, CancellationToken cancellationToken)
    {
        if (File.Exists(file))
        {
            return await ReadFileAsync(file, cancellationToken);
        }

        // Written aside and renamed: a run that is killed here leaves either no passphrase or a whole one, which nothing has used yet.
        string passphrase = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
        string folder = Path.GetDirectoryName(file) ?? throw new InvalidOperationException($"'{file}' has no folder.");
        Directory.CreateDirectory(folder);
        string draft = file + ".new";
        File.Delete(draft);
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (StreamWriter writer = new(draft, options))
        {
            await writer.WriteAsync(passphrase.AsMemory(), cancellationToken);
        }

        File.Move(draft, file, overwrite: false);
        return passphrase;
    }
}
