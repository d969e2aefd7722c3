using Jeju.Infra.Core;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.State;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>What all parts of one run share.</summary>
internal sealed class DeploymentContext(
    StackEngineOptions options, RunSettings settings, bool isPreview, IEngineEvents events, CancellationToken cancellation)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ResourceStep> _steps = [];
    private readonly List<InfraException> _failures = [];
    private readonly HashSet<Task> _operations = [];
    private SnapshotRecorder? _recorder;
    private readonly SemaphoreSlim _slots = new(settings.Parallel, settings.Parallel);

    public StackEngineOptions Options => options;

    public RunSettings Settings => settings;

    public bool IsPreview => isPreview;

    /// <summary>Whether the person asked to replace a resource of a provider, by its URN or by its name.</summary>
    public bool IsNamedForReplacement(string urn) =>
        settings.Replace.Any(named => named == urn || urn.EndsWith($"::{named}", StringComparison.Ordinal));

    /// <summary>The state. It is handed over when it is loaded, before any part that needs it begins.</summary>
    public SnapshotRecorder Recorder
    {
        get => _recorder ?? throw new InvalidOperationException("The state is not loaded yet.");
        set => _recorder = value;
    }

    public string Stack => options.Stack;

    public string Project => options.Project.Name;

    public string RootUrn { get; } = Urn.Root(options.Stack, options.Project.Name);

    /// <summary>Ends waiting and starting; operations that were begun are asked to break off through their provider.</summary>
    public CancellationToken Cancellation => cancellation;

    public IReadOnlyList<ResourceStep> Steps
    {
        get
        {
            lock (_gate)
            {
                return [.. _steps];
            }
        }
    }

    public IReadOnlyList<InfraException> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    public bool HasFailed => Failures.Count > 0;

    public void Emit(EngineEvent engineEvent) => events.OnEvent(engineEvent);

    public void Warn(string urn, string message) => Emit(new Diagnostic(DiagnosticSeverity.Warning, urn, message));

    public void Inform(string urn, string message) => Emit(new Diagnostic(DiagnosticSeverity.Info, urn, message));

    /// <summary>Records a failure once; the run ends unsuccessfully and deletes nothing.</summary>
    public void Fail(InfraException failure, string urn = "", bool announce = true)
    {
        lock (_gate)
        {
            if (_failures.Contains(failure))
            {
                return;
            }

            _failures.Add(failure);
        }

        if (announce)
        {
            Emit(new Diagnostic(DiagnosticSeverity.Error, urn, failure.ToDisplayText()));
        }
    }

    /// <summary>Records a step that needs no work.</summary>
    public void Record(ResourceStep step)
    {
        lock (_gate)
        {
            _steps.Add(step);
        }

        Emit(new StepFinished(step, TimeSpan.Zero));
    }

    /// <summary>Does the work of a step: with its events, its failure recorded, and not more at once than allowed.</summary>
    /// <param name="planned">The step as it is planned.</param>
    /// <param name="work">Does it, and returns the state after.</param>
    /// <param name="isCounted">Whether it is a step of its own in the result, and not half of one.</param>
    /// <exception cref="InfraException">The work failed.</exception>
    public async Task<ResourceState?> RunAsync(ResourceStep planned, Func<Task<ResourceState?>> work, bool isCounted = true)
    {
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        var started = options.Time.GetTimestamp();
        try
        {
            Emit(new StepStarted(planned));
            var state = await work().ConfigureAwait(false);
            var step = planned with { New = state };
            if (isCounted)
            {
                lock (_gate)
                {
                    _steps.Add(step);
                }
            }

            Emit(new StepFinished(step, options.Time.GetElapsedTime(started)));
            return state;
        }
        catch (InfraException exception)
        {
            Emit(new StepFailed(planned, exception, options.Time.GetElapsedTime(started)));
            Fail(exception, planned.Urn, announce: false);
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Counts an operation as running until it ends, whether its caller waits or not.</summary>
    public async Task<TResult> TrackAsync<TResult>(Func<Task<TResult>> operation)
    {
        var task = Task.Run(operation, CancellationToken.None);
        lock (_gate)
        {
            _operations.Add(task);
        }

        try
        {
            return await task.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _operations.Remove(task);
            }
        }
    }

    /// <summary>Waits for all running operations: when a program dies, what it had begun is still brought to its end and recorded.</summary>
    public async Task WaitForOperationsAsync()
    {
        while (true)
        {
            Task[] running;
            lock (_gate)
            {
                running = [.. _operations.Where(task => !task.IsCompleted)];
            }

            if (running.Length == 0)
            {
                return;
            }

            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ResourceStep Plan(StepOperation operation, string urn, ResourceState? old, ResourceState? planned, IReadOnlyList<PropertyDifference>? differences = null) =>
        new(operation, urn, old, planned, differences ?? []);

    public void Dispose() => _slots.Dispose();
}
