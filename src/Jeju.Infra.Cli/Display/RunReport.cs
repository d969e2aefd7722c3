using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Cli.Display;

/// <summary>Writes what a run came to, once it has ended, and turns it into an exit code.</summary>
internal static class RunReport
{
    /// <summary>Writes the result and returns the exit code.</summary>
    public static async Task<int> WriteAsync(CommandContext context, RunResult result, bool asJson)
    {
        if (asJson)
        {
            await context.Output.WriteLineAsync(ToJson(result).ToJsonString(JsonText.Indented));
        }
        else
        {
            await WriteTextAsync(context, result);
        }

        foreach (string package in result.PlanOnlyPackages)
        {
            context.Say($"warning: there is no plugin for '{package}' here: its resources were planned, and nothing about them was checked");
        }

        foreach (InfraException failure in result.Failures)
        {
            JejuCommandLine.Report(context, failure);
        }

        string word = result.Operation switch
        {
            RunOperation.Destroy => "destroy",
            RunOperation.Refresh => "refresh",
            _ => result.IsPreview ? "preview" : "up",
        };
        string ending = result.Succeeded ? string.Empty : " failed";
        context.Say($"jeju: {word}{ending}: {PlanText.Counts(result)} ({PropertyText.Seconds(result.Elapsed)})");
        return result.Succeeded ? ExitCode.Done : (int)result.Failures[0].Kind;
    }

    private static async Task WriteTextAsync(CommandContext context, RunResult result)
    {
        if (result.IsPreview)
        {
            foreach (ResourceStep step in result.Steps.Where(step => !step.IsInternal && step.Operation != StepOperation.Same))
            {
                foreach (string line in PlanText.Lines(step))
                {
                    await context.Output.WriteLineAsync(line);
                }
            }
        }
        else if (result.Operation == RunOperation.Refresh)
        {
            foreach (ResourceStep step in result.Steps.Where(step => step.Differences.Count > 0))
            {
                foreach (string line in PlanText.Lines(step))
                {
                    await context.Output.WriteLineAsync(line);
                }
            }
        }
        else if (result.Operation == RunOperation.Up)
        {
            foreach ((string name, PropertyValue value) in result.Outputs)
            {
                await context.Output.WriteLineAsync($"{name}: {PropertyText.ToPlainText(value, showSecrets: false)}");
            }
        }
    }

    private static JsonObject ToJson(RunResult result) => new()
    {
        ["operation"] = result.Operation.ToString().ToLowerInvariant(),
        ["preview"] = result.IsPreview,
        ["succeeded"] = result.Succeeded,
        ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
        ["changes"] = result.ChangeCount,
        ["counts"] = new JsonObject(result.Counts.Select(entry => KeyValuePair.Create(Name(entry.Key), (JsonNode?)entry.Value))),
        ["steps"] = new JsonArray([.. result.Steps.Where(step => !step.IsInternal).Select(ToJson)]),
        ["outputs"] = PropertyText.ToJson(result.Outputs, showSecrets: false),
        ["failures"] = new JsonArray([.. result.Failures.Select(failure => new JsonObject
        {
            ["code"] = failure.Code.ToString(),
            ["message"] = failure.Message,
            ["remedy"] = failure.Remedy,
        })]),
    };

    private static JsonObject ToJson(ResourceStep step) => new()
    {
        ["operation"] = Name(step.Operation),
        ["urn"] = step.Urn,
        ["type"] = step.Type,
        ["name"] = Urn.Name(step.Urn),
        ["differences"] = new JsonArray([.. step.Differences.Select(ToJson)]),
    };

    private static JsonObject ToJson(PropertyDifference difference) => new()
    {
        ["path"] = difference.Path,
        ["kind"] = difference.Kind.ToString().ToLowerInvariant(),
        ["old"] = difference.Old is null ? null : PropertyText.ToJson(difference.Old, showSecrets: false),
        ["new"] = difference.New is null ? null : PropertyText.ToJson(difference.New, showSecrets: false),
        ["forcesReplacement"] = difference.ForcesReplacement,
    };

    private static string Name(StepOperation operation)
    {
        string name = operation.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
