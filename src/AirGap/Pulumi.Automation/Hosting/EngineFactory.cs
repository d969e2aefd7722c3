using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Secrets;

namespace Pulumi.Automation.Hosting;

/// <summary>Makes the embedded engine for a workspace: the project and its built program on disk, or a program in this process.</summary>
internal sealed class EngineFactory(string workDir, string? projectName, ProjectBackend? backend, IDictionary<string, string?>? variables, TimeProvider time)
{
    /// <summary>The engine of a stack.</summary>
    /// <param name="stack">The stack's name.</param>
    /// <param name="inline">The program in this process; null for the project's own.</param>
    public StackEngine Create(string stack, PulumiFn? inline)
    {
        var environment = Environment();
        var project = projectName is null ? ProjectFile.Load(workDir) : InlineProject(projectName);
        return new StackEngine(new StackEngineOptions
        {
            Project = project,
            Stack = stack,
            StateDirectory = StateDirectory(environment, project),
            Program = inline is null ? LocalProgram(project) : new InlineProgram((target, cancellationToken) => RunInlineAsync(inline, target, cancellationToken)),
            Passphrase = new PassphraseSource(environment, ownFile: null),
            Environment = (variables ?? new Dictionary<string, string?>()).ToDictionary(entry => entry.Key, entry => entry.Value ?? "", StringComparer.Ordinal),
            Time = time,
        });
    }

    private static Task<int> RunInlineAsync(PulumiFn program, ProgramEnvironment target, CancellationToken cancellationToken)
    {
        var settings = new DeploymentSettings
        {
            Project = target.Variables["PULUMI_PROJECT"],
            Stack = target.Variables["PULUMI_STACK"],
            RootDirectory = target.Variables["PULUMI_ROOT_DIRECTORY"],
            IsDryRun = target.Variables["PULUMI_DRY_RUN"] == "true",
            Config = (JsonSerializer.Deserialize<Dictionary<string, string>>(target.Variables["PULUMI_CONFIG"]) ?? []).ToImmutableDictionary(StringComparer.Ordinal),
            ConfigSecretKeys = [.. JsonSerializer.Deserialize<string[]>(target.Variables["PULUMI_CONFIG_SECRET_KEYS"]) ?? []],
        };
        return Deployment.RunInlineAsync(
            settings, target.MonitorAddress, target.EngineAddress, () => program.Start(cancellationToken), cancellationToken);
    }

    private ProjectFile InlineProject(string name)
    {
        var onDisk = File.Exists(Path.Combine(workDir, "Pulumi.yaml")) ? ProjectFile.Load(workDir) : null;
        return new ProjectFile
        {
            Name = name,
            RootDirectory = workDir,
            ProgramDirectory = workDir,
            StackConfigDirectory = onDisk?.StackConfigDirectory ?? workDir,
            PluginDirectories = onDisk?.PluginDirectories ?? ImmutableDictionary<string, string>.Empty,
        };
    }

    private static ExecutableProgram LocalProgram(ProjectFile project) =>
        new(RepositoryLayout.Find(project.RootDirectory).Program, project.ProgramDirectory);

    /// <summary>Where the state is: the backend of the environment, else that of the project, else the repository's own.</summary>
    private string StateDirectory(IReadOnlyDictionary<string, string> environment, ProjectFile project)
    {
        var url = environment.GetValueOrDefault("PULUMI_BACKEND_URL") is { Length: > 0 } given ? given : backend?.Url;
        if (url is null)
        {
            return RepositoryLayout.Find(project.RootDirectory).EngineStateFolder;
        }

        const string scheme = "file://";
        return url.StartsWith(scheme, StringComparison.Ordinal)
            ? Path.GetFullPath(url[scheme.Length..], workDir)
            : throw new InfraException(
                new ErrorCode(133), $"The backend '{url}' is not one of files; the embedded engine keeps its state in files only.",
                "Set PULUMI_BACKEND_URL to a file:// address, or use the official packages and the pulumi command.", FailureKind.Usage);
    }

    private Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
        {
            if (value is null)
            {
                environment.Remove(name);
            }
            else
            {
                environment[name] = value;
            }
        }

        return environment;
    }
}
