using Jeju.Infra.Cli.Display;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Plans;

namespace Jeju.Infra.Cli.Plans;

/// <summary>Previews a stack, and beside it a second time to trace from which output each unknown value comes.</summary>
internal static class PlanPreview
{
    /// <summary>Previews.</summary>
    public static async Task<RunResult> RunAsync(StackEngine engine, RunSettings settings, IEngineEvents events, CancellationToken cancellationToken)
    {
        Task<RunResult?> tracing = TraceAsync(engine, cancellationToken);
        RunResult result = await engine.PreviewAsync(settings, events, cancellationToken);
        return await tracing is RunResult traced ? result with { Registered = PlanTrace.Join(result.Registered, traced.Registered) } : result;
    }

    /// <summary>Previews with the display of a run.</summary>
    public static Task<RunResult> ShowAsync(CommandContext context, StackEngine engine, RunSettings settings, CancellationToken cancellationToken) =>
        new RunDisplay(context).ShowAsync(events => RunAsync(engine, settings, events, cancellationToken));

    /// <summary>A program that cannot live with placeholders is shown without: then an unknown names its resources alone.</summary>
    private static async Task<RunResult?> TraceAsync(StackEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            RunResult traced = await engine.PreviewAsync(RunSettings.Default with { TracesOutputs = true }, new SilentEvents(), cancellationToken);
            return traced.Succeeded ? traced : null;
        }
        catch (InfraException)
        {
            // The preview itself meets the same problem, and tells it.
            return null;
        }
    }
}

/// <summary>For runs that only prepare another, which tells what happens.</summary>
internal sealed class SilentEvents : IEngineEvents
{
    /// <inheritdoc/>
    public void OnEvent(EngineEvent engineEvent)
    {
    }
}
