using System.Globalization;
using System.Text.RegularExpressions;
using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>What holds a signing key.</summary>
public enum SignerKind
{
    /// <summary>An environment variable of the process that runs the plugin; refused on mainnet.</summary>
    Environment,

    /// <summary>An encrypted file of the Web3 Secret Storage format, version 3.</summary>
    Keystore,

    /// <summary>A secp256k1 key in AWS KMS.</summary>
    AwsKms,

    /// <summary>A secp256k1 key version in Google Cloud KMS.</summary>
    GcpKms,
}

/// <summary>Which key signs, where it is and what it may sign. The key itself is never a setting.</summary>
public sealed partial record SignerSettings : ICheckedSettings
{
    /// <summary>What holds the key.</summary>
    [Setting("What holds the key; environment is refused on mainnet.")]
    public required SignerKind Type { get; init; }

    /// <summary>Where in it the key is.</summary>
    [Setting("Where the key is: the variable's name, the key store's path from the checkout's root, the id, alias or ARN of an AWS key, or the resource name of a Google Cloud key version.",
        Pattern = @"\S+", PatternMeaning = "a text without blanks")]
    public required string Key { get; init; }

    /// <summary>The account of the key.</summary>
    [Setting("The account that the key must have; without it, addresses that depend on the account are unknown in a preview without the key.")]
    public Address? Address { get; init; }

    /// <summary>The variable with a key store's passphrase.</summary>
    [Setting("The environment variable that holds the passphrase, for type keystore; or passphraseFile.",
        Pattern = "[A-Z_][A-Z0-9_]*", PatternMeaning = "a name of capital letters, digits and underscores")]
    public string? PassphraseVariable { get; init; }

    /// <summary>The file with a key store's passphrase.</summary>
    [Setting("The file that holds the passphrase, for type keystore; or passphraseVariable.", Pattern = @"\S+", PatternMeaning = "a path without blanks")]
    public string? PassphraseFile { get; init; }

    /// <summary>The region of an AWS key.</summary>
    [Setting("The region of the key, for type awsKms; that of its ARN, or of the environment, where absent.",
        Pattern = "[a-z]{2}(-gov)?-[a-z]+-[0-9]", PatternMeaning = "a region such as eu-west-1")]
    public string? Region { get; init; }

    /// <summary>The profile of AWS's credentials file.</summary>
    [Setting("The profile of AWS's credentials file, for type awsKms; the environment decides where absent.", Pattern = @"\S+", PatternMeaning = "a name without blanks")]
    public string? Profile { get; init; }

    /// <summary>The contracts that the key may call.</summary>
    [Setting("The contracts that the key may call; those that the resource needs where absent.")]
    public IReadOnlyList<Address> Targets { get; init; } = [];

    /// <summary>The most native coin of one transaction.</summary>
    [Setting("The most native coin that one transaction of the key may send.", Unit = "wei", Minimum = 0, Maximum = 1e21)]
    public decimal MaximumValue { get; init; }

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        if (Type == SignerKind.Environment && network.Name == NetworkName.Mainnet)
        {
            yield return new SettingRefusal(
                ["type"], "'environment' leaves the bare key in the process's surroundings, which mainnet refuses", "use one of keystore, awsKms, gcpKms");
        }

        (bool IsRight, string Problem, string Remedy) place = Type switch
        {
            SignerKind.Environment => (
                VariableName().IsMatch(Key), "no name of an environment variable", "write a name of capital letters, digits and underscores, such as JEJU_DEPLOYER_KEY"),
            SignerKind.AwsKms => (
                !Key.StartsWith("arn:", StringComparison.Ordinal) || AwsKeyArn().IsMatch(Key), "no ARN of a key", "write arn:aws:kms:<region>:<account>:key/<id> or :alias/<name>"),
            SignerKind.GcpKms => (
                GoogleKeyVersion().IsMatch(Key), "no key version", "write projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>/cryptoKeyVersions/<number>"),
            _ => (true, "", ""),
        };
        if (!place.IsRight)
        {
            yield return new SettingRefusal(["key"], $"'{Key}' is {place.Problem}", place.Remedy);
        }

        if (Type == SignerKind.Keystore && (PassphraseVariable is null) == (PassphraseFile is null))
        {
            yield return new SettingRefusal(
                ["passphraseVariable"], PassphraseFile is null ? "the setting is missing" : "there is passphraseFile, too", "write one of the two: the name of a variable, or the path of a file that holds the passphrase");
        }

        (string Name, string? Value, SignerKind Owner)[] members =
        [
            ("passphraseVariable", PassphraseVariable, SignerKind.Keystore), ("passphraseFile", PassphraseFile, SignerKind.Keystore),
            ("region", Region, SignerKind.AwsKms), ("profile", Profile, SignerKind.AwsKms),
        ];
        foreach ((string name, _, SignerKind owner) in members.Where(member => member.Value is not null && member.Owner != Type))
        {
            yield return new SettingRefusal(
                [name], $"it belongs to type {SettingValue.NameOf(owner.ToString())}", $"leave it out with type {SettingValue.NameOf(Type.ToString())}");
        }

        if (Address is { } account && DevelopmentAccounts.IsWellKnown(account))
        {
            yield return new SettingRefusal(["address"], DevelopmentAccounts.Refusal(account), "make a key of your own, and write its account");
        }
    }

    /// <summary>The argument that resources take.</summary>
    internal SignerArgs ToArgs()
    {
        SignerArgs args = new() { Type = SettingValue.NameOf(Type.ToString()), Key = Key };
        args.Address = OptionalInput.From(Address?.ToString());
        args.PassphraseVariable = OptionalInput.From(PassphraseVariable);
        args.PassphraseFile = OptionalInput.From(PassphraseFile);
        args.Region = OptionalInput.From(Region);
        args.Profile = OptionalInput.From(Profile);
        if (Targets.Count > 0)
        {
            args.Targets = [.. Targets.Select(target => (Input<string>)target.ToString())];
        }

        if (MaximumValue > 0)
        {
            args.MaximumValue = MaximumValue.ToString("F0", CultureInfo.InvariantCulture);
        }

        return args;
    }

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+$", RegexOptions.CultureInvariant)]
    private static partial Regex AwsKeyArn();

    [GeneratedRegex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+/cryptoKeyVersions/[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex GoogleKeyVersion();
}
