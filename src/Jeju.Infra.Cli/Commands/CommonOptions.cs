using System.CommandLine;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Commands;

/// <summary>The options that mean the same in every command.</summary>
internal static class CommonOptions
{
    private const string DefaultStack = "localnet";

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on standard output." };

    /// <summary>The stack that a command works on. <c>NETWORK</c> of the environment is its default.</summary>
    public static Option<string> Stack(CommandContext context) => new("--stack", "-s", "--network")
    {
        Description = "The stack: localnet, testnet or mainnet.",
        DefaultValueFactory = _ => context.ReadEnvironment("NETWORK") is { Length: > 0 } network ? network : DefaultStack,
    };

    /// <summary>One cloud alone.</summary>
    public static Option<string?> Cloud()
    {
        Option<string?> option = new("--cloud") { Description = "One cloud alone: aws or gcp." };
        option.AcceptOnlyFromAmong("aws", "gcp");
        return option;
    }

    /// <summary>Where the key is that signs; the key itself is never on a command line.</summary>
    public static Option<string?> Signer() => new("--signer")
    {
        Description = "Where the signing key is, as TYPE:PLACE (environment:VARIABLE, keystore:FILE, awsKms:ALIAS, gcpKms:VERSION); that of the stack where absent.",
    };

    /// <summary>A JEJU amount on the command line.</summary>
    /// <exception cref="InfraException">JEJU0010: it is no amount.</exception>
    public static TokenAmount Amount(string option, string text) =>
        TokenAmount.TryParseTokens(text, 18, out TokenAmount amount) && amount.Units > 0
            ? amount
            : throw CliErrors.Usage($"{option} '{text}' is no amount of JEJU.", "Write a number above 0 with at most 18 decimals, such as 10000.");

    /// <summary>An id of 32 bytes on the command line.</summary>
    /// <exception cref="InfraException">JEJU0010: it is none.</exception>
    public static Bytes32 Id(string option, string text) => Bytes32.TryParse(text, out Bytes32 id)
        ? id
        : throw CliErrors.Usage($"{option} '{text}' is no id.", "Write 0x and 64 hexadecimal digits, as ./jeju outputs and ./jeju provider offers show them.");

    /// <summary>The answer to every question.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Answer every question with yes." };
}
