using Jeju.Infra.Bench;
using Jeju.Infra.Core;

// The figures of the design, section 11: each is measured beside its floor or its peer in the same run, so that a busy machine slows both.
using CancellationTokenSource cancellation = new();
Console.CancelKeyPress += (_, interrupt) =>
{
    interrupt.Cancel = true;
    cancellation.Cancel();
};

// The figure of the engine starts this executable as its program and as its plugin.
if (args is [EngineFigure.ProgramArgument, var resources, ..])
{
    return await EngineFigure.RunProgramAsync(int.Parse(resources, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is [EngineFigure.PluginArgument, ..])
{
    return await EngineFigure.RunPluginAsync(cancellation.Token);
}

BenchContext context = new(RepositoryLayout.Find(Environment.GetEnvironmentVariable("JEJU_ROOT") ?? AppContext.BaseDirectory), TimeProvider.System, Console.Out, Console.Error);
Figure[] figures =
[
    new("a", "up with images present, against the same chain and containers from a plain script", "at most 2.5, aim at 1.5", UpFigures.AgainstFloorAsync),
    new("b", "an unchanged up, against the start of the empty command", "at most 2 s, aim at 1 s", UpFigures.UnchangedAsync),
    new("c", "order to Ready, against container start and probe", "at most 0.5 s above", UpFigures.OrderToReadyAsync),
    new("d", "blocks of 2 s that the deployment of the contracts takes, against its gas and against forge script; and a second run", "at most 2 blocks above; 2 s", DeploymentFigure.MeasureAsync),
    new("e", "five hundred resources through program, engine and plugin, against none", "at most 2.5 s", EngineFigure.MeasureAsync),
    new("f", "a killed container until its service answers again at the same endpoint, against killing and starting it by hand", "at most 1 s", RestoreFigure.MeasureAsync),
];

string[] unknown = [.. args.Except(figures.Select(figure => figure.Letter))];
if (unknown.Length > 0)
{
    await Console.Error.WriteLineAsync($"There is no figure {string.Join(", ", unknown)}; there are {string.Join(", ", figures.Select(figure => figure.Letter))}.");
    return 2;
}

await MachineFacts.WriteAsync(context, cancellation.Token);
foreach (Figure figure in figures.Where(figure => args.Length == 0 || args.Contains(figure.Letter)))
{
    context.Talk.WriteLine($"bench: {figure.Letter}: {figure.Title}");
    await context.Output.WriteLineAsync($"{figure.Letter}  {await figure.MeasureAsync(context, cancellation.Token)}  ({figure.Title}; goal: {figure.Goal})");
}

return 0;
