using Jeju.Infra.Core;

namespace Jeju.Infra.Bench;

/// <summary>What a measurement needs.</summary>
internal sealed record BenchContext(RepositoryLayout Layout, TimeProvider Time, TextWriter Output, TextWriter Talk);

/// <summary>One figure.</summary>
/// <param name="Letter">Its name on the command line.</param>
/// <param name="Title">What is measured against what.</param>
/// <param name="Goal">What is hoped for.</param>
/// <param name="MeasureAsync">Measures it and writes the result as text.</param>
internal sealed record Figure(string Letter, string Title, string Goal, Func<BenchContext, CancellationToken, Task<string>> MeasureAsync);
