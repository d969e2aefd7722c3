using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;
using static Jeju.Infra.Tests.Engine.StackHarness;

namespace Jeju.Infra.Tests.Engine;

public sealed class OptionTests : IDisposable
{
    private readonly StackHarness _stack = new();

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task A_protected_resource_is_neither_deleted_nor_replaced()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("key", "1")), request => request.Protect = true));

        var removed = await _stack.UpAsync(_ => Task.CompletedTask);
        var replaced = await _stack.UpAsync(program => program.ThingAsync("a", Of(("key", "2")), request => request.Protect = true));
        var destroyed = await _stack.DestroyAsync();

        Assert.All([removed, replaced, destroyed], result => Assert.Equal("JEJU0120", Assert.Single(result.Failures).Code.ToString()));
        Assert.Single(_stack.Cloud.Things);
    }

    [Fact]
    public async Task Protection_is_inherited_and_can_be_taken_off()
    {
        Func<FakeProgram, Task> With(bool isProtected) => async program =>
        {
            var group = await program.ComponentAsync("group", request => request.Protect = isProtected);
            await program.ThingAsync("a", Of(), request => request.Parent = group.Urn);
        };
        await _stack.UpAsync(With(true));
        Assert.True((await _stack.ThingAsync("a")).Protect);

        var result = await _stack.UpAsync(With(false));

        Assert.Equal(0, result.ChangeCount);
        Assert.Empty((await _stack.DestroyAsync()).Failures);
        Assert.Empty(_stack.Cloud.Things);
    }

    [Fact]
    public async Task Ignored_changes_keep_the_old_input_and_others_pass()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red"), ("tags", Of(("x", "1"), ("y", "1"))))));

        await _stack.UpAsync(program => program.ThingAsync(
            "a", Of(("color", "blue"), ("tags", Of(("x", "2"), ("y", "2")))), request => request.IgnoreChanges.Add("tags.x")));

        Assert.Equal(Of(("color", "blue"), ("tags", Of(("x", "1"), ("y", "2")))), (await _stack.ThingAsync("a")).Inputs);
    }

    [Fact]
    public async Task Replace_on_changes_makes_a_replacement_of_an_update()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red"))));

        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "blue")), request => request.ReplaceOnChanges.Add("color")));

        var step = result.Steps.Single(candidate => candidate.Operation == StepOperation.Replace);
        Assert.True(Assert.Single(step.Differences).ForcesReplacement);
    }

    [Fact]
    public async Task A_resource_to_replace_that_the_stack_does_not_have_is_refused_before_anything_changes()
    {
        await _stack.UpAsync(program => program.ThingAsync("apple", Of(("color", "red"))));
        _stack.Settings = new RunSettings { Replace = ["aple"] };

        var error = await Assert.ThrowsAsync<InfraException>(() => _stack.UpAsync(program => program.ThingAsync("apple", Of(("color", "blue")))));

        Assert.Equal((new ErrorCode(138), FailureKind.Usage), (error.Code, error.Kind));
        Assert.Equal("The stack has no resource 'aple' to replace.", error.Message);
        Assert.Equal("Name one that it has, such as apple.", error.Remedy);
        Assert.Equal("red", (await _stack.ThingAsync("apple")).Inputs.Find("color"));
    }

    [Fact]
    public async Task A_retained_resource_leaves_the_state_and_stays()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(), request => request.RetainOnDelete = true));

        var result = await _stack.UpAsync(_ => Task.CompletedTask);

        Assert.Equal(1, result.Counts[StepOperation.Discard]);
        Assert.Single(_stack.Cloud.Things);
        Assert.DoesNotContain((await _stack.StateAsync()).Resources, resource => resource.Type == "fake:index:Thing");
    }

    [Fact]
    public async Task What_goes_with_another_is_not_deleted_by_itself()
    {
        await _stack.UpAsync(async program =>
        {
            var a = await program.ThingAsync("a", Of());
            await program.ThingAsync("b", Of(), request => request.DeletedWith = a.Urn);
        });
        _stack.Cloud.TakeCalls();

        await _stack.DestroyAsync();

        Assert.Equal(["delete a"], _stack.Cloud.TakeCalls());
        Assert.Empty((await _stack.StateAsync()).Resources);
    }

    [Fact]
    public async Task An_alias_renames_without_touching_the_resource()
    {
        await _stack.UpAsync(program => program.ThingAsync("old", Of(("color", "red"))));

        var result = await _stack.UpAsync(program => program.ThingAsync("new", Of(("color", "red")), request =>
            request.Aliases.Add(new Alias { Spec = new() { Name = "old", NoParent = false } })));

        Assert.Equal(0, result.ChangeCount);
        Assert.Equal("id-1", (await _stack.ThingAsync("new")).Id);
        Assert.Equal(0, (await _stack.UpAsync(program => program.ThingAsync("new", Of(("color", "red"))))).ChangeCount);
    }

    [Fact]
    public async Task The_children_of_a_renamed_component_follow_it()
    {
        Func<FakeProgram, Task> Named(string name, string? former) => async program =>
        {
            var group = await program.ComponentAsync(name, request =>
            {
                if (former is not null)
                {
                    request.Aliases.Add(new Alias { Spec = new() { Name = former, NoParent = false } });
                }
            });
            await program.ThingAsync($"{name}-vpc", Of(("color", "red")), request => request.Parent = group.Urn);
        };
        await _stack.UpAsync(Named("oldname", former: null));

        var result = await _stack.UpAsync(Named("newname", "oldname"));

        Assert.Equal(0, result.ChangeCount);
        Assert.Equal("id-1", (await _stack.ThingAsync("newname-vpc")).Id);
    }

    [Fact]
    public async Task A_child_that_moves_to_another_parent_is_found_by_its_alias()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of()));

        var result = await _stack.UpAsync(async program =>
        {
            var group = await program.ComponentAsync("group");
            await program.ThingAsync("a", Of(), request =>
            {
                request.Parent = group.Urn;
                request.Aliases.Add(new Alias { Spec = new() { NoParent = true } });
            });
        });

        Assert.Equal(1, result.ChangeCount);
        Assert.Equal("id-1", (await _stack.ThingAsync("a")).Id);
    }

    [Fact]
    public async Task Two_resources_of_one_name_are_refused()
    {
        var result = await _stack.UpAsync(program => Task.WhenAll(program.ThingAsync("a", Of()), program.ThingAsync("a", Of())));

        Assert.Equal("JEJU0121", Assert.Single(result.Failures).Code.ToString());
    }

    [Fact]
    public async Task An_import_takes_over_what_is_there()
    {
        _stack.Cloud.Things["given"] = Of(("color", "red"), ("size", 1), ("token", "t"));

        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red")), request => request.ImportId = "given"));
        var again = await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red")), request => request.ImportId = "given"));

        Assert.Empty(result.Failures);
        Assert.Equal(1, result.Counts[StepOperation.Import]);
        Assert.Equal("given", (await _stack.ThingAsync("a")).Id);
        Assert.Equal(0, again.ChangeCount);
    }

    [Fact]
    public async Task An_import_of_nothing_fails()
    {
        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(), request => request.ImportId = "none"));

        Assert.Equal("JEJU0124", Assert.Single(result.Failures).Code.ToString());
    }

    [Fact]
    public async Task A_resource_that_is_only_read_is_never_deleted()
    {
        _stack.Cloud.Things["given"] = Of(("color", "red"));

        await _stack.UpAsync(async program => Of(("color", PropertyCodec.FromStruct((await program.ReadAsync("fake:index:Thing", "a", "given")).Properties)["color"])));
        var state = await _stack.ThingAsync("a");
        await _stack.DestroyAsync();

        Assert.True(state.External);
        Assert.Single(_stack.Cloud.Things);
    }

    [Fact]
    public async Task Custom_timeouts_are_kept_in_seconds()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(), request => request.CustomTimeouts = new() { Create = "300000000000ns", Delete = "1h30m" }));

        Assert.Equal(new ResourceTimeouts(300, 0, 5400, 0), (await _stack.ThingAsync("a")).CustomTimeouts);
    }

    [Fact]
    public async Task An_explicit_provider_reaches_the_children_and_its_replacement_replaces_them()
    {
        Func<FakeProgram, Task> In(string region) => async program =>
        {
            var provider = await program.RegisterAsync("pulumi:providers:fake", "here", request =>
            {
                request.Parent = program.RootUrn;
                request.Object = PropertyCodec.ToStruct(Of(("region", region)));
            });
            var group = await program.ComponentAsync("group", request => request.Providers["fake"] = $"{provider.Urn}::{provider.Id}");
            await program.ThingAsync("a", Of(("color", "red")), request => request.Parent = group.Urn);
        };
        await _stack.UpAsync(In("east"));
        var first = await _stack.ThingAsync("a");
        Assert.Contains("pulumi:providers:fake::here::", first.Provider, StringComparison.Ordinal);
        Assert.Equal(0, (await _stack.UpAsync(In("east"))).ChangeCount);

        var result = await _stack.UpAsync(In("west"));

        Assert.Empty(result.Failures);
        Assert.Contains(result.Steps, step => step.Operation == StepOperation.Replace && step.Name == "a");
        Assert.Single(_stack.Cloud.Things);
    }

    [Fact]
    public async Task An_invoke_reaches_the_provider()
    {
        var result = await _stack.UpAsync(async program =>
            PropertyCodec.FromStruct((await program.InvokeAsync("fake:index:echo", Of(("x", 1)))).Return));

        Assert.Equal(Of(("echo", Of(("x", 1)))), result.Outputs);
    }
}
