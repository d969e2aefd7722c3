using System.CommandLine;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyStores;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju signer create</c>: makes a key in an encrypted file, or encrypts one that a variable holds. Neither key nor passphrase is ever an argument.</summary>
internal static class SignerCreateCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> path = new("path") { Description = "Where the encrypted file is written; it must not exist." };
        Option<string?> variable = new("--passphrase-variable") { Description = "The environment variable that holds the passphrase." };
        Option<string?> file = new("--passphrase-file") { Description = "The file that holds the passphrase." };
        Option<string?> key = new("--key-variable") { Description = "The environment variable that holds the key to encrypt; a new key where absent." };
        Command command = new("create", "Makes a key in an encrypted file that other wallets read too, and prints its account.") { path, variable, file, key };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed.GetRequiredValue(path), parsed.GetValue(variable), parsed.GetValue(file), parsed.GetValue(key), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string path, string? passphraseVariable, string? passphraseFile, string? keyVariable, CancellationToken cancellationToken)
    {
        string passphrase = (passphraseVariable, passphraseFile) switch
        {
            ({ } variable, null) => Read(context, variable),
            (null, { } file) when File.Exists(file) => (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n'),
            (null, { } file) => throw CliErrors.Usage($"There is no file {file}.", "Write the passphrase into it first."),
            _ => throw CliErrors.Usage("The passphrase is missing.", "Give --passphrase-variable or --passphrase-file."),
        };
        if (passphrase.Length == 0)
        {
            throw CliErrors.Usage("The passphrase is empty.", "Use a long one: it alone protects the key.");
        }

        // Encrypting needs no chain; a development key is refused when it is used.
        SoftwareSigner signer = keyVariable is null ? SoftwareSigner.Generate() : SoftwareSigner.Create(Read(context, keyVariable), ChainId.Anvil);
        KeyStoreFile store = KeyStoreFile.Encrypt(signer.ExportPrivateKey(), signer.Address, passphrase, KeyStoreCost.Standard);
        try
        {
            await using FileStream stream = new(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(store.ToJson() + "\n"), cancellationToken);
        }
        catch (IOException exception)
        {
            throw new InfraException(
                new ErrorCode(840), $"{path} cannot be written: {exception.Message}", "Choose a path that does not exist in a folder that does.", FailureKind.Usage, exception);
        }

        await context.Output.WriteLineAsync(signer.Address.ToChecksumText());
        return ExitCode.Done;
    }

    private static string Read(CommandContext context, string variable) => context.ReadEnvironment(variable) ?? throw CliErrors.Usage(
        $"The environment variable '{variable}' is not set.", $"Set '{variable}' for this command.");
}
