namespace Jeju.Infra.Cli.Rings;

/// <summary>What came out of a ring of tests.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that could not run here, each with its reason.</param>
internal sealed record RingResult(int Passed, int Failed, IReadOnlyList<SkippedTest> Skipped)
{
    public static RingResult Empty { get; } = new(0, 0, []);

    public static RingResult operator +(RingResult left, RingResult right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, [.. left.Skipped, .. right.Skipped]);
}

/// <summary>A test that could not run.</summary>
/// <param name="Name">The test.</param>
/// <param name="Reason">Why not.</param>
internal sealed record SkippedTest(string Name, string Reason);
