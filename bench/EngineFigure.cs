using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Protocol.Grpc;
using Pulumi;
using Pulumirpc;
using Methods = Jeju.Infra.Protocol.PulumiMethods.ResourceProvider;

namespace Jeju.Infra.Bench;

/// <summary>Five hundred resources through program, engine and plugin, each a process of its own, as in every deployment.</summary>
internal static class EngineFigure
{
    /// <summary>The argument by which this executable becomes the program of the measurement; the number of resources follows.</summary>
    public const string ProgramArgument = "--program";

    /// <summary>The argument by which this executable becomes the plugin of the measurement.</summary>
    public const string PluginArgument = "--plugin";

    private const int Resources = 500;
    private const int Runs = 5;

    /// <summary>Measures five hundred resources beside none at all, which is what the start of the processes costs.</summary>
    public static async Task<string> MeasureAsync(BenchContext context, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("jeju-bench-").FullName;
        try
        {
            List<double> none = [];
            List<double> all = [];
            List<double> unchanged = [];
            for (int run = 0; run < Runs; run++)
            {
                none.Add(await UpAsync(context, folder, $"none{run}", 0, cancellationToken));
                all.Add(await UpAsync(context, folder, $"all{run}", Resources, cancellationToken));
                unchanged.Add(await UpAsync(context, folder, $"all{run}", Resources, cancellationToken));
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Median(all):0.00} s for {Resources} resources ({Median(unchanged):0.00} s unchanged), {Median(none):0.00} s for none: {Median(all) / Median(none):0.0} times");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The program: so many resources that know nothing of each other.</summary>
    public static Task<int> RunProgramAsync(int count) => Deployment.RunAsync(() =>
    {
        for (int index = 0; index < count; index++)
        {
            _ = new Thing($"thing-{index}", index);
        }
    });

    /// <summary>The plugin: it takes what it gets and makes nothing.</summary>
    public static async Task<int> RunPluginAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using GrpcServer server = new(new GrpcService()
            .Map(Methods.Handshake, (_, _) => Task.FromResult(new ProviderHandshakeResponse { AcceptSecrets = true, AcceptResources = true }))
            .Map(Methods.CheckConfig, (request, _) => Task.FromResult(new CheckResponse { Inputs = request.News }))
            .Map(Methods.DiffConfig, (_, _) => Task.FromResult(new DiffResponse { Changes = DiffResponse.Types.DiffChanges.DiffNone }))
            .Map(Methods.Configure, (_, _) => Task.FromResult(new ConfigureResponse { AcceptSecrets = true, AcceptResources = true, SupportsPreview = true }))
            .Map(Methods.Check, (request, _) => Task.FromResult(new CheckResponse { Inputs = request.News }))
            .Map(Methods.Diff, (_, _) => Task.FromResult(new DiffResponse { Changes = DiffResponse.Types.DiffChanges.DiffNone }))
            .Map(Methods.Create, (request, _) => Task.FromResult(new CreateResponse { Id = request.Name, Properties = request.Properties }))
            .Map(Methods.Cancel, (_, _) =>
            {
                ended.TrySetResult();
                return Task.FromResult(new Empty());
            }));
        await server.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(server.Port.ToString(CultureInfo.InvariantCulture));
        await Console.Out.FlushAsync(cancellationToken);
        await ended.Task.WaitAsync(cancellationToken);
        return 0;
    }

    private static async Task<double> UpAsync(BenchContext context, string folder, string stack, int count, CancellationToken cancellationToken)
    {
        string program = Script(folder, $"program-{count}", $"{ProgramArgument} {count.ToString(CultureInfo.InvariantCulture)}");
        string plugins = Path.Combine(folder, "plugin");
        Directory.CreateDirectory(plugins);
        Script(plugins, "pulumi-resource-bench", PluginArgument);
        StackEngine engine = new(new StackEngineOptions
        {
            Project = new ProjectFile
            {
                Name = "bench", RootDirectory = folder, ProgramDirectory = folder, StackConfigDirectory = folder,
                PluginDirectories = new Dictionary<string, string> { ["bench"] = plugins },
            },
            Stack = stack,
            StateDirectory = folder,
            Program = new ExecutableProgram(program, folder),
            Passphrase = new PassphraseSource(new Dictionary<string, string> { ["PULUMI_CONFIG_PASSPHRASE"] = "" }, ownFile: null),
            Time = context.Time,
        });
        long started = context.Time.GetTimestamp();
        RunResult result = await engine.UpAsync(RunSettings.Default, new NoEvents(), cancellationToken);
        double seconds = context.Time.GetElapsedTime(started).TotalSeconds;
        return result.Succeeded ? seconds : throw new InvalidOperationException(result.Failures[0].ToDisplayText());
    }

    private static string Script(string folder, string name, string arguments)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\nexec '{Environment.ProcessPath}' {arguments} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class NoEvents : IEngineEvents
    {
        public void OnEvent(EngineEvent engineEvent)
        {
        }
    }

    private sealed class Thing(string name, int index) : CustomResource(
        "bench:index:Thing",
        name,
        new DictionaryResourceArgs(ImmutableDictionary.CreateRange(new Dictionary<string, object?> { ["index"] = index, ["text"] = $"the thing of number {index}" })),
        new CustomResourceOptions());
}
