using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Prerequisites;

/// <summary>A program that is looked for in PATH.</summary>
/// <param name="Program">The program's name.</param>
/// <param name="DebianPackage">The Debian package that brings it; null where there is none.</param>
/// <param name="Purpose">What it is for, as the second half of a sentence.</param>
internal sealed record Tool(string Program, string? DebianPackage, string Purpose)
{
    /// <summary>The arguments with which it says its version.</summary>
    public IReadOnlyList<string> VersionArguments { get; init; } = ["--version"];

    /// <summary>The clients that the end-to-end tests connect with, as a user would.</summary>
    public static IReadOnlyList<Tool> TestClients { get; } =
    [
        new("psql", "postgresql-client", "the end-to-end tests connect to Postgres with it"),
        new("redis-cli", "redis-tools", "the end-to-end tests connect to Redis with it"),
        new("kubectl", "kubernetes-client", "the end-to-end tests read the rendered manifests with it") { VersionArguments = ["version", "--client"] },
    ];

    /// <summary>Where it is; null where it is missing.</summary>
    public string? Locate(CommandContext context) => ChildProcess.Find(Program, context.ReadEnvironment("PATH"));

    /// <summary>What a person types to get it.</summary>
    public string Remedy => DebianPackage is null
        ? $"Install {Program}, then run the command again."
        : $"Install {Program} (Debian, Ubuntu: apt-get install {DebianPackage}), then run the command again.";

    /// <summary>Installs what is missing where that is possible; says what to install where it is not, and goes on without.</summary>
    public static async Task InstallMissingAsync(CommandContext context, IReadOnlyList<Tool> tools, CancellationToken cancellationToken)
    {
        List<Tool> missing = [.. tools.Where(tool => tool.Locate(context) is null)];
        if (missing.Count == 0)
        {
            return;
        }

        DebianPackages packages = new(context);
        string[] names = [.. missing.Select(tool => tool.DebianPackage).OfType<string>()];
        if (packages.CanInstall && names.Length == missing.Count)
        {
            await packages.InstallAsync(names, cancellationToken);
            return;
        }

        foreach (Tool tool in missing)
        {
            InfraException error = CliErrors.MissingTool(tool.Program, tool.Purpose, tool.Remedy);
            context.Say($"warning {error.Code}: {error.Message} {error.Remedy}");
        }
    }
}
