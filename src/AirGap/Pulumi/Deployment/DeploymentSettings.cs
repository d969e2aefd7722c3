using System.Collections.Immutable;
using System.Text.Json;

namespace Pulumi;

/// <summary>What a run is told from outside.</summary>
internal sealed record DeploymentSettings
{
    public required string Project { get; init; }

    public required string Stack { get; init; }

    public string Organization { get; init; } = "organization";

    public string? RootDirectory { get; init; }

    public required bool IsDryRun { get; init; }

    /// <summary>Configuration by "namespace:key".</summary>
    public ImmutableDictionary<string, string> Config { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableHashSet<string> ConfigSecretKeys { get; init; } = [];

    /// <summary>Whether resources in answers are understood as references.</summary>
    public bool AcceptResources { get; init; } = true;

    /// <summary>The settings that the engine passes to a program, and its two addresses.</summary>
    /// <exception cref="InvalidOperationException">The program was not started by an engine.</exception>
    public static (DeploymentSettings Settings, string Monitor, string Engine) FromEnvironment()
    {
        var monitor = Required("PULUMI_MONITOR");
        var engine = Required("PULUMI_ENGINE");
        if (!bool.TryParse(Required("PULUMI_QUERY_MODE"), out _) || !int.TryParse(Required("PULUMI_PARALLEL"), out _) || !bool.TryParse(Required("PULUMI_DRY_RUN"), out var isDryRun))
        {
            throw NotInEngine(null);
        }
        var settings = new DeploymentSettings
        {
            Project = Required("PULUMI_PROJECT"),
            Stack = Required("PULUMI_STACK"),
            Organization = Optional("PULUMI_ORGANIZATION") ?? "organization",
            RootDirectory = Optional("PULUMI_ROOT_DIRECTORY"),
            IsDryRun = isDryRun,
            Config = ConfigFromEnvironment(),
            ConfigSecretKeys = [.. Optional("PULUMI_CONFIG_SECRET_KEYS") is { } keys ? JsonSerializer.Deserialize<string[]>(keys) ?? [] : []],
            AcceptResources = Optional("PULUMI_DISABLE_RESOURCE_REFERENCES") is not ("1" or "true" or "TRUE" or "True"),
        };
        return (settings, monitor, engine);
    }

    public static ImmutableDictionary<string, string> ConfigFromEnvironment() => Optional("PULUMI_CONFIG") is not { } json
        ? ImmutableDictionary<string, string>.Empty
        // "ns:config:key" is an older way to write "ns:key".
        : (JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? []).ToImmutableDictionary(entry => entry.Key.Replace(":config:", ":", StringComparison.Ordinal), entry => entry.Value);

    private static string? Optional(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Required(string name) => Optional(name) ?? throw NotInEngine(name);

    private static InvalidOperationException NotInEngine(string? variable) =>
        new($"Program run without the Pulumi engine available; re-run using the `pulumi` CLI{(variable is null ? "" : $" ({variable} is not set)")}.");
}
