using Jeju.Infra.Engine;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;
using static Jeju.Infra.Tests.Engine.StackHarness;

namespace Jeju.Infra.Tests.Engine;

public sealed class StepTests : IDisposable
{
    private readonly StackHarness _stack = new();

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task A_new_resource_is_created_and_its_outputs_reach_the_program()
    {
        var result = await _stack.UpAsync(async program =>
        {
            var thing = await program.ThingAsync("a", Of(("color", "red")));
            return Of(("size", program.Output(thing, "size")), ("id", thing.Id));
        });

        Assert.Empty(result.Failures);
        Assert.Equal(Of(("size", 1), ("id", "id-1")), result.Outputs);
        Assert.Equal(2, result.Counts[StepOperation.Create]);
    }

    [Fact]
    public async Task An_unchanged_program_changes_nothing_not_even_the_state_file()
    {
        await _stack.UpAsync(OneThing(("color", "red")));
        var state = await File.ReadAllBytesAsync(_stack.StatePath);
        _stack.Cloud.TakeCalls();

        var result = await _stack.UpAsync(OneThing(("color", "red")));

        Assert.Equal(0, result.ChangeCount);
        Assert.Equal(["check a", "diff a"], _stack.Cloud.TakeCalls());
        Assert.Equal(state, await File.ReadAllBytesAsync(_stack.StatePath));
    }

    [Fact]
    public async Task A_changed_input_updates_in_place()
    {
        await _stack.UpAsync(OneThing(("color", "red")));
        _stack.Cloud.TakeCalls();

        var result = await _stack.UpAsync(OneThing(("color", "blue")));

        Assert.Equal(["update a"], _stack.Cloud.TakeCalls("create", "update", "delete"));
        var difference = Assert.Single(result.Steps.Single(step => step.Operation == StepOperation.Update).Differences);
        Assert.Equal(("color", (PropertyValue)"red", (PropertyValue)"blue"), (difference.Path, difference.Old, difference.New));
        Assert.Equal("id-1", (await _stack.ThingAsync("a")).Id);
    }

    [Fact]
    public async Task A_resource_that_the_program_no_longer_has_is_deleted_after_all_that_needs_it()
    {
        await _stack.UpAsync(async program =>
        {
            var a = await program.ThingAsync("a", Of());
            var b = await program.ThingAsync("b", Of(), request => request.Dependencies.Add(a.Urn));
            await program.ThingAsync("c", Of(), request => request.Dependencies.Add(b.Urn));
        });
        _stack.Cloud.TakeCalls();

        var result = await _stack.UpAsync(_ => Task.CompletedTask);

        Assert.Equal(["delete c", "delete b", "delete a"], _stack.Cloud.TakeCalls());
        Assert.Equal(3, result.Counts[StepOperation.Delete]);
        Assert.Empty(_stack.Cloud.Things);
    }

    [Fact]
    public async Task A_replacement_is_created_first_and_the_old_one_deleted_at_the_end()
    {
        await _stack.UpAsync(OneThing(("key", "1")));
        _stack.Cloud.TakeCalls();

        var result = await _stack.UpAsync(OneThing(("key", "2")));

        Assert.Equal(["create a", "delete a"], _stack.Cloud.TakeCalls("create", "delete"));
        Assert.Equal(1, result.Counts[StepOperation.Replace]);
        Assert.False(result.Counts.ContainsKey(StepOperation.DeleteReplaced));
        Assert.Equal("id-2", (await _stack.ThingAsync("a")).Id);
        Assert.Equal(["id-2"], _stack.Cloud.Things.Keys);
    }

    [Fact]
    public async Task Delete_before_replace_takes_along_what_would_be_replaced_with_it()
    {
        Func<FakeProgram, Task> With(string key) => async program =>
        {
            var a = await program.ThingAsync("a", Of(("key", key)), DeleteFirst);
            // The key of b comes from a, so another a means another b; c only has to come after a.
            await program.ThingAsync("b", Of(("key", program.Output(a, "token"))), request =>
            {
                request.Dependencies.Add(a.Urn);
                request.PropertyDependencies["key"] = new() { Urns = { a.Urn } };
            });
            await program.ThingAsync("c", Of(("color", "red")), request =>
            {
                request.Dependencies.Add(a.Urn);
                request.PropertyDependencies["color"] = new();
            });
        };
        await _stack.UpAsync(With("1"));
        _stack.Cloud.TakeCalls();

        var result = await _stack.UpAsync(With("2"));

        Assert.Empty(result.Failures);
        Assert.Equal(["delete b", "delete a", "create a", "create b"], _stack.Cloud.TakeCalls("create", "update", "delete"));
        Assert.Equal(2, result.Counts[StepOperation.Replace]);
        Assert.Equal(3, _stack.Cloud.Things.Count);
    }

    [Fact]
    public async Task The_providers_wish_to_delete_first_yields_to_the_option()
    {
        _stack.Cloud.DeletesBeforeReplace = true;
        await _stack.UpAsync(OneThing(("key", "1")));
        await _stack.UpAsync(OneThing(("key", "2")));
        Assert.Equal(["create a", "delete a", "create a"], _stack.Cloud.TakeCalls("create", "delete"));

        await _stack.UpAsync(program => program.ThingAsync("a", Of(("key", "3")), request => request.DeleteBeforeReplaceDefined = true));

        Assert.Equal(["create a", "delete a"], _stack.Cloud.TakeCalls("create", "delete"));
    }

    [Fact]
    public async Task A_forced_replacement_replaces_what_is_unchanged()
    {
        await _stack.UpAsync(OneThing(("color", "red")));
        var urn = (await _stack.ThingAsync("a")).Urn;
        _stack.Settings = RunSettings.Default with { Replace = [urn] };

        var result = await _stack.UpAsync(OneThing(("color", "red")));

        Assert.Equal(1, result.Counts[StepOperation.Replace]);
        Assert.Equal(["id-2"], _stack.Cloud.Things.Keys);
    }

    [Fact]
    public async Task Destroy_deletes_everything_in_order_without_the_program()
    {
        await _stack.UpAsync(async program =>
        {
            var group = await program.ComponentAsync("group");
            await program.ThingAsync("a", Of(), request => request.Parent = group.Urn);
        });
        _stack.Cloud.TakeCalls();

        var result = await _stack.DestroyAsync();

        Assert.Empty(result.Failures);
        Assert.Equal(["delete a"], _stack.Cloud.TakeCalls());
        Assert.Empty((await _stack.StateAsync()).Resources);
    }

    [Fact]
    public async Task A_preview_calls_nothing_that_changes_and_leaves_no_state()
    {
        var result = await _stack.PreviewAsync(async program =>
        {
            var a = await program.ThingAsync("a", Of(("color", "red")));
            await program.ThingAsync("b", Of(("source", program.Output(a, "size"))));
            return Of(("size", program.Output(a, "size")), ("color", program.Output(a, "color")));
        });

        Assert.Equal(["check a", "preview-create a", "check b", "preview-create b"], _stack.Cloud.TakeCalls());
        Assert.Equal(Of(("size", PropertyValue.Unknown), ("color", "red")), result.Outputs);
        Assert.False(File.Exists(_stack.StatePath));
        Assert.Empty(_stack.Cloud.Things);
    }

    [Fact]
    public async Task A_preview_of_each_kind_of_change_tells_what_up_then_does()
    {
        Func<FakeProgram, Task> before = async program =>
        {
            await program.ThingAsync("same", Of(("color", "red")));
            await program.ThingAsync("update", Of(("color", "red")));
            await program.ThingAsync("replace", Of(("key", "1")));
            await program.ThingAsync("delete", Of());
        };
        Func<FakeProgram, Task> after = async program =>
        {
            await program.ThingAsync("same", Of(("color", "red")));
            await program.ThingAsync("update", Of(("color", "blue")));
            await program.ThingAsync("replace", Of(("key", "2")));
            await program.ThingAsync("create", Of());
        };
        await _stack.UpAsync(before);

        var preview = await _stack.PreviewAsync(after);
        var up = await _stack.UpAsync(after);

        Assert.Equal(preview.Counts.OrderBy(entry => entry.Key), up.Counts.OrderBy(entry => entry.Key));
        Assert.Equal(1, up.Counts[StepOperation.Create]);
        Assert.Equal(1, up.Counts[StepOperation.Update]);
        Assert.Equal(1, up.Counts[StepOperation.Replace]);
        Assert.Equal(1, up.Counts[StepOperation.Delete]);
    }

    [Fact]
    public async Task Five_hundred_resources_are_created_and_deleted()
    {
        var result = await _stack.UpAsync(program =>
            Task.WhenAll(Enumerable.Range(0, 500).Select(index => program.ThingAsync($"t{index}", Of(("index", index))))));

        Assert.Empty(result.Failures);
        Assert.Equal(500, _stack.Cloud.Things.Count);
        Assert.Equal(502, (await _stack.StateAsync()).Resources.Count);
        Assert.Empty((await _stack.DestroyAsync()).Failures);
        Assert.Empty(_stack.Cloud.Things);
    }

    private static void DeleteFirst(RegisterResourceRequest request)
    {
        request.DeleteBeforeReplace = true;
        request.DeleteBeforeReplaceDefined = true;
    }

    private static Func<FakeProgram, Task> OneThing((string, PropertyValue) input) => program => program.ThingAsync("a", Of(input));
}
