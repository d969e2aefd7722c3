using System.CommandLine;
using System.CommandLine.Parsing;
using Jeju.Infra.Cli.Commands;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Core;
using Spectre.Console;

namespace Jeju.Infra.Cli;

/// <summary>The commands, and the one place where an error becomes a message and an exit code.</summary>
internal static class JejuCommandLine
{
    /// <summary>Runs one command line and returns the exit code of design section 8.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            ParseResult parsed = Build(context).Parse(arguments);
            ThrowIfMisused(parsed);
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = context.Output,
                    Error = TextWriter.Null,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
        }
        catch (InfraException error)
        {
            Report(context, error);
            return (int)error.Kind;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Report(context, new ErrorCode(815), "The command was cancelled.", "Run it again: it continues where this run stopped.");
            return ExitCode.Failed;
        }
        catch (IOException error) when (DiskSpace.Explain(error, context.Layout.StateFolder) is { } full)
        {
            Report(context, full);
            return ExitCode.Failed;
        }
        catch (UnauthorizedAccessException error)
        {
            Report(
                context, new ErrorCode(819), error.Message,
                "Perhaps another user (root?) ran a command in this checkout before: use that user, or give this one the files (chown), then run the command again.");
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // The last resort: whatever was not foreseen still leaves with a code, its text and its stack.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Report(context, new ErrorCode(899), $"An unforeseen error: {error}", "Please report it with the text above.");
            return ExitCode.Failed;
        }
    }

    /// <summary>The whole tree of commands, one class each.</summary>
    public static RootCommand Build(CommandContext context) => new("Infrastructure for the Jeju network: clouds, contracts and the DWS marketplace.")
    {
        UpCommand.Create(context),
        PreviewCommand.Create(context),
        PolicyCommand.Create(context),
        RefreshCommand.Create(context),
        DestroyCommand.Create(context),
        OutputsCommand.Create(context),
        DiscoverCommand.Create(context),
        ContractsCommand.Create(context),
        SignerCommand.Create(context),
        ExternalChainsCommand.Create(context),
        ProviderCommand.Create(context),
        NodeCommand.Create(context),
        DelegateCommand.Create(context),
        AgentCommand.Create(context),
        BuildCommand.Create(context),
        DoctorCommand.Create(context),
        ImagesCommand.Create(context),
        K8sCommand.Create(context),
        DeployCommand.Create(context),
        MultiCloudCommand.Create(context),
        LocalnetCommand.Create(context),
        TestCommand.Create(context),
        BenchCommand.Create(context),
    };

    private static void ThrowIfMisused(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            return;
        }

        string commandPath = string.Join(' ', PathOf(parsed.CommandResult));
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [string unknown, ..] && !unknown.StartsWith('-') && command.Subcommands.Where(known => !known.Hidden).ToList() is { Count: > 0 } commands)
        {
            throw CliErrors.Usage(
                $"There is no command '{commandPath} {unknown}'.",
                $"Use one of: {string.Join(", ", commands.Select(known => known.Name))}. See ./{commandPath} --help.");
        }

        throw CliErrors.Usage(
            string.Join(' ', parsed.Errors.Select(error => error.Message.TrimEnd('.') + ".")),
            $"See ./{commandPath} --help.");
    }

    private static IEnumerable<string> PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? PathOf(parent).Append(result.Command.Name) : ["jeju"];

    /// <summary>Writes an error as every error is written.</summary>
    public static void Report(CommandContext context, InfraException error) => Report(context, error.Code, error.Message, error.Remedy);

    private static void Report(CommandContext context, ErrorCode code, string message, string remedy)
    {
        StyledLines.WriteLine(context.Talk, ($"error {code}:", Color.Red), ($" {message}", null));
        context.Say($"  {remedy}");
    }
}
