using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Secrets;

namespace Jeju.Infra.Engine;

/// <summary>One stack, and everything that the engine needs to run it.</summary>
public sealed record StackEngineOptions
{
    /// <summary>The project.</summary>
    public required ProjectFile Project { get; init; }

    /// <summary>The stack's short name.</summary>
    public required string Stack { get; init; }

    /// <summary>The root of the state, in the layout of Pulumi's file backend.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The program; null where only operations without one are run.</summary>
    public IStackProgram? Program { get; init; }

    /// <summary>Where the passphrase comes from.</summary>
    public required PassphraseSource Passphrase { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The configuration; null reads the stack's settings file.</summary>
    public StackConfig? Config { get; init; }

    /// <summary>Entries, not encrypted, that are added to the configuration or win over it.</summary>
    public IReadOnlyDictionary<string, ConfigEntry> ConfigOverrides { get; init; } = new Dictionary<string, ConfigEntry>(StringComparer.Ordinal);

    /// <summary>Environment variables for the program and the plugins, beside this process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Providers that replace plugins, by package.</summary>
    internal IReadOnlyDictionary<string, Func<CancellationToken, Task<Providers.IResourceProvider>>> InProcessProviders { get; init; } =
        new Dictionary<string, Func<CancellationToken, Task<Providers.IResourceProvider>>>(StringComparer.Ordinal);
}

/// <summary>What one run is asked for beyond its kind.</summary>
public sealed record RunSettings
{
    /// <summary>The usual run.</summary>
    public static RunSettings Default { get; } = new();

    /// <summary>Reads everything before the run.</summary>
    public bool Refresh { get; init; }

    /// <summary>URNs of resources that are replaced whether they differ or not.</summary>
    public IReadOnlyList<string> Replace { get; init; } = [];

    /// <summary>What must have succeeded before a provider is asked for anything; program and plugins start meanwhile.</summary>
    public Task Prerequisite { get; init; } = Task.CompletedTask;

    /// <summary>How many operations run at once.</summary>
    public int Parallel { get; init; } = 64;

    /// <summary>
    /// For a preview: the program is told by which output each unknown value is, so that <see cref="Plans.PlanTrace"/> can say it. The plan of such a
    /// run is for that alone: texts in it hold placeholders.
    /// </summary>
    public bool TracesOutputs { get; init; }

    /// <summary>Fails where anything is not as it shall be.</summary>
    public bool ExpectNoChanges { get; init; }
}
