using System.CommandLine;

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

    /// <summary>The answer to every question.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Answer every question with yes." };
}
