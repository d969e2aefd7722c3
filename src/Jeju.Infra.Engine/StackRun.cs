using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Deployments;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine;

/// <summary>
/// One run of a stack. What takes long is begun first and in parallel: deriving the key, starting the plugins, starting the program; each
/// is waited for only where it is needed.
/// </summary>
internal sealed class StackRun(
    StackEngineOptions options, StateStore store, SecretsSession secrets, StackConfig config, RunSettings settings, bool isPreview, IEngineEvents events,
    CancellationToken cancellation)
{
    public async Task<RunResult> RunAsync(RunOperation operation)
    {
        var started = options.Time.GetTimestamp();
        var stored = await store.ReadAsync(cancellation).ConfigureAwait(false);
        secrets.Prepare(config.EncryptionSalt ?? stored?.Salt);
        var entries = await new ConfigReader(options, secrets).ReadAsync(config, cancellation).ConfigureAwait(false);
        var loading = Task.Run(() => store.LoadAsync(stored, secrets), CancellationToken.None);
        using var context = new DeploymentContext(options, settings, isPreview, events, cancellation);
        var starting = new TaskCompletionSource<RunningDeployment>(TaskCreationOptions.RunContinuationsAsynchronously);
        var monitor = new ResourceMonitor(context, starting.Task);
        var log = new EngineLog(context);
        await using var monitorServer = new GrpcServer(monitor.Service);
        await using var logServer = new GrpcServer(log.Service);
        await using var loader = new ProviderLoader(options, logServer.Address, entries, context.Emit);
        foreach (var package in options.Project.PluginDirectories.Keys)
        {
            loader.Prestart(package, cancellation);
        }

        using var programEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var program = operation == RunOperation.Up
            ? RunProgramAsync(monitorServer.Address, logServer.Address, entries, context, programEnd.Token)
            : Task.FromResult(0);
        try
        {
            await Task.WhenAll(monitorServer.StartAsync(cancellation), logServer.StartAsync(cancellation)).ConfigureAwait(false);
            var snapshot = await loading.ConfigureAwait(false);
            context.Recorder = new SnapshotRecorder(snapshot, isPreview ? null : store.CreateWriter(secrets));
            RequireKnown(settings.Replace, snapshot);
            await settings.Prerequisite.ConfigureAwait(false);
            return await RunAsync(operation, snapshot, context, loader, entries, starting, monitor, log, program, started).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whoever waits for the deployment must not wait for ever, and the program must not outlive the run.
            starting.TrySetException(exception);
            _ = starting.Task.Exception;
            await programEnd.CancelAsync().ConfigureAwait(false);
            await ((Task)program).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>What is to be replaced must be there: a mistyped name would otherwise replace nothing, and nobody would notice.</summary>
    private static void RequireKnown(IReadOnlyList<string> names, Snapshot snapshot)
    {
        var urns = snapshot.Resources.Where(resource => resource is { Custom: true, IsProvider: false, Delete: false }).Select(resource => resource.Urn).ToList();
        var unknown = names.Where(name => !urns.Exists(urn => urn == name || Urn.Name(urn) == name)).ToList();
        if (unknown.Count > 0)
        {
            throw EngineErrors.NothingToReplace(unknown, [.. urns.Select(Urn.Name).Distinct()]);
        }
    }

    private async Task<RunResult> RunAsync(
        RunOperation operation, Snapshot snapshot, DeploymentContext context, ProviderLoader loader, IReadOnlyDictionary<string, ConfigEntry> entries,
        TaskCompletionSource<RunningDeployment> starting, ResourceMonitor monitor, EngineLog log, Task<int> program, long started)
    {
        var pendingProviders = new OldResources(snapshot);
        await using var providers = new ProviderRegistry(context, loader, pendingProviders, entries);
        await using var cancelling = cancellation.Register(() => _ = CancelProvidersAsync(providers, context));
        var refresh = new RefreshPhase(context, providers);
        await refresh.ResolvePendingAsync().ConfigureAwait(false);
        if (operation == RunOperation.Refresh || settings.Refresh)
        {
            await refresh.RunAsync().ConfigureAwait(false);
        }

        IReadOnlyList<PlannedResource> registered = [];
        var oldOutputs = snapshot.Root?.Outputs ?? PropertyMap.Empty;
        var outputs = oldOutputs;
        if (operation != RunOperation.Refresh)
        {
            var olds = providers.Olds = new OldResources(context.Recorder.Current);
            var executor = new StepExecutor(context, providers);
            using var registrar = new ResourceRegistrar(context, providers, olds, new StepPlanner(context, providers), executor);
            using var transforms = new TransformCaller(registrar.Find);
            if (operation == RunOperation.Up)
            {
                starting.SetResult(new RunningDeployment(registrar, providers, transforms, new StackReferences(options)));
                await JudgeProgramAsync(program, registrar, monitor, log, context).ConfigureAwait(false);
                registered = [.. registrar.Registered.Select(resource => resource.ToPlan()).OrderBy(resource => resource.Urn, StringComparer.Ordinal)];
                outputs = registrar.HasRoot ? registrar.StackOutputs : oldOutputs;
            }

            if (!context.HasFailed)
            {
                var replaced = context.Steps.Where(step => step.Operation == StepOperation.Replace).Select(step => step.Urn).ToHashSet(StringComparer.Ordinal);
                await new DeletionPhase(context, executor, replaced).RunAsync().ConfigureAwait(false);
            }

            if (operation == RunOperation.Destroy && !context.HasFailed)
            {
                outputs = PropertyMap.Empty;
            }
        }

        cancellation.ThrowIfCancellationRequested();
        await context.Recorder.FinishAsync().ConfigureAwait(false);
        var result = new RunResult
        {
            Operation = operation,
            IsPreview = isPreview,
            Failures = context.Failures,
            Steps = context.Steps,
            Outputs = outputs,
            OldOutputs = oldOutputs,
            Registered = registered,
            PlanOnlyPackages = providers.PlanOnlyPackages,
            Elapsed = options.Time.GetElapsedTime(started),
        };
        return settings.ExpectNoChanges && result is { Succeeded: true, ChangeCount: > 0 }
            ? result with { Failures = [EngineErrors.NoChangesExpected(result.ChangeCount)] }
            : result;
    }

    /// <summary>A program that ends well is believed only when it registered its stack and said that it was done; else everything would be deleted.</summary>
    private static async Task JudgeProgramAsync(
        Task<int> program, ResourceRegistrar registrar, ResourceMonitor monitor, EngineLog log, DeploymentContext context)
    {
        int exitCode;
        try
        {
            exitCode = await program.ConfigureAwait(false);
        }
        catch (InfraException exception)
        {
            context.Fail(exception);
            return;
        }
        finally
        {
            await context.WaitForOperationsAsync().ConfigureAwait(false);
        }

        if (context.HasFailed)
        {
            return;
        }

        if (exitCode != 0)
        {
            context.Fail(EngineErrors.ProgramFailed(exitCode, log.LastError));
        }
        else if (!registrar.HasRoot)
        {
            context.Fail(EngineErrors.ProgramNeverRegistered("it never registered its stack"));
        }
        else if (!monitor.HasSignalled)
        {
            context.Fail(EngineErrors.ProgramNeverRegistered("it did not say that it had registered everything"));
        }
    }

    private Task<int> RunProgramAsync(
        string monitorAddress, string engineAddress, IReadOnlyDictionary<string, ConfigEntry> entries, DeploymentContext context, CancellationToken cancellationToken)
    {
        var program = options.Program ?? throw EngineErrors.ProgramMissing("(none)");
        var variables = new Dictionary<string, string>(options.Environment, StringComparer.Ordinal)
        {
            ["PULUMI_MONITOR"] = monitorAddress,
            ["PULUMI_ENGINE"] = engineAddress,
            ["PULUMI_PROJECT"] = options.Project.Name,
            ["PULUMI_STACK"] = options.Stack,
            ["PULUMI_ORGANIZATION"] = "organization",
            ["PULUMI_ROOT_DIRECTORY"] = options.Project.RootDirectory,
            ["PULUMI_PWD"] = options.Project.ProgramDirectory,
            ["PULUMI_DRY_RUN"] = isPreview ? "true" : "false",
            ["PULUMI_QUERY_MODE"] = "false",
            ["PULUMI_PARALLEL"] = settings.Parallel.ToString(CultureInfo.InvariantCulture),
            ["PULUMI_CONFIG"] = StackConfig.ToEnvironment(entries),
            ["PULUMI_CONFIG_SECRET_KEYS"] = JsonSerializer.Serialize(entries.Where(entry => entry.Value.IsSecret).Select(entry => entry.Key)),
            // A proxy of the environment would capture loopback addresses too.
            ["NO_PROXY"] = "127.0.0.1",
            ["no_proxy"] = "127.0.0.1",
        };
        var environment = new ProgramEnvironment(monitorAddress, engineAddress, variables);
        return Task.Run(() => program.RunAsync(environment, line => context.Emit(new OutputLine("program", line)), cancellationToken), CancellationToken.None);
    }

    private static async Task CancelProvidersAsync(ProviderRegistry providers, DeploymentContext context)
    {
        try
        {
            await providers.CancelAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is GrpcStatusException or ProviderCallException)
        {
            context.Warn("", $"A plugin could not be asked to break off: {exception.Message}");
        }
    }
}
