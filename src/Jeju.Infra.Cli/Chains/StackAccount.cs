using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Cli.Chains;

/// <summary>Whose key a command signs with.</summary>
internal enum StackRole
{
    /// <summary>Orders and pays services.</summary>
    Consumer,

    /// <summary>Stakes for nodes and owns provider nodes.</summary>
    Operator,

    /// <summary>Lends stake to the nodes of others.</summary>
    Delegator,
}

/// <summary>
/// Finds the key of a role: what the command line names, else on the localnet Anvil's account of the role, else what the stack's settings name.
/// A key itself is never on a command line.
/// </summary>
internal static class StackAccount
{
    private const string PassphraseVariable = "JEJU_KEYSTORE_PASSPHRASE";

    /// <summary>The signer's description.</summary>
    /// <param name="context">The command.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="role">Whose key.</param>
    /// <param name="named"><c>TYPE:PLACE</c> as the command line has it; null where it names none.</param>
    /// <exception cref="InfraException">JEJU0010: there is none, or it may not be used here.</exception>
    public static SignerReference Find(CommandContext context, string stack, StackRole role, string? named)
    {
        NetworkProfile network = NetworkProfile.ForStack(stack);
        SignerReference signer = named is not null ? Parse(named)
            : network.Name == NetworkName.Localnet ? new SignerReference { Type = SignerType.Development, Key = Name(role) }
            : FromSettings(context, stack, role);
        IReadOnlyList<SignerProblem> problems = SignerRules.FindProblems(signer, network.SettlementChain);
        return problems.Count == 0
            ? signer
            : throw CliErrors.Usage(
                $"The {Name(role)}'s signer cannot be used on '{stack}': {string.Join("; ", problems.Select(problem => $"{problem.Member} {problem.Reason}"))}.",
                "Name another with --signer, or correct the stack's settings.");
    }

    private static SignerReference Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        SignerType? type = Enum.GetValues<SignerType>()
            .Where(candidate => candidate != SignerType.PrivateKey && colon > 0 && SignerRules.NameOf(candidate) == text[..colon])
            .Select(candidate => (SignerType?)candidate)
            .FirstOrDefault();
        if (type is null)
        {
            // The text is not repeated: somebody may have typed a key.
            throw CliErrors.Usage(
                "--signer names no kind of signer.",
                "Write TYPE:PLACE, such as environment:JEJU_KEY, keystore:keys/operator.json, awsKms:alias/operator or gcpKms:projects/.../cryptoKeyVersions/1.");
        }

        return new SignerReference
        {
            Type = type.Value,
            Key = text[(colon + 1)..],
            PassphraseVariable = type == SignerType.Keystore ? PassphraseVariable : null,
        };
    }

    private static SignerReference FromSettings(CommandContext context, string stack, StackRole role)
    {
        ProjectFile project = ProjectFile.Load(context.Layout.Root);
        StackConfig config = StackConfig.Load(project.StackSettingsPath(stack), project.Name);
        if (!config.Entries.TryGetValue($"{project.Name}:{Name(role)}", out ConfigEntry? entry))
        {
            throw CliErrors.Usage(
                $"The settings of stack '{stack}' name no {Name(role)}.",
                $"Name the key with --signer TYPE:PLACE{(role == StackRole.Delegator ? "" : $", or add jeju-infra:{Name(role)} to stacks/Pulumi.{stack}.yaml")}.");
        }

        using JsonDocument settings = JsonDocument.Parse(entry.Value);
        string? Text(string name) => settings.RootElement.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
        SignerReference signer = Parse($"{Text("type")}:{Text("key")}");
        return signer with
        {
            Address = Text("address") is { } address ? Address.Parse(address) : null,
            PassphraseVariable = Text("passphraseVariable"),
            PassphraseFile = Text("passphraseFile"),
            Region = Text("region"),
            Profile = Text("profile"),
        };
    }

    private static string Name(StackRole role) => role.ToString().ToLowerInvariant();
}
