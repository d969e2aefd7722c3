using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Tests.Engine.StackHarness;

namespace Jeju.Infra.Tests.Engine;

public sealed class FailureTests : IDisposable
{
    private readonly StackHarness _stack = new();

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task After_a_failed_step_nothing_more_is_begun_and_nothing_deleted()
    {
        await _stack.UpAsync(program => program.ThingAsync("old", Of()));
        _stack.Cloud.TakeCalls();

        var result = await _stack.UpAsync(async program =>
        {
            await program.ThingAsync("bad", Of(("fail", "clean")));
            await program.ThingAsync("never", Of());
        });

        var failure = Assert.Single(result.Failures);
        Assert.Contains("the cloud said no", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["create bad"], _stack.Cloud.TakeCalls("create", "delete"));
        Assert.Empty((await _stack.StateAsync()).PendingOperations);
        Assert.Single(_stack.Cloud.Things);
    }

    [Fact]
    public async Task Operations_in_flight_are_brought_to_their_end_and_recorded()
    {
        var slowBegan = new TaskCompletionSource();
        var failed = new TaskCompletionSource();
        _stack.Cloud.OnCall = async call =>
        {
            if (call == "create slow")
            {
                slowBegan.SetResult();
                await failed.Task;
            }
            else if (call == "create bad")
            {
                await slowBegan.Task;
                failed.SetResult();
            }
        };

        var result = await _stack.UpAsync(program => Task.WhenAll(
            program.ThingAsync("slow", Of()), program.ThingAsync("bad", Of(("fail", "clean")))));

        Assert.Single(result.Failures);
        Assert.Equal("slow", Urn.Name((await _stack.StateAsync()).Resources.Single(resource => resource.Type == "fake:index:Thing").Urn));
    }

    [Fact]
    public async Task Invalid_inputs_are_named_with_the_way_out()
    {
        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("name", ""))));

        var failure = Assert.Single(result.Failures);
        Assert.Equal("JEJU0122", failure.Code.ToString());
        Assert.Contains("name: must not be empty", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partly_created_resource_is_kept_and_updated_by_the_next_run()
    {
        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("fail", "partial"))));
        var state = await _stack.ThingAsync("a");
        _stack.Cloud.TakeCalls();

        await _stack.UpAsync(program => program.ThingAsync("a", Of(("fail", "no"))));

        Assert.Contains("it is not ready", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.Equal("id-1", state.Id);
        Assert.Equal(["it is not ready"], state.InitErrors);
        Assert.Equal(["update a"], _stack.Cloud.TakeCalls("create", "update", "delete"));
        Assert.Empty((await _stack.ThingAsync("a")).InitErrors);
    }

    [Fact]
    public async Task A_partly_failed_update_keeps_the_old_inputs_so_that_it_is_tried_again()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red"))));
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "blue"), ("fail", "partial"))));

        Assert.Equal(Of(("color", "red")), (await _stack.ThingAsync("a")).Inputs);
        Assert.Empty((await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "blue"))))).Failures);
        Assert.Equal(Of(("color", "blue")), (await _stack.ThingAsync("a")).Inputs);
    }

    [Fact]
    public async Task A_create_of_which_nobody_knows_the_end_is_found_again_and_continued()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("fail", "lost"))));
        Assert.Equal(PendingOperationKind.Creating, Assert.Single((await _stack.StateAsync()).PendingOperations).Kind);
        _stack.Cloud.TakeCalls();

        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("fail", "no"))));

        Assert.Empty(result.Failures);
        Assert.Equal(["update a"], _stack.Cloud.TakeCalls("create", "update", "delete"));
        Assert.Equal("id-1", (await _stack.ThingAsync("a")).Id);
        Assert.Empty((await _stack.StateAsync()).PendingOperations);
        Assert.Single(_stack.Cloud.Things);
    }

    [Fact]
    public async Task What_an_interrupted_create_left_is_deleted_by_destroy()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("fail", "lost"))));
        Assert.Single(_stack.Cloud.Things);

        var result = await _stack.DestroyAsync();

        Assert.Empty(result.Failures);
        Assert.Empty(_stack.Cloud.Things);
        Assert.Empty((await _stack.StateAsync()).PendingOperations);
    }

    [Fact]
    public async Task An_interrupted_create_that_left_nothing_begins_anew()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("fail", "lost"))));
        _stack.Cloud.Things.Clear();
        _stack.Cloud.Orphans.Clear();

        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of()));

        Assert.Empty(result.Failures);
        Assert.Equal("id-2", (await _stack.ThingAsync("a")).Id);
    }

    [Theory]
    [InlineData(0, "JEJU0115")]
    [InlineData(1, "JEJU0116")]
    [InlineData(134, "JEJU0116")]
    public async Task A_program_that_ends_without_registering_deletes_nothing(int exitCode, string code)
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of()));

        var result = await _stack.UpAsync(new InlineProgram((_, _) => Task.FromResult(exitCode)));

        Assert.Equal(code, Assert.Single(result.Failures).Code.ToString());
        Assert.Single(_stack.Cloud.Things);
    }

    [Fact]
    public async Task A_failed_delete_keeps_the_resource_and_what_it_needs()
    {
        await _stack.UpAsync(async program =>
        {
            var a = await program.ThingAsync("a", Of());
            await program.ThingAsync("b", Of(("fail", "delete")), request => request.Dependencies.Add(a.Urn));
            await program.ThingAsync("c", Of());
        });

        var result = await _stack.DestroyAsync();

        Assert.Single(result.Failures);
        Assert.Equal(["a", "b"], (await _stack.StateAsync()).Resources.Where(state => state.Type == "fake:index:Thing").Select(state => Urn.Name(state.Urn)));
    }

    [Fact]
    public async Task A_replaced_resource_that_could_not_be_deleted_is_deleted_by_the_next_run()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("key", "1"), ("fail", "delete"))));
        var failed = await _stack.UpAsync(program => program.ThingAsync("a", Of(("key", "2"))));
        Assert.Single(failed.Failures);
        Assert.Equal(2, (await _stack.StateAsync()).Resources.Count(state => state.Type == "fake:index:Thing"));
        // The thing lets itself be deleted now.
        var text = await File.ReadAllTextAsync(_stack.StatePath);
        await File.WriteAllTextAsync(_stack.StatePath, text.Replace("\"fail\":\"delete\"", "\"fail\":\"no\"", StringComparison.Ordinal));

        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("key", "2"))));

        Assert.Empty(result.Failures);
        Assert.Equal(1, result.Counts[StepOperation.DeleteReplaced]);
        Assert.Equal(["id-2"], _stack.Cloud.Things.Keys);
    }

    [Fact]
    public async Task A_package_without_plugin_is_planned_and_not_deployed()
    {
        Func<FakeProgram, Task<PropertyMap>> body = async program =>
        {
            var vpc = await program.RegisterAsync("aws:ec2/vpc:Vpc", "vpc", request =>
            {
                request.Parent = program.RootUrn;
                request.Object = PropertyCodec.ToStruct(Of(("cidrBlock", "10.0.0.0/16")));
            });
            return Of(("arn", program.Output(vpc, "arn")), ("cidr", program.Output(vpc, "cidrBlock")));
        };

        var preview = await _stack.PreviewAsync(body);
        var up = await _stack.UpAsync(body);

        Assert.Equal(["aws"], preview.PlanOnlyPackages);
        Assert.Equal(Of(("arn", PropertyValue.Unknown), ("cidr", "10.0.0.0/16")), preview.Outputs);
        var failure = Assert.Single(up.Failures);
        Assert.Equal(("JEJU0110", FailureKind.Refused), (failure.Code.ToString(), failure.Kind));

        // Whoever previews first need not begin: what is made before the refusal is left half done.
        Assert.Equal(("JEJU0110", FailureKind.Refused), (preview.Refusal?.Code.ToString(), preview.Refusal?.Kind));
        Assert.Null((await _stack.PreviewAsync(program => Task.CompletedTask)).Refusal);
    }

    [Fact]
    public async Task A_function_of_a_package_without_plugin_answers_unknown_in_a_preview_and_is_refused_in_a_deployment()
    {
        Func<FakeProgram, Task> body = async program =>
        {
            var answer = await program.InvokeAsync("aws:index/getAvailabilityZones:getAvailabilityZones", Of(("state", "available")));
            Assert.Contains(PropertyValue.Unknown, PropertyCodec.FromStruct(answer.Return).Values);
        };

        var preview = await _stack.PreviewAsync(body);
        var up = await _stack.UpAsync(body);

        Assert.Empty(preview.Failures);
        Assert.Equal(("JEJU0111", FailureKind.Refused), (Assert.Single(up.Failures).Code.ToString(), up.Failures[0].Kind));
    }

    [Fact]
    public async Task A_second_run_of_a_stack_is_refused_while_the_first_one_runs()
    {
        InfraException? refusal = null;
        await _stack.UpAsync(async _ => refusal = await Assert.ThrowsAsync<InfraException>(_stack.DestroyAsync));

        Assert.Equal("JEJU0104", refusal!.Code.ToString());
        Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_state_is_refused_and_not_overwritten()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of()));
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red"))));
        await File.WriteAllTextAsync(_stack.StatePath, "{ \"version\": 3, ");

        var refusal = await Assert.ThrowsAsync<InfraException>(() => _stack.UpAsync(program => program.ThingAsync("a", Of())));

        Assert.Equal("JEJU0102", refusal.Code.ToString());
        Assert.Equal("{ \"version\": 3, ", await File.ReadAllTextAsync(_stack.StatePath));
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(await File.ReadAllTextAsync(_stack.StatePath + ".bak")).RootElement.ValueKind);
    }
}
