namespace Jeju.Infra.Cli.Rings;

/// <summary>A ring of tests, run by the tool that it is written for.</summary>
internal interface ITestRing
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>Runs it; a run that broke off counts as a failed test.</summary>
    Task<RingResult> RunAsync(CommandContext context, CancellationToken cancellationToken);
}
