using Jeju.Infra.Scripts;

// dotnet run --project scripts -- [output] [member ...]: up, read, down. The value is the last line on stdout; the runs' talk goes to stderr.
#pragma warning disable RS0030 // The entry point owns the console.
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
var repository = Path.GetFullPath(Environment.GetEnvironmentVariable("JEJU_REPOSITORY") ?? Environment.CurrentDirectory);
var output = args.Length > 0 ? args[0] : "chain";
var members = args.Length > 0 ? args[1..] : ["endpoint"];
var trip = new LocalnetRoundTrip(repository, "localnet", Console.Error.WriteLine);
Console.Out.WriteLine(await trip.RunAsync(output, members, interrupted.Token));
#pragma warning restore RS0030
