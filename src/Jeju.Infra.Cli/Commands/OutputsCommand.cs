using System.CommandLine;
using System.Text.Json.Nodes;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Engine;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju outputs [name]</c>: what the stack tells, from its recorded state.</summary>
internal static class OutputsCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> json = CommonOptions.Json();
        Option<bool> showSecrets = new("--show-secrets") { Description = "Print secrets, such as connection strings." };
        Argument<string?> name = new("name") { Description = "One output alone, or a part of one: connectionStrings.postgres.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("outputs", "Prints the stack's outputs.") { name, stack, json, showSecrets };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            StackEngine engine = StackSession.Open(context, parsed.GetRequiredValue(stack));
            PropertyMap outputs = await engine.GetOutputsAsync(cancellationToken);
            bool secretsToo = parsed.GetValue(showSecrets);
            if (outputs.Count == 0)
            {
                context.Say("jeju: the stack has no outputs yet: ./jeju up makes them");
            }

            if (parsed.GetValue(name) is string only)
            {
                await WriteOneAsync(context, outputs, only, secretsToo, parsed.GetValue(json));
            }
            else if (parsed.GetValue(json))
            {
                await context.Output.WriteLineAsync(PropertyText.ToJson(outputs, secretsToo)?.ToJsonString(JsonText.Indented));
            }
            else
            {
                foreach (string line in outputs.SelectMany(output => PropertyText.ToLines(output.Key, output.Value, secretsToo)))
                {
                    await context.Output.WriteLineAsync(line);
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task WriteOneAsync(CommandContext context, PropertyMap outputs, string name, bool showSecrets, bool asJson)
    {
        PropertyValue value = Find(outputs, name.Split('.')) ?? throw CliErrors.Usage(
            $"The stack has no output '{name}'.",
            outputs.Count == 0 ? "It has none at all yet: run ./jeju up." : $"It has: {string.Join(", ", outputs.Keys)}.");
        JsonNode? node = asJson ? PropertyText.ToJson(value, showSecrets) : null;
        await context.Output.WriteLineAsync(asJson ? node?.ToJsonString(JsonText.Indented) ?? "null" : PropertyText.ToPlainText(value, showSecrets));
    }

    private static PropertyValue? Find(PropertyValue value, ReadOnlySpan<string> path) => value switch
    {
        _ when path.IsEmpty => value,
        // A secret map hides its parts as well.
        PropertySecret secret => Find(secret.Value, path) is PropertyValue part ? new PropertySecret(part) : null,
        PropertyMap map => map.Find(path[0]) is PropertyValue child ? Find(child, path[1..]) : null,
        _ => null,
    };
}
