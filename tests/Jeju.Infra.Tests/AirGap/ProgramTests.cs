using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace Jeju.Infra.Tests.AirGap;

/// <summary>Programs under mocks: what is registered, how a failure ends the run, and what a transformation may change.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_resource_that_the_engine_refuses_ends_the_run_and_leaves_nothing_waiting()
    {
        var mocks = new RecordingMocks { Refuse = "broken" };

        var exception = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync(mocks, new(), () =>
        {
            var broken = new Thing("broken", new());
            _ = new Thing("after", new() { Text = broken.Text });
        }).WaitAsync(Patience, TimeProvider.System));

        Assert.Contains("refused", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(mocks.Resources, resource => resource.Name == "after");
    }

    [Fact]
    public async Task An_exception_of_the_program_ends_the_run_while_a_resource_is_still_made()
    {
        var mocks = new RecordingMocks { Hold = new TaskCompletionSource() };

        var exception = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync(mocks, new(), (Action)(() =>
        {
            _ = new Thing("slow", new());
            throw new RunException("a setting is wrong");
        })).WaitAsync(Patience, TimeProvider.System));

        Assert.Equal("a setting is wrong", exception.Message);
    }

    [Fact]
    public async Task A_logged_error_fails_the_run()
    {
        var exception = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync(new EmptyMocks(), new(), () => Log.Error("no such network")));

        Assert.Equal("no such network", exception.Message);
    }

    [Fact]
    public async Task A_missing_required_argument_is_named()
    {
        var exception = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync(new EmptyMocks(), new(), () => _ = new Thing("thing", new() { Demanded = null! })));

        Assert.Contains(nameof(ThingArgs.Demanded), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task An_output_that_the_engine_leaves_out_is_unknown_in_a_preview_and_empty_in_an_update(bool isPreview, bool isKnown)
    {
        Output<string?>? missing = null;

        await Deployment.TestAsync(new RecordingMocks(), new TestOptions { IsPreview = isPreview }, () => missing = new Thing("thing", new()).Missing);

        Assert.Equal(isKnown, await OutputUtilities.GetIsKnownAsync(missing!));
        Assert.Null(await OutputUtilities.GetValueAsync(missing!));
    }

    [Fact]
    public async Task A_transformation_of_the_stack_sees_every_resource()
    {
        var mocks = new RecordingMocks();

        await Deployment.TestAsync<TransformedStack>(mocks);

        Assert.All(mocks.Resources.Where(resource => resource.Type == Thing.Token), resource => Assert.Equal("changed", resource.Inputs["text"]));
        Assert.Equal(2, mocks.Resources.Count(resource => resource.Type == Thing.Token));
    }

    [Fact]
    public async Task A_child_takes_its_provider_from_the_component()
    {
        var mocks = new RecordingMocks();

        await Deployment.TestAsync(mocks, new TestOptions { IsPreview = false }, () =>
        {
            var provider = new ProviderResource("test", "own", ResourceArgs.Empty, new CustomResourceOptions());
            _ = new Group("group", new() { Providers = { provider } });
        });

        var child = Assert.Single(mocks.Resources, resource => resource.Type == Thing.Token);
        Assert.EndsWith("$pulumi:providers:test::own::own-id", child.Provider, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_component_sends_its_arguments()
    {
        var mocks = new RecordingMocks();

        await Deployment.TestAsync(mocks, new TestOptions { IsPreview = false }, () => _ = new Group("group", null, new ThingArgs { Text = "mine" }));

        var component = Assert.Single(mocks.Resources, resource => resource.Type == Group.Token);
        Assert.Equal(["demanded", "text"], component.Inputs.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("given", component.Inputs["demanded"]);
    }

    [Fact]
    public async Task A_stack_without_a_value_for_its_output_is_refused_with_the_name()
    {
        var exception = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync<ForgetfulStack>(new EmptyMocks()));

        Assert.Contains("Endpoint", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_among_the_outputs_of_a_component_stays_secret()
    {
        var mocks = new RecordingMocks();

        await Deployment.TestAsync(mocks, new(), () => _ = new Group("group"));

        var outputs = Assert.Single(mocks.Outputs, outputs => outputs.Urn.EndsWith("::group", StringComparison.Ordinal));
        Assert.Equal(["token"], outputs.Outputs.Keys);
        Assert.True(await Output.IsSecretAsync(outputs.Outputs["token"]));
    }

    [Fact]
    public async Task What_a_function_returns_goes_to_the_test_and_its_stack_is_no_resource_of_it()
    {
        var mocks = new RecordingMocks();

        var (resources, outputs) = await Deployment.TestAsync(mocks, new(), () =>
        {
            _ = new Thing("thing", new());
            return new Dictionary<string, object?> { ["answer"] = 42 };
        });

        Assert.Equal(42, outputs["answer"]);
        Assert.IsType<Thing>(Assert.Single(resources));
        Assert.Empty(Assert.Single(mocks.Outputs).Outputs);
    }

    [Fact]
    public async Task Several_logged_errors_come_together()
    {
        var exception = await Assert.ThrowsAsync<AggregateException>(() => Deployment.TestAsync(new EmptyMocks(), new(), () =>
        {
            Log.Error("no such network");
            Log.Error("no such region");
        }));

        Assert.Equal(["no such network", "no such region"], exception.InnerExceptions.Select(inner => Assert.IsType<RunException>(inner).Message));
    }

    [Fact]
    public void Merged_options_join_lists_and_take_the_later_value()
    {
        var merged = CustomResourceOptions.Merge(
            new() { Protect = true, IgnoreChanges = { "a" }, Version = "1" }, new() { Protect = false, IgnoreChanges = { "b" } });

        Assert.False(merged.Protect);
        Assert.Equal(["a", "b"], merged.IgnoreChanges);
        Assert.Equal("1", merged.Version);
    }

    private sealed class ThingArgs : ResourceArgs
    {
        [Input("text")]
        public Input<string>? Text { get; set; }

        [Input("demanded", required: true)]
        public Input<string> Demanded { get; set; } = "given";
    }

    private sealed class Thing(string name, ThingArgs args, CustomResourceOptions? options = null) : CustomResource(Token, name, args, options)
    {
        public const string Token = "test:index:Thing";

        [Output("text")]
        public Output<string> Text { get; private set; } = null!;

        [Output("missing")]
        public Output<string?> Missing { get; private set; } = null!;
    }

    private sealed class Group : ComponentResource
    {
        public const string Token = "test:index:Group";

        public Group(string name, ComponentResourceOptions? options = null, ThingArgs? args = null)
            : base(Token, name, args, options)
        {
            _ = new Thing($"{name}-thing", new(), new() { Parent = this });
            RegisterOutputs(new Dictionary<string, object?> { ["token"] = Output.CreateSecret("t"), ["none"] = null });
        }
    }

    private sealed class TransformedStack : Stack
    {
        public TransformedStack()
            : base(new StackOptions { ResourceTransformations = { Change } })
        {
            _ = new Thing("first", new());
            _ = new Group("group");
        }

        private static ResourceTransformationResult? Change(ResourceTransformationArgs args) =>
            args.Args is ThingArgs ? new(new ThingArgs { Text = "changed" }, args.Options) : null;
    }

    private sealed class ForgetfulStack : Stack
    {
        [Output]
        public Output<string> Endpoint { get; private set; } = null!;
    }

    private sealed class RecordingMocks : IMocks
    {
        public string? Refuse { get; init; }

        public TaskCompletionSource? Hold { get; init; }

        public ConcurrentQueue<MockResourceArgs> Resources { get; } = new();

        public ConcurrentQueue<MockRegisterResourceOutputsRequest> Outputs { get; } = new();

        public async Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            if (args.Name == Refuse)
            {
                throw new InvalidOperationException("the engine refused");
            }
            Resources.Enqueue(args);
            await (Hold?.Task ?? Task.CompletedTask);
            return ($"{args.Name}-id", args.Inputs);
        }

        public Task<object> CallAsync(MockCallArgs args) => Task.FromResult<object>(ImmutableDictionary<string, object>.Empty);

        public Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args)
        {
            Outputs.Enqueue(args);
            return Task.CompletedTask;
        }
    }
}
