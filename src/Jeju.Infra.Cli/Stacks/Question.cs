using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Stacks;

/// <summary>The one question of the commands that change something.</summary>
internal static class Question
{
    /// <summary>
    /// Asks whether to go on. The localnet never asks, <c>--yes</c> answers, and without a terminal nothing asks: there a stack that costs
    /// money is left alone.
    /// </summary>
    /// <exception cref="InfraException">JEJU0818: refused.</exception>
    public static async Task AskAsync(CommandContext context, string stack, string question, bool yes, CancellationToken cancellationToken)
    {
        // A stack that does not exist is no question.
        _ = NetworkProfile.ForStack(stack);
        if (yes || StackSession.IsLocalnet(stack))
        {
            return;
        }

        if (!context.CanAsk)
        {
            throw Refused($"'{question}' needs an answer, and there is no terminal to ask on.", "Add --yes to answer it.");
        }

        context.Say($"{question} Type the stack's name to go on:");
        string? answer = await context.Input.ReadLineAsync(cancellationToken);
        if (answer?.Trim() != stack)
        {
            throw Refused("You did not agree.", $"Nothing was changed. Type '{stack}' or add --yes to go on.");
        }
    }

    private static InfraException Refused(string message, string remedy) => new(new ErrorCode(818), message, remedy, FailureKind.Refused);
}
