using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.EndToEnd.Provider;

/// <summary>
/// The localnet stack of this checkout, run by the embedded engine with the real program and the real plugin, on a port and in a folder of its
/// own. What it started is stopped at the end, whatever happened.
/// </summary>
internal sealed class LocalStack : IAsyncDisposable
{
    private const string StackName = "localnet";

    private readonly Dictionary<string, ConfigEntry> _settings;
    private readonly Dictionary<string, string> _environment;
    private readonly StackEngineOptions _options;

    public LocalStack()
    {
        Folder = Directory.CreateTempSubdirectory("jeju-stack-").FullName;
        Layout = new RepositoryLayout(JejuScript.Layout.Root, Folder);
        Port = LoopbackPort.Next();
        _settings = new Dictionary<string, ConfigEntry>(StringComparer.Ordinal)
        {
            ["jeju-infra:chainPort"] = new(Port.ToString(System.Globalization.CultureInfo.InvariantCulture), IsSecret: false),
            ["jeju-infra:services"] = new("[]", IsSecret: false),
        };
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RepositoryLayout.StateFolderVariable] = Folder,
            ["PULUMI_CONFIG_PASSPHRASE"] = "test",
        };
        _options = new StackEngineOptions
        {
            Project = ProjectFile.Load(Layout.Root),
            Stack = StackName,
            StateDirectory = Layout.EngineStateFolder,
            Program = new ExecutableProgram(Layout.Program, Layout.StacksFolder),
            Passphrase = new PassphraseSource(_environment, ownFile: null),
            Time = TimeProvider.System,
            Environment = _environment,
            ConfigOverrides = _settings,
        };
    }

    public string Folder { get; }

    public RepositoryLayout Layout { get; }

    public int Port { get; }

    public LocalChainSettings Chain => LocalChainSettings.For(Layout, StackName, Port);

    /// <summary>Sets a setting for the next runs, as JSON where it is a list or a group.</summary>
    public LocalStack With(string setting, string value)
    {
        _settings[$"jeju-infra:{setting}"] = new ConfigEntry(value, IsSecret: false);
        return this;
    }

    public Task<StackRunRecord> UpAsync() => RunAsync((engine, events) => engine.UpAsync(RunSettings.Default, events, CancellationToken.None));

    /// <summary>Replaces one resource, whether it differs or not.</summary>
    public Task<StackRunRecord> ReplaceAsync(string qualifiedType, string name) => RunAsync((engine, events) => engine.UpAsync(
        RunSettings.Default with { Replace = [$"urn:pulumi:{StackName}::{_options.Project.Name}::{qualifiedType}::{name}"] }, events, CancellationToken.None));

    public Task<StackRunRecord> PreviewAsync() => RunAsync((engine, events) => engine.PreviewAsync(RunSettings.Default, events, CancellationToken.None));

    public Task<StackRunRecord> RefreshAsync() => RunAsync((engine, events) => engine.RefreshAsync(RunSettings.Default, events, CancellationToken.None));

    public Task<StackRunRecord> DestroyAsync() => RunAsync((engine, events) => engine.DestroyAsync(RunSettings.Default, events, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in DetachedProcess.Find(Path.Combine(Layout.AgentFolder(StackName), "settings.json")))
        {
            await DetachedProcess.StopAsync(agent, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);
        }

        await AnvilProcess.ResetAsync(Chain, TimeProvider.System, CancellationToken.None);
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<StackRunRecord> RunAsync(Func<StackEngine, IEngineEvents, Task<RunResult>> operation)
    {
        var events = new RecordedEvents();
        var result = await operation(new StackEngine(_options), events);
        return new StackRunRecord(result, events.Diagnostics);
    }

    private sealed class RecordedEvents : IEngineEvents
    {
        private readonly Lock _gate = new();

        public List<Diagnostic> Diagnostics { get; } = [];

        public void OnEvent(EngineEvent engineEvent)
        {
            if (engineEvent is Diagnostic diagnostic)
            {
                lock (_gate)
                {
                    Diagnostics.Add(diagnostic);
                }
            }
        }
    }
}

/// <summary>A run and what was said in it.</summary>
internal sealed record StackRunRecord(RunResult Result, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>What was done to which resource, without what stayed the same; "update chain".</summary>
    public IReadOnlyList<string> Changes =>
        [.. Result.Steps
            .Where(step => !step.IsInternal && step.Operation is not (StepOperation.Same or StepOperation.Read or StepOperation.Refresh))
            .Select(step => $"{step.Operation} {step.Urn[(step.Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..]}")];

    public StackRunRecord RequireSuccess()
    {
        Assert.True(
            Result.Succeeded,
            string.Join('\n', Result.Failures.Select(failure => failure.ToDisplayText()).Concat(Diagnostics.Select(line => line.Message))));
        return this;
    }

    public PropertyMap Output(string name) => Assert.IsType<PropertyMap>(Result.Outputs[name]);
}
