using System.Collections.Immutable;
using System.Reflection;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Pulumirpc;

namespace Pulumi;

public sealed partial class Deployment
{
    private const int Succeeded = 0;
    private const int ErrorWasLogged = 1;

    /// <summary>Tells the engine that everything about the failure has been said.</summary>
    private const int FailureWasReported = 32;

    public static Task<int> RunAsync(Action action) => RunAsync(() =>
    {
        action();
        return NoOutputs();
    });

    public static Task<int> RunAsync(Func<IDictionary<string, object?>> func) => RunAsync(() => Task.FromResult(func()));

    public static Task<int> RunAsync(Func<Task> func) => RunAsync(async () =>
    {
        await func().ConfigureAwait(false);
        return NoOutputs();
    });

    public static Task<int> RunAsync(Func<Task<IDictionary<string, object?>>> func, StackOptions? options = null) =>
        RunFromEnvironmentAsync(() => new Stack(func, options));

    public static Task<int> RunAsync<TStack>()
        where TStack : Stack, new() => RunFromEnvironmentAsync(CreateStack<TStack>);

    public static Task<int> RunAsync<TStack>(IServiceProvider serviceProvider)
        where TStack : Stack => RunFromEnvironmentAsync(() => Resolve<TStack>(serviceProvider));

    /// <summary>Runs a program inside this process against an engine that is told by address: what an inline program of the automation API is.</summary>
    internal static async Task<int> RunInlineAsync(
        DeploymentSettings settings, string monitorAddress, string engineAddress, Func<Stack> makeStack, CancellationToken cancellationToken)
    {
        using var monitor = new GrpcMonitor(monitorAddress, cancellationToken);
        using var engine = new GrpcMonitor(engineAddress, cancellationToken);
        return await new Deployment(settings, monitor, engine).ExecuteAsync(makeStack).ConfigureAwait(false);
    }

    private static async Task<int> RunFromEnvironmentAsync(Func<Stack> makeStack)
    {
        var (settings, monitorAddress, engineAddress) = DeploymentSettings.FromEnvironment();
        using var monitor = new GrpcMonitor(monitorAddress, CancellationToken.None);
        using var engine = new GrpcMonitor(engineAddress, CancellationToken.None);
        return await new Deployment(settings, monitor, engine).ExecuteAsync(makeStack).ConfigureAwait(false);
    }

    private static IDictionary<string, object?> NoOutputs() => ImmutableDictionary<string, object?>.Empty;

    internal static Stack CreateStack<TStack>()
        where TStack : Stack, new()
    {
        try
        {
            return Activator.CreateInstance<TStack>();
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    private static TStack Resolve<TStack>(IServiceProvider serviceProvider)
        where TStack : Stack => (TStack?)serviceProvider.GetService(typeof(TStack))
            ?? throw new InvalidOperationException($"The service provider has no {typeof(TStack).FullName}: register it.");

    private async Task<int> ExecuteAsync(Func<Stack> makeStack)
    {
        // Holds for everything that is started from here, and for nothing outside of this method.
        Running.Value = this;
        await using (callbacks)
        {
            try
            {
                makeStack().RegisterStackOutputs();
                Tasks.Release();
                await Tasks.Ended.ConfigureAwait(false);
                if (Logger.HasErrors)
                {
                    return ErrorWasLogged;
                }
                await SignalEndAsync().ConfigureAwait(false);
                return Succeeded;
            }
            catch (Exception exception)
            {
                return await ReportAsync(exception).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells the engine that no more registrations follow, and keeps the callbacks until it needs them no more.</summary>
    private async Task SignalEndAsync()
    {
        try
        {
            await monitor.CallAsync(PulumiMethods.ResourceMonitor.SignalAndWaitForShutdown, new Empty()).ConfigureAwait(false);
        }
        catch (GrpcStatusException exception) when (exception.StatusCode == GrpcStatusCode.Unimplemented)
        {
            // An older engine does not wait for the signal.
        }
    }

    private async Task<int> ReportAsync(Exception exception)
    {
        var (message, resource) = exception switch
        {
            RunException => (exception.Message, null),
            ResourceException about => (about.HideStack ? about.Message : about.ToString(), about.Resource),
            _ => ($"Running program '{Assembly.GetEntryAssembly()?.Location}' failed with an unhandled exception:\n{exception}", null),
        };
        // The resource of the message may be the very one that failed: then it has no URN to wait for.
        var known = resource?.Urn?.DataTask is { IsCompletedSuccessfully: true } ? resource : null;
        try
        {
            await Logger.LogAsync(LogSeverity.Error, message, known).ConfigureAwait(false);
            return FailureWasReported;
        }
        catch (GrpcStatusException)
        {
            // The engine is gone, and with it the one to tell: the exit code says that the failure has not been reported.
            return ErrorWasLogged;
        }
    }
}
