using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Tests.Engine;

/// <summary>Settings files that are YAML, and still no settings: none is read as if it were empty, and none ends the process.</summary>
public sealed class StackConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("config: 3\n", "line 1: 'config' is no mapping")]
    [InlineData("config:\n  - a\n", "line 2: 'config' is no mapping")]
    [InlineData("- a\n", "its root is no mapping")]
    [InlineData("config:\n  ? [a]\n  : b\n", "line 2: a key is no text")]
    [InlineData("config:\n  p:list:\n    - ? [a]\n      : b\n", "line 3: a key is no text")]
    [InlineData("config:\n  p:list: &all\n    - *all\n", "line 2: a value contains itself")]
    [InlineData("config:\n  p:a: b\n---\nother: c\n", "line 4: a second document begins")]
    [InlineData("config:\n  p:list: [a\n", "line 3: ")]
    public void A_file_of_another_shape_is_refused_with_its_line(string text, string problem)
    {
        InfraException refusal = Assert.Throws<InfraException>(() => Load(text));

        Assert.Equal((new ErrorCode(101), FailureKind.Usage), (refusal.Code, refusal.Kind));
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("config:\n")]
    [InlineData("config: {}\n")]
    public void An_empty_file_has_no_settings(string text) => Assert.Empty(Load(text).Entries);

    [Fact]
    public void A_value_may_stand_in_two_places()
    {
        StackConfig config = Load("config:\n  p:a: &list [x]\n  p:b: *list\n");

        Assert.Equal("[\"x\"]", config.Entries["p:b"].Value);
    }

    private StackConfig Load(string text)
    {
        string file = Path.Combine(_folder, "Pulumi.test.yaml");
        File.WriteAllText(file, text);
        return StackConfig.Load(file, "p");
    }
}
