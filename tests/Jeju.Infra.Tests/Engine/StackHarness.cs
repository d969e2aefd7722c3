using System.Collections.Concurrent;
using System.Text.Json;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Engine;

/// <summary>A stack with a fake cloud and a state folder of its own, which goes with it.</summary>
internal sealed class StackHarness : IDisposable, IEngineEvents
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-engine-").FullName;

    public FakeCloud Cloud { get; } = new();

    public ConcurrentQueue<EngineEvent> Events { get; } = new();

    public string Passphrase { get; set; } = "correct horse";

    public RunSettings Settings { get; set; } = RunSettings.Default;

    public string StatePath => Engine(null).StatePath;

    public JsonElement StateJson => JsonDocument.Parse(File.ReadAllText(StatePath)).RootElement.GetProperty("checkpoint").GetProperty("latest");

    public void OnEvent(EngineEvent engineEvent) => Events.Enqueue(engineEvent);

    public Task<RunResult> UpAsync(Func<FakeProgram, Task> body) => UpAsync(FakeProgram.Of(body));

    public Task<RunResult> UpAsync(Func<FakeProgram, Task<PropertyMap>> body) => UpAsync(FakeProgram.Of(body));

    public Task<RunResult> UpAsync(IStackProgram program) => Engine(program).UpAsync(Settings, this, CancellationToken.None);

    public Task<RunResult> PreviewAsync(Func<FakeProgram, Task> body) => Engine(FakeProgram.Of(body)).PreviewAsync(Settings, this, CancellationToken.None);

    public Task<RunResult> PreviewAsync(Func<FakeProgram, Task<PropertyMap>> body) => Engine(FakeProgram.Of(body)).PreviewAsync(Settings, this, CancellationToken.None);

    public Task<RunResult> DestroyAsync() => Engine(null).DestroyAsync(Settings, this, CancellationToken.None);

    public Task<RunResult> RefreshAsync() => Engine(null).RefreshAsync(Settings, this, CancellationToken.None);

    public Task<Snapshot> StateAsync() => Engine(null).LoadStateAsync(CancellationToken.None);

    public async Task<ResourceState> ThingAsync(string name) =>
        (await StateAsync()).Resources.Single(resource => resource is { Type: "fake:index:Thing", Delete: false } && Urn.Name(resource.Urn) == name);

    public StackEngine Engine(IStackProgram? program, string stack = "dev") => new(new StackEngineOptions
    {
        Project = new ProjectFile
        {
            Name = "proj", RootDirectory = _folder, ProgramDirectory = _folder, StackConfigDirectory = _folder,
            PluginDirectories = new Dictionary<string, string>(),
        },
        Stack = stack,
        StateDirectory = _folder,
        Program = program,
        Passphrase = new PassphraseSource(new Dictionary<string, string> { ["PULUMI_CONFIG_PASSPHRASE"] = Passphrase }, ownFile: null),
        Time = TimeProvider.System,
        InProcessProviders = new Dictionary<string, Func<CancellationToken, Task<Jeju.Infra.Engine.Providers.IResourceProvider>>>
        {
            ["fake"] = _ => Task.FromResult(Cloud.Connect()),
        },
    });

    public static PropertyMap Of(params ReadOnlySpan<(string, PropertyValue)> entries) => PropertyMap.Of(entries);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
