using System.Text.RegularExpressions;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>What can be said of a signer's description without its key.</summary>
public static partial class SignerRules
{
    /// <summary>The development accounts by their roles.</summary>
    public static IReadOnlyDictionary<string, AnvilAccount> DevelopmentRoles { get; } = new Dictionary<string, AnvilAccount>(StringComparer.Ordinal)
    {
        ["deployer"] = AnvilAccounts.Deployer,
        ["operator"] = AnvilAccounts.Operator,
        ["consumer"] = AnvilAccounts.Consumer,
        ["agent"] = AnvilAccounts.Agent,
        ["delegator"] = AnvilAccounts.Delegator,
    };

    /// <summary>Everything that is wrong with a signer, all at once.</summary>
    /// <param name="signer">The description.</param>
    /// <param name="chain">The chain on which it will sign.</param>
    public static IReadOnlyList<SignerProblem> FindProblems(SignerReference signer, ChainId chain) =>
        [.. FindOwnProblems(signer, chain), .. FindForeignMembers(signer)];

    private static IEnumerable<SignerProblem> FindOwnProblems(SignerReference signer, ChainId chain)
    {
        switch (signer.Type)
        {
            case SignerType.Development when chain != ChainId.Anvil:
                yield return new SignerProblem(
                    "type", $"is a development account, whose key everybody knows: it is refused on chain {chain}; use keystore, awsKms or gcpKms");
                break;
            case SignerType.Development when signer.Key is null || !DevelopmentRoles.ContainsKey(signer.Key):
                yield return new SignerProblem(
                    "key", $"names no development account with '{signer.Key}': use one of {string.Join(", ", DevelopmentRoles.Keys)}");
                break;
            case SignerType.Environment or SignerType.PrivateKey when chain == NetworkProfile.Mainnet.SettlementChain:
                yield return new SignerProblem("type", "leaves the bare key in this process's surroundings, which mainnet refuses: use keystore, awsKms or gcpKms");
                break;
            case SignerType.Environment when string.IsNullOrEmpty(signer.Key):
                yield return new SignerProblem("key", "names no environment variable: write the variable's name");
                break;
            case SignerType.PrivateKey when string.IsNullOrEmpty(signer.PrivateKey):
                yield return new SignerProblem("privateKey", "is missing: give the key as a secret");
                break;
            case SignerType.Keystore:
                foreach (SignerProblem problem in FindKeyStoreProblems(signer))
                {
                    yield return problem;
                }

                break;
            case SignerType.AwsKms when string.IsNullOrEmpty(signer.Key):
                yield return new SignerProblem("key", "names no key of AWS KMS: write its id, its ARN or alias/name");
                break;
            case SignerType.AwsKms when signer.Key.StartsWith("arn:", StringComparison.Ordinal) && !AwsKeyArn().IsMatch(signer.Key):
                yield return new SignerProblem("key", $"'{signer.Key}' is no ARN of a key: write arn:aws:kms:<region>:<account>:key/<id> or :alias/<name>");
                break;
            case SignerType.GcpKms when signer.Key is null || !GoogleKeyVersion().IsMatch(signer.Key):
                yield return new SignerProblem(
                    "key",
                    $"'{signer.Key}' is no key version: write projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>/cryptoKeyVersions/<number>");
                break;
        }
    }

    private static IEnumerable<SignerProblem> FindKeyStoreProblems(SignerReference signer)
    {
        if (string.IsNullOrEmpty(signer.Key))
        {
            yield return new SignerProblem("key", "names no key store: write the path of the encrypted file");
        }

        if (string.IsNullOrEmpty(signer.PassphraseVariable) == string.IsNullOrEmpty(signer.PassphraseFile))
        {
            yield return new SignerProblem(
                "passphraseVariable", "and passphraseFile: give one of them, the name of a variable or the path of a file that holds the key store's passphrase");
        }
    }

    /// <summary>Members that belong to another type: whoever wrote them expects something that does not happen.</summary>
    private static IEnumerable<SignerProblem> FindForeignMembers(SignerReference signer)
    {
        (string Member, string? Value, SignerType Owner)[] members =
        [
            ("privateKey", signer.PrivateKey, SignerType.PrivateKey), ("passphraseVariable", signer.PassphraseVariable, SignerType.Keystore),
            ("passphraseFile", signer.PassphraseFile, SignerType.Keystore), ("region", signer.Region, SignerType.AwsKms),
            ("profile", signer.Profile, SignerType.AwsKms),
        ];
        return members.Where(member => member.Value is not null && member.Owner != signer.Type)
            .Select(member => new SignerProblem(member.Member, $"belongs to type {NameOf(member.Owner)}: leave it out with type {NameOf(signer.Type)}"));
    }

    /// <summary>A type as it is written in inputs and settings.</summary>
    public static string NameOf(SignerType type) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(type.ToString());

    [GeneratedRegex(@"^arn:aws[a-z-]*:kms:(?<region>[a-z0-9-]+):\d{12}:(key|alias)/.+$")]
    internal static partial Regex AwsKeyArn();

    [GeneratedRegex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+/cryptoKeyVersions/[0-9]+$")]
    private static partial Regex GoogleKeyVersion();
}
