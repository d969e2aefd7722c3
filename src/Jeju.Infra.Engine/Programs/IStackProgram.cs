namespace Jeju.Infra.Engine.Programs;

/// <summary>What a program finds in its environment.</summary>
/// <param name="MonitorAddress">Host and port of the resource monitor.</param>
/// <param name="EngineAddress">Host and port of the engine's log service.</param>
/// <param name="Variables">All variables, ready for a child process.</param>
public sealed record ProgramEnvironment(string MonitorAddress, string EngineAddress, IReadOnlyDictionary<string, string> Variables);

/// <summary>A program that registers a stack's resources.</summary>
public interface IStackProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="environment">Where the engine is, and the configuration.</param>
    /// <param name="onOutput">Takes the lines that it writes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0 done, 32 failed with the errors already logged, anything else failed.</returns>
    Task<int> RunAsync(ProgramEnvironment environment, Action<string> onOutput, CancellationToken cancellationToken);

    /// <summary>The outputs that a resource type has by the program's own libraries, each with whether it is a text; empty where they do not say.</summary>
    /// <param name="type">The type token.</param>
    IReadOnlyDictionary<string, bool> OutputsOf(string type) => System.Collections.Frozen.FrozenDictionary<string, bool>.Empty;
}

/// <summary>A program in this process.</summary>
/// <param name="run">Runs it.</param>
public sealed class InlineProgram(Func<ProgramEnvironment, CancellationToken, Task<int>> run) : IStackProgram
{
    /// <inheritdoc/>
    public Task<int> RunAsync(ProgramEnvironment environment, Action<string> onOutput, CancellationToken cancellationToken) =>
        run(environment, cancellationToken);
}
