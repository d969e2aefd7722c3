using System.Collections.Immutable;
using System.Text.Json;
using Pulumi;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace Jeju.Infra.Tests.AirGap;

/// <summary>Outputs carry their value, whether it is known and secret, and what it depends on, through everything that is made of them.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Apply_on_a_known_value_gives_the_result()
    {
        var output = Output.Create(20).Apply(value => value + 1).Apply(value => Task.FromResult(value * 2));

        Assert.Equal(42, await OutputUtilities.GetValueAsync(output));
        Assert.True(await OutputUtilities.GetIsKnownAsync(output));
    }

    [Fact]
    public async Task Apply_on_an_unknown_value_never_calls_back()
    {
        var called = false;

        var output = OutputUtilities.CreateUnknown(1).Apply(value => called = true);

        Assert.False(await OutputUtilities.GetIsKnownAsync(output));
        Assert.False(called);
    }

    [Fact]
    public async Task A_result_that_is_an_output_keeps_its_own_marks()
    {
        var secret = Output.Create("a").Apply(value => Output.CreateSecret(value + "b"));
        var unknown = Output.CreateSecret("a").Apply(_ => OutputUtilities.CreateUnknown("b"));

        Assert.Equal("ab", await OutputUtilities.GetValueAsync(secret));
        Assert.True(await Output.IsSecretAsync(secret));
        Assert.False(await OutputUtilities.GetIsKnownAsync(unknown));
        Assert.True(await Output.IsSecretAsync(unknown));
    }

    [Fact]
    public async Task A_secret_stays_secret_until_it_is_unsecreted()
    {
        var secret = Output.CreateSecret("password").Apply(value => value.Length);

        Assert.True(await Output.IsSecretAsync(secret));
        Assert.False(await Output.IsSecretAsync(Output.Unsecret(secret)));
        Assert.Equal(8, await OutputUtilities.GetValueAsync(Output.Unsecret(secret)));
    }

    [Fact]
    public async Task Format_joins_the_marks_of_its_parts()
    {
        Input<string> user = "jeju";
        var url = Output.Format($"postgres://{user}:{Output.CreateSecret("pw")}@{"localhost"}:{5432}");

        Assert.Equal("postgres://jeju:pw@localhost:5432", await OutputUtilities.GetValueAsync(url));
        Assert.True(await Output.IsSecretAsync(url));
    }

    [Fact]
    public async Task All_and_Tuple_are_known_only_when_every_part_is()
    {
        var all = Output.All(Output.Create(1), OutputUtilities.CreateUnknown(2));
        var tuple = Output.Tuple(Output.Create(1), Output.CreateSecret("two"), Output.Create(3.0));

        Assert.False(await OutputUtilities.GetIsKnownAsync(all));
        Assert.Equal((1, "two", 3.0), await OutputUtilities.GetValueAsync(tuple));
        Assert.True(await Output.IsSecretAsync(tuple));
    }

    [Fact]
    public async Task JsonSerialize_awaits_the_outputs_inside()
    {
        var json = Output.JsonSerialize(Output.Create(new { Name = "n", Token = Output.CreateSecret("t") }), new JsonSerializerOptions(JsonSerializerDefaults.Web));

        Assert.Equal("""{"name":"n","token":"t"}""", await OutputUtilities.GetValueAsync(json));
        Assert.True(await Output.IsSecretAsync(json));
    }

    [Fact]
    public async Task A_list_and_a_map_are_what_was_added()
    {
        InputList<string> list = ["a", Output.Create("b")];
        list.AddRange(new[] { "c" });
        InputMap<string> map = new() { ["x"] = "1" };
        map["x"] = Output.Create("1");
        map.Add("y", "3");

        Assert.Equal(["a", "b", "c"], (await OutputUtilities.GetValueAsync(list.ToOutput())).ToArray());
        Assert.Equal(new Dictionary<string, string> { ["x"] = "1", ["y"] = "3" }, (await OutputUtilities.GetValueAsync(map.ToOutput())).ToDictionary());
    }

    [Fact]
    public async Task A_map_takes_no_second_value_of_a_key()
    {
        InputMap<string> map = new() { ["x"] = "1" };
        map["x"] = "2";

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => OutputUtilities.GetValueAsync(map.ToOutput()));
        Assert.Contains("'x'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_union_knows_which_of_its_types_it_holds()
    {
        InputUnion<string, int> input = 7;
        var union = await OutputUtilities.GetValueAsync(input.ToOutput());

        Assert.True(union.IsT1);
        Assert.Equal("7", union.Match(text => text, number => $"{number}"));
        Assert.Throws<InvalidOperationException>(() => union.AsT0);
    }

    [Fact]
    public async Task An_exception_in_a_callback_comes_out_of_everything_that_is_made_of_it()
    {
        var broken = Output.Create("no number").Apply(int.Parse);

        await Assert.ThrowsAsync<FormatException>(() => OutputUtilities.GetValueAsync(broken.Apply(value => value)));
        await Assert.ThrowsAsync<FormatException>(() => OutputUtilities.GetValueAsync(Output.Format($"{broken}")));
        await Assert.ThrowsAsync<FormatException>(() => OutputUtilities.GetValueAsync(Output.Tuple(broken, Output.Create(2))));
    }

    [Fact]
    public async Task Text_of_an_output_says_how_to_get_at_its_value()
    {
        string? text = null;

        await Deployment.TestAsync(new EmptyMocks(), new(), () => text = Output.Create("value").ToString());

        Assert.Contains("Output.Format", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependency_is_handed_on()
    {
        ImmutableHashSet<Resource> dependencies = [];
        Resource? made = null;

        await Deployment.TestAsync(new Pulumi.Testing.EmptyMocks(), new(), async () =>
        {
            var resource = new CustomResource("test:index:Thing", "thing", ResourceArgs.Empty, new CustomResourceOptions());
            made = resource;
            dependencies = await OutputUtilities.GetDependenciesAsync(Output.All(resource.Id, Output.Create("x")).Apply(list => list.Length));
        });

        Assert.Equal([made!], dependencies);
    }
}
