using System.Collections.Immutable;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Projects;
using Pulumi.Automation.Commands.Exceptions;
using Pulumi.Automation.Hosting;

namespace Pulumi.Automation;

public sealed class LocalWorkspace : Workspace
{
    private readonly LocalWorkspaceOptions _options;
    private readonly bool _ownsWorkDir;

    private LocalWorkspace(LocalWorkspaceOptions options)
    {
        _options = options;
        _ownsWorkDir = options.WorkDir is null;
        WorkDir = options.WorkDir is null ? Directory.CreateTempSubdirectory("automation-").FullName : Path.GetFullPath(options.WorkDir);
        EnvironmentVariables = options.EnvironmentVariables;
        Program = options.Program;
    }

    public override string WorkDir { get; }

    public override IDictionary<string, string?>? EnvironmentVariables { get; set; }

    public override PulumiFn? Program { get; set; }

#pragma warning disable RS0030 // The automation API has no place for a clock: this is where a script meets the system's.
    internal static TimeProvider Time => TimeProvider.System;
#pragma warning restore RS0030

    public static Task<LocalWorkspace> CreateAsync(LocalWorkspaceOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new LocalWorkspace(options ?? new LocalWorkspaceOptions()));

    public static Task<WorkspaceStack> CreateStackAsync(LocalProgramArgs args) => CreateStackAsync(args, CancellationToken.None);

    public static Task<WorkspaceStack> CreateStackAsync(LocalProgramArgs args, CancellationToken cancellationToken) =>
        WorkspaceStack.CreateAsync(args.StackName, new LocalWorkspace(args), cancellationToken);

    public static Task<WorkspaceStack> CreateStackAsync(InlineProgramArgs args) => CreateStackAsync(args, CancellationToken.None);

    public static Task<WorkspaceStack> CreateStackAsync(InlineProgramArgs args, CancellationToken cancellationToken) =>
        WorkspaceStack.CreateAsync(args.StackName, new LocalWorkspace(args), cancellationToken);

    public static Task<WorkspaceStack> SelectStackAsync(LocalProgramArgs args) => SelectStackAsync(args, CancellationToken.None);

    public static Task<WorkspaceStack> SelectStackAsync(LocalProgramArgs args, CancellationToken cancellationToken) =>
        WorkspaceStack.SelectAsync(args.StackName, new LocalWorkspace(args), cancellationToken);

    public static Task<WorkspaceStack> SelectStackAsync(InlineProgramArgs args) => SelectStackAsync(args, CancellationToken.None);

    public static Task<WorkspaceStack> SelectStackAsync(InlineProgramArgs args, CancellationToken cancellationToken) =>
        WorkspaceStack.SelectAsync(args.StackName, new LocalWorkspace(args), cancellationToken);

    public static Task<WorkspaceStack> CreateOrSelectStackAsync(LocalProgramArgs args) => CreateOrSelectStackAsync(args, CancellationToken.None);

    public static Task<WorkspaceStack> CreateOrSelectStackAsync(LocalProgramArgs args, CancellationToken cancellationToken) =>
        WorkspaceStack.CreateOrSelectAsync(args.StackName, new LocalWorkspace(args), cancellationToken);

    public static Task<WorkspaceStack> CreateOrSelectStackAsync(InlineProgramArgs args) => CreateOrSelectStackAsync(args, CancellationToken.None);

    public static Task<WorkspaceStack> CreateOrSelectStackAsync(InlineProgramArgs args, CancellationToken cancellationToken) =>
        WorkspaceStack.CreateOrSelectAsync(args.StackName, new LocalWorkspace(args), cancellationToken);

    public override async Task CreateStackAsync(string stackName, CancellationToken cancellationToken)
    {
        var engine = Engine(stackName, program: null);
        if (engine.Exists)
        {
            throw new StackAlreadyExistsException($"stack '{stackName}' already exists");
        }

        await TranslateAsync(() => engine.CreateAsync(cancellationToken)).ConfigureAwait(false);
    }

    public override Task SelectStackAsync(string stackName, CancellationToken cancellationToken) =>
        Engine(stackName, program: null).Exists ? Task.CompletedTask : throw new StackNotFoundException($"no stack named '{stackName}' found");

    public override Task RemoveStackAsync(string stackName, CancellationToken cancellationToken = default) =>
        TranslateAsync(() => Engine(stackName, program: null).RemoveAsync(cancellationToken));

    public override Task<ImmutableDictionary<string, OutputValue>> GetStackOutputsAsync(string stackName, CancellationToken cancellationToken = default) =>
        TranslateAsync(async () => OutputValues.Read(await Engine(stackName, program: null).GetOutputsAsync(cancellationToken).ConfigureAwait(false)));

    public override async Task<ConfigValue> GetConfigAsync(string stackName, string key, CancellationToken cancellationToken = default)
    {
        var all = await GetAllConfigAsync(stackName, cancellationToken).ConfigureAwait(false);
        return all.GetValueOrDefault(key)
               ?? all.FirstOrDefault(entry => entry.Key.EndsWith($":{key}", StringComparison.Ordinal)).Value
               ?? throw new CommandException(nameof(CommandException), $"configuration key '{key}' not found for stack '{stackName}'", cause: null);
    }

    public override Task<ImmutableDictionary<string, ConfigValue>> GetAllConfigAsync(string stackName, CancellationToken cancellationToken = default) =>
        TranslateAsync(async () => (await Engine(stackName, program: null).GetConfigAsync(cancellationToken).ConfigureAwait(false))
            .ToImmutableDictionary(entry => entry.Key, entry => new ConfigValue(entry.Value.Value, entry.Value.IsSecret), StringComparer.Ordinal));

    public override Task SetConfigAsync(string stackName, string key, ConfigValue value, CancellationToken cancellationToken = default) =>
        TranslateAsync(() => Engine(stackName, program: null).SetConfigAsync(key, new ConfigEntry(value.Value, value.IsSecret), cancellationToken));

    public override async Task SetAllConfigAsync(string stackName, IDictionary<string, ConfigValue> configMap, CancellationToken cancellationToken = default)
    {
        foreach (var (key, value) in configMap)
        {
            await SetConfigAsync(stackName, key, value, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task RemoveConfigAsync(string stackName, string key, CancellationToken cancellationToken = default) =>
        TranslateAsync(() => Engine(stackName, program: null).RemoveConfigAsync(key, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing && _ownsWorkDir && Directory.Exists(WorkDir))
        {
            Directory.Delete(WorkDir, recursive: true);
        }
    }

    internal StackEngine Engine(string stackName, PulumiFn? program) => new EngineFactory(
        WorkDir, _options.ProjectSettings?.Name, _options.ProjectSettings?.Backend, EnvironmentVariables, Time).Create(stackName, program ?? Program);

    /// <summary>Failures come as the exceptions that the official API throws when the command fails.</summary>
    internal static async Task<TResult> TranslateAsync<TResult>(Func<Task<TResult>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (InfraException exception) when (exception.Code == new ErrorCode(104))
        {
            throw new ConcurrentUpdateException(exception.ToDisplayText(), exception);
        }
        catch (InfraException exception)
        {
            throw new CommandException(nameof(CommandException), exception.ToDisplayText(), exception);
        }
    }

    private static Task TranslateAsync(Func<Task> action) => TranslateAsync(async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    });
}
