using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jeju.Infra.Chain.KeyStores;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>Finds the key that a signer names, and refuses one that may not be used on its chain.</summary>
/// <param name="environment">The variables of the process.</param>
/// <param name="root">The folder from which relative paths of key stores count.</param>
/// <param name="services">The clouds' key services.</param>
public sealed class SignerResolver(Func<string, string?> environment, string root, KeyServices.KeyServiceDirectory services)
{
    private readonly ConcurrentDictionary<(SignerReference Signer, ChainId Chain), Lazy<Task<ISigner>>> _open = new();

    /// <summary>
    /// The account of a signer where it is known without its key, or with a key that is at hand; null otherwise. It never fails: what is
    /// wrong with the signer shows when it is used.
    /// </summary>
    public async Task<Address?> FindAccountAsync(SignerReference signer, ChainId chain, CancellationToken cancellationToken)
    {
        if (signer.Address is not null || SignerRules.FindProblems(signer, chain).Count > 0)
        {
            return signer.Address;
        }

        if (signer.Type is SignerType.Keystore && PathOf(signer) is { } path && File.Exists(path))
        {
            return KeyStoreFile.Parse(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false), path).Address;
        }

        if (!signer.IsSoftware && !services.HasCredentials(signer))
        {
            return null;
        }

        try
        {
            return signer.IsSoftware && FindPlainKey(signer) is null
                ? null
                : (await ResolveAsync(signer, chain, cancellationToken).ConfigureAwait(false)).Address;
        }
        catch (InfraException failure) when (failure.Code == ChainErrors.KeyServiceCode || failure.Code == ChainErrors.MissingCredentialsCode)
        {
            return null;
        }
    }

    /// <summary>The signer itself. A key store is decrypted, and a key service asked for its public key, once per process.</summary>
    /// <exception cref="InfraException">
    /// JEJU0210: the key is not where it should be; JEJU0211: it is another account's; JEJU0304, JEJU0317: it may not be used on this chain;
    /// JEJU0313: the key store does not open; JEJU0314 to JEJU0316: the key service refuses.
    /// </exception>
    public async Task<ISigner> ResolveAsync(SignerReference signer, ChainId chain, CancellationToken cancellationToken)
    {
        (SignerReference, ChainId) key = (signer, chain);
        Lazy<Task<ISigner>> opening = _open.GetOrAdd(key, _ => new(() => OpenAsync(signer, chain)));
        try
        {
            return await opening.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException)
        {
            // The next attempt may find the key.
            _open.TryRemove(KeyValuePair.Create(key, opening));
            throw;
        }
    }

    /// <summary>A signer whose key is in this process, from which other keys are derived.</summary>
    /// <exception cref="InfraException">JEJU0317: a key service never gives its key away.</exception>
    public async Task<SoftwareSigner> ResolveSoftwareAsync(SignerReference signer, ChainId chain, CancellationToken cancellationToken) =>
        await ResolveAsync(signer, chain, cancellationToken).ConfigureAwait(false) as SoftwareSigner ?? throw new InfraException(
            ChainErrors.InvalidSignerCode,
            $"A signer of type {SignerRules.NameOf(signer.Type)} never gives its key away, and this needs it.",
            "Use a key store here.",
            FailureKind.Usage);

    private async Task<ISigner> OpenAsync(SignerReference signer, ChainId chain)
    {
        if (SignerRules.FindProblems(signer, chain) is [var problem, ..])
        {
            throw new InfraException(
                ChainErrors.InvalidSignerCode,
                $"The signer's {problem.Member} {problem.Reason}.",
                "Correct the signer in the stack's settings.",
                problem.Member == "type" ? FailureKind.Refused : FailureKind.Usage);
        }

        ISigner opened = signer.Type switch
        {
            SignerType.Keystore => await OpenKeyStoreAsync(signer, chain).ConfigureAwait(false),
            SignerType.AwsKms or SignerType.GcpKms => await services.OpenAsync(signer, CancellationToken.None).ConfigureAwait(false),
            _ => SoftwareSigner.Create(FindPlainKey(signer) ?? throw Missing(signer), chain),
        };
        return signer.Address is null || signer.Address == opened.Address
            ? opened
            : throw new InfraException(
                ChainErrors.WrongKeyCode,
                $"The signing key belongs to {opened.Address.ToChecksumText()}, but the signer's address is {signer.Address.Value.ToChecksumText()}.",
                "Give the key of that account, or correct the address.",
                FailureKind.Usage);
    }

    private async Task<SoftwareSigner> OpenKeyStoreAsync(SignerReference signer, ChainId chain)
    {
        string path = PathOf(signer) ?? throw Missing(signer);
        if (!File.Exists(path))
        {
            throw new InfraException(
                ChainErrors.MissingKeyCode, $"There is no key store {path}.", "Correct the signer's key, or put the encrypted file there.", FailureKind.Usage);
        }

        KeyStoreFile file = KeyStoreFile.Parse(await File.ReadAllTextAsync(path).ConfigureAwait(false), path);
        byte[] key = file.Decrypt(await ReadPassphraseAsync(signer).ConfigureAwait(false), path);
        try
        {
            return SoftwareSigner.Create("0x" + Convert.ToHexStringLower(key), chain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private async Task<string> ReadPassphraseAsync(SignerReference signer)
    {
        if (signer.PassphraseVariable is { Length: > 0 } variable)
        {
            return environment(variable) ?? throw new InfraException(
                ChainErrors.MissingKeyCode,
                $"The environment variable '{variable}', which holds the key store's passphrase, is not set.",
                $"Set '{variable}' for this command.",
                FailureKind.Usage);
        }

        string file = Path.GetFullPath(signer.PassphraseFile ?? string.Empty, root);
        return File.Exists(file)
            ? (await File.ReadAllTextAsync(file).ConfigureAwait(false)).TrimEnd('\r', '\n')
            : throw new InfraException(
                ChainErrors.MissingKeyCode, $"There is no file {file}, which holds the key store's passphrase.", "Correct the signer's passphraseFile.", FailureKind.Usage);
    }

    private string? FindPlainKey(SignerReference signer) => signer.Type switch
    {
        SignerType.Development => signer.Key is { } role && SignerRules.DevelopmentRoles.TryGetValue(role, out AnvilAccount? account) ? account.PrivateKey : null,
        SignerType.Environment => signer.Key is { Length: > 0 } variable ? environment(variable) : null,
        SignerType.PrivateKey => signer.PrivateKey,
        _ => null,
    };

    private string? PathOf(SignerReference signer) => signer.Key is { Length: > 0 } path ? Path.GetFullPath(path, root) : null;

    private static InfraException Missing(SignerReference signer) => new(
        ChainErrors.MissingKeyCode,
        signer.Type is SignerType.Environment
            ? $"The environment variable '{signer.Key}', which holds the signing key, is not set."
            : $"The signer of type '{SignerRules.NameOf(signer.Type)}' names no key.",
        signer.Type is SignerType.Environment ? $"Set '{signer.Key}' to 0x and 64 hexadecimal digits for this command." : "Give the signer's key.",
        FailureKind.Usage);
}
