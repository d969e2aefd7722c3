using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary>The options that mean the same in every command.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on standard output." };
}
