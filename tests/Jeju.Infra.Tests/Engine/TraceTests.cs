using System.Text.Json;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Tests.Engine.StackHarness;

namespace Jeju.Infra.Tests.Engine;

/// <summary>A traced preview says from which output an unknown value comes.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly StackHarness _stack = new();

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task An_unknown_names_the_output_that_it_comes_from()
    {
        var plain = await _stack.PreviewAsync(Program);
        _stack.Settings = RunSettings.Default with { TracesOutputs = true };
        var traced = await _stack.PreviewAsync(Program);

        var joined = PlanTrace.Join(plain.Registered, traced.Registered);

        using var json = JsonDocument.Parse(PlanDocument.ToJson(joined));
        var unknown = json.RootElement.EnumerateArray().Single(resource => resource.GetProperty("urn").GetString()!.EndsWith("::b", StringComparison.Ordinal))
            .GetProperty("inputs").GetProperty("from").GetProperty("$unknown");
        Assert.EndsWith("::a", unknown.GetProperty("urn").GetString(), StringComparison.Ordinal);
        Assert.Equal("size", unknown.GetProperty("property").GetString());
        Assert.All(traced.Registered.SelectMany(resource => resource.Dependencies), urn => Assert.DoesNotContain("#", urn, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_without_a_trace_differs_from_none_with_one()
    {
        var plain = await _stack.PreviewAsync(Program);
        _stack.Settings = RunSettings.Default with { TracesOutputs = true };
        var joined = PlanTrace.Join(plain.Registered, (await _stack.PreviewAsync(Program)).Registered);
        var read = PlanDocument.Parse(PlanDocument.ToJson(joined));

        Assert.All(PlanDocument.Compare(plain.Registered, joined), step => Assert.Equal(StepOperation.Same, step.Operation));
        Assert.All(PlanDocument.Compare(plain.Registered, read), step => Assert.Equal(StepOperation.Same, step.Operation));
        Assert.All(PlanDocument.Compare(read, joined), step => Assert.Equal(StepOperation.Same, step.Operation));
    }

    [Fact]
    public void A_text_of_outputs_and_more_is_kept_with_its_placeholders()
    {
        const string urn = "urn:pulumi:dev::proj::aws:s3/bucket:Bucket::logs";
        var text = $$"""{"Resource":"{{OutputTrace.Placeholder(urn, "arn")}}/*"}""";

        var resource = Assert.Single(PlanTrace.Join([Resource(PropertyValue.Unknown)], [Resource(text)]));

        Assert.Equal(text, resource.ComposedTexts["policy"]);
        Assert.Equal([new OutputSource(urn, "arn")], resource.UnknownSources["policy"]);
    }

    [Fact]
    public void The_libraries_beside_a_program_say_which_outputs_are_texts()
    {
        LibraryTypes types = new(AppContext.BaseDirectory);

        Assert.True(types.OutputsOf("aws:ec2/vpc:Vpc")["arn"]);
        Assert.False(types.OutputsOf("aws:route53/zone:Zone")["nameServers"]);
        Assert.True(types.OutputsOf("gcp:sql/databaseInstance:DatabaseInstance")["connectionName"]);
        Assert.Empty(types.OutputsOf("aws:ec2/nothing:Nothing"));
        Assert.Empty(types.OutputsOf("none:index:Nothing"));
    }

    private static async Task Program(FakeProgram program)
    {
        var a = await program.ThingAsync("a", Of(("color", "red")));
        await program.ThingAsync("b", Of(("from", program.Output(a, "size"))), request =>
        {
            // As the SDK does: what an output depends on by itself, and what the engine said of it.
            request.PropertyDependencies["from"] = new() { Urns = { a.Urn } };
            request.Dependencies.Add(a.Urn);
            if (a.PropertyDependencies.TryGetValue("size", out var marks))
            {
                request.PropertyDependencies["from"].Urns.Add(marks.Urns);
                request.Dependencies.Add(marks.Urns);
            }
        });
    }

    private static PlannedResource Resource(PropertyValue policy) => new()
    {
        Urn = "urn:pulumi:dev::proj::aws:s3/bucketPolicy:BucketPolicy::logs", Type = "aws:s3/bucketPolicy:BucketPolicy", Inputs = Of(("policy", policy)),
        Parent = "", Dependencies = [], Provider = "", Options = PropertyMap.Empty,
    };
}
