using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Tests.Likeness;
using Pulumi;
using Pulumi.Utilities;
using Pulumirpc;

namespace Jeju.Infra.Tests.AirGap;

/// <summary>How a program ends, seen from the engine: exit code, what was logged, and whether the end was signalled.</summary>
[Collection(ProgramEnvironment.Name)]
public sealed class RunTests
{
    private const int Reported = 32;

    [Fact]
    public async Task A_program_that_ends_well_signals_its_end()
    {
        await using var engine = await StartAsync(new());

        var exitCode = await RunAsync(engine, () => new Dictionary<string, object?> { ["id"] = new Thing("a").Id });

        Assert.Equal(0, exitCode);
        Assert.True(engine.SawSignal);
        Assert.Equal("a-id", Assert.Single(engine.Outputs).Outputs.Fields["id"].StringValue);
    }

    [Fact]
    public async Task An_engine_that_does_not_know_the_signal_is_no_failure()
    {
        await using var engine = await StartAsync(new(knowsSignal: false));

        Assert.Equal(0, await RunAsync(engine, () => new Dictionary<string, object?>()));
    }

    [Fact]
    public async Task A_refused_registration_is_reported_once_and_the_end_is_not_signalled()
    {
        await using var engine = await StartAsync(new(_ => throw new GrpcStatusException(GrpcStatusCode.InvalidArgument, "no such network")));

        var exitCode = await RunAsync(engine, () =>
        {
            var refused = new Thing("a");
            return new Dictionary<string, object?> { ["text"] = refused.Text.Apply(text => text + "!") };
        });

        Assert.Equal(Reported, exitCode);
        Assert.False(engine.SawSignal);
        Assert.Contains("no such network", Assert.Single(engine.Logs, log => log.Severity == LogSeverity.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_logged_error_fails_the_run_at_its_end()
    {
        await using var engine = await StartAsync(new());

        var exitCode = await RunAsync(engine, () =>
        {
            Log.Error("wrong");
            Log.Info("later");
            return new Dictionary<string, object?> { ["id"] = new Thing("a").Id };
        });

        Assert.Equal(1, exitCode);
        Assert.False(engine.SawSignal);
        // Each message travels by itself.
        Assert.Equal(["later", "wrong"], engine.Logs.Where(log => log.Severity > LogSeverity.Debug).Select(log => log.Message).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_operation_that_failed_while_the_engine_goes_on_leaves_unknown_outputs()
    {
        await using var engine = await StartAsync(new(request => new() { Urn = ScriptedEngine.Accept(request).Urn, Object = new Struct(), Result = Pulumirpc.Result.Fail }));
        Output<string>? text = null;

        var exitCode = await RunAsync(engine, () =>
        {
            text = new Thing("a").Text;
            return new Dictionary<string, object?>();
        });

        Assert.Equal(0, exitCode);
        Assert.False(await OutputUtilities.GetIsKnownAsync(text!));
    }

    [Fact]
    public async Task A_property_of_another_type_than_declared_is_a_warning()
    {
        await using var engine = await StartAsync(new(request =>
        {
            var response = ScriptedEngine.Accept(request);
            response.Object.Fields["text"] = Value.ForNumber(1);
            return response;
        }));

        Assert.Equal(0, await RunAsync(engine, () => new Dictionary<string, object?> { ["id"] = new Thing("a").Id }));
        Assert.Contains("text", Assert.Single(engine.Logs, log => log.Severity == LogSeverity.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transform_that_throws_answers_with_an_error()
    {
        GrpcStatusException? answer = null;
        await using var engine = await StartAsync(new(async request =>
        {
            using var client = new GrpcClient(request.Transforms[0].Target);
            var call = new CallbackInvokeRequest { Token = request.Transforms[0].Token, Request = new TransformRequest { Name = request.Name, Properties = request.Object, Options = new() }.ToByteString() };
            answer = await Assert.ThrowsAsync<GrpcStatusException>(() => client.CallAsync(PulumiMethods.Callbacks.Invoke, call, CancellationToken.None));
            return ScriptedEngine.Accept(request);
        }));

        await RunAsync(engine, () =>
        {
            _ = new Thing("a", new() { ResourceTransforms = { (_, _) => throw new FormatException("bad transform") } });
            return new Dictionary<string, object?>();
        });

        Assert.Equal(GrpcStatusCode.Unknown, answer?.StatusCode);
        Assert.Equal("bad transform", answer?.Message);
    }

    [Fact]
    public async Task Without_an_engine_the_program_says_how_to_run_it()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Deployment.RunAsync(() => { }));

        Assert.Contains("re-run using the `pulumi` CLI", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_is_read_in_its_types()
    {
        await using var engine = await StartAsync(new());
        Output<string>? password = null;

        var exitCode = await RunAsync(
            engine,
            () =>
            {
                var config = new Config();
                Assert.Equal(3, config.RequireInt32("replicas"));
                Assert.True(config.GetBoolean("enabled"));
                Assert.Null(config.Get("absent"));
                Assert.Equal(["a", "b"], config.RequireObject<string[]>("names")!);
                Assert.Equal("eu", new Config("aws").Require("region"));
                password = config.RequireSecret("password");
                return new Dictionary<string, object?>();
            },
            """{"spikeproj:replicas":"3","spikeproj:enabled":"true","spikeproj:names":"[\"a\",\"b\"]","aws:config:region":"eu","spikeproj:password":"p"}""");

        Assert.Equal(0, exitCode);
        Assert.True(await Output.IsSecretAsync(password!));
    }

    [Theory]
    [InlineData("port", "eighty", "spikeproj:port")]
    [InlineData("absent", "", "pulumi config set spikeproj:absent")]
    public async Task A_wrong_setting_ends_the_run_with_its_name(string key, string value, string expected)
    {
        await using var engine = await StartAsync(new());

        var exitCode = await RunAsync(engine, () => new Dictionary<string, object?> { ["port"] = new Config().RequireInt32(key) }, $$"""{"spikeproj:port":"{{value}}"}""");

        Assert.Equal(Reported, exitCode);
        Assert.Contains(expected, Assert.Single(engine.Logs, log => log.Severity > LogSeverity.Debug).Message, StringComparison.Ordinal);
    }

    private static async Task<ScriptedEngine> StartAsync(ScriptedEngine engine)
    {
        await engine.StartAsync();
        return engine;
    }

    private static Task<int> RunAsync(ScriptedEngine engine, Func<IDictionary<string, object?>> program, string config = "{}") =>
        ProgramEnvironment.RunAsync(engine.Address, isPreview: false, () => Deployment.RunAsync(program), ("PULUMI_CONFIG", config));

    private sealed class Thing(string name, CustomResourceOptions? options = null)
        : CustomResource("test:index:Thing", name, new DictionaryResourceArgs(ImmutableDictionary<string, object?>.Empty.Add("text", "t")), options)
    {
        [Output("text")]
        public Output<string> Text { get; private set; } = null!;
    }
}
