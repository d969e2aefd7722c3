using System.Text.Json;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>One resource of a plan.</summary>
public sealed record PlannedResource(string Urn, string Type, JsonElement Inputs, JsonElement Options)
{
    /// <summary>The URNs that it waits for.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    /// <summary>The provider that makes it.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The last part of the URN.</summary>
    public string Name => Urn[(Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];

    /// <summary>A known text among the inputs, or null.</summary>
    public string? Text(params string[] path)
    {
        JsonElement element = Inputs;
        foreach (string step in path)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                element = element[0];
            }

            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }
}

/// <summary>The tests that look at the plans of the stacks: they share them.</summary>
[CollectionDefinition(PlannedStacks.Collection)]
public sealed class PlannedStacksCollection : ICollectionFixture<PlannedStacks>;

/// <summary>The plans of all stacks, made once by the real script without credentials or network.</summary>
public sealed class PlannedStacks : IAsyncLifetime
{
    /// <summary>The collection that shares them.</summary>
    public const string Collection = "planned stacks";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);
    private readonly Dictionary<string, IReadOnlyList<PlannedResource>> _plans = [];

    /// <summary>What a stack's plan says it did not check.</summary>
    public Dictionary<string, string> NotChecked { get; } = [];

    /// <summary>What the policy says of a stack.</summary>
    public Dictionary<string, JsonElement> Policies { get; } = [];

    /// <summary>The resources of a stack.</summary>
    public IReadOnlyList<PlannedResource> Of(string stack) => _plans[stack];

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        foreach (string stack in (string[])["localnet", "testnet", "mainnet"])
        {
            using CancellationTokenSource deadline = new(Deadline);
            string state = Directory.CreateTempSubdirectory("jeju-plan-").FullName;
            CommandRun run = await CommandRun.RunAsync(
                new ChildProcessStart(Path.Combine(JejuScript.Layout.Root, "jeju"), "preview", "--stack", stack, "--json")
                {
                    WorkingFolder = JejuScript.Layout.Root,
                    Environment = new Dictionary<string, string?>
                    {
                        ["JEJU_HOME"] = state,
                        ["PULUMI_CONFIG_PASSPHRASE"] = "plan",
                        ["AWS_ACCESS_KEY_ID"] = null,
                        ["GOOGLE_APPLICATION_CREDENTIALS"] = null,
                    },
                },
                deadline.Token);
            using JsonDocument plan = JsonDocument.Parse(run.Succeeded().Output);
            _plans[stack] = [.. plan.RootElement.GetProperty("resources").EnumerateArray().Select(resource => new PlannedResource(
                resource.GetProperty("urn").GetString()!, resource.GetProperty("type").GetString()!, resource.GetProperty("inputs").Clone(), resource.GetProperty("options").Clone())
            {
                Dependencies = [.. resource.GetProperty("dependencies").EnumerateArray().Select(urn => urn.GetString()!)],
                Provider = resource.GetProperty("provider").GetString() ?? "",
            })];
            Policies[stack] = plan.RootElement.GetProperty("policy").Clone();
            NotChecked[stack] = plan.RootElement.GetProperty("notChecked").ToString();
            Directory.Delete(state, recursive: true);
        }
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;
}
