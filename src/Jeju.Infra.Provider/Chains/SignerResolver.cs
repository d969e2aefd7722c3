using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Provider.Chains;

/// <summary>Finds the key that a resource's signer names, and refuses one that may not be used on its chain.</summary>
/// <param name="environment">The variables of the engine's process.</param>
internal sealed class SignerResolver(Func<string, string?> environment)
{
    private static readonly ErrorCode MissingKey = new(210);
    private static readonly ErrorCode WrongKey = new(211);

    private static readonly Dictionary<string, AnvilAccount> Roles = new(StringComparer.Ordinal)
    {
        ["deployer"] = AnvilAccounts.Deployer,
        ["operator"] = AnvilAccounts.Operator,
        ["consumer"] = AnvilAccounts.Consumer,
        ["agent"] = AnvilAccounts.Agent,
        ["delegator"] = AnvilAccounts.Delegator,
    };

    /// <summary>The account of a signer where it is known without the key, or with a key that is at hand; null otherwise.</summary>
    public Address? FindAccount(SignerInputs signer, ChainId chain) => signer.Address ?? (FindKey(signer) is { } key ? Create(signer, key, chain).Address : null);

    /// <summary>The signer itself.</summary>
    /// <exception cref="InfraException">JEJU0210: the key is not where it should be; JEJU0211: it is another account's.</exception>
    public SoftwareSigner Resolve(SignerInputs signer, ChainId chain)
    {
        var key = FindKey(signer) ?? throw new InfraException(
            MissingKey,
            signer.Type == SignerType.Environment
                ? $"The environment variable '{signer.Key}', which holds the signing key, is not set."
                : $"The signer of type '{Framework.ValueModel.FormatText(signer.Type)}' names no key.",
            signer.Type == SignerType.Environment ? $"Set '{signer.Key}' to 0x and 64 hexadecimal digits for this command." : "Give the signer's key.",
            FailureKind.Usage);
        return Create(signer, key, chain);
    }

    /// <summary>What is wrong with a signer, as far as it can be told without its key.</summary>
    public static string? FindProblem(SignerInputs signer, ChainId chain) => signer.Type switch
    {
        SignerType.Development when chain != ChainId.Anvil =>
            $"is a development account, whose key everybody knows: it is refused on chain {chain}; use type environment or privateKey",
        SignerType.Development when signer.Key is null || !Roles.ContainsKey(signer.Key) =>
            $"names no development account with key '{signer.Key}': use one of {string.Join(", ", Roles.Keys)}",
        SignerType.Environment when string.IsNullOrEmpty(signer.Key) => "names no environment variable: set key to the variable's name",
        SignerType.PrivateKey when string.IsNullOrEmpty(signer.PrivateKey) => "has no privateKey: give it as a secret",
        _ => null,
    };

    private string? FindKey(SignerInputs signer) => signer.Type switch
    {
        SignerType.Development => signer.Key is { } role && Roles.TryGetValue(role, out var account) ? account.PrivateKey : null,
        SignerType.Environment => signer.Key is { Length: > 0 } variable ? environment(variable) : null,
        _ => signer.PrivateKey,
    };

    private static SoftwareSigner Create(SignerInputs signer, string key, ChainId chain)
    {
        var created = SoftwareSigner.Create(key, chain);
        return signer.Address is null || signer.Address == created.Address
            ? created
            : throw new InfraException(
                WrongKey,
                $"The signing key belongs to {created.Address.ToChecksumText()}, but the signer's address is {signer.Address.Value.ToChecksumText()}.",
                "Give the key of that account, or correct the address.",
                FailureKind.Usage);
    }
}
