using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Tests.Engine;

/// <summary>A member of a group of settings is changed in its place, and nothing else is.</summary>
public sealed class StackConfigEditorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(
        "config:\n  p:group:\n    # why\n    other: 1\n    member: old\n  p:next: x\n",
        "config:\n  p:group:\n    # why\n    other: 1\n    member: \"new\"\n  p:next: x\n")]
    [InlineData(
        "config:\n  p:group:\n    nested:\n      member: theirs\n  p:next:\n    member: theirs\n",
        "config:\n  p:group:\n    member: \"new\"\n    nested:\n      member: theirs\n  p:next:\n    member: theirs\n")]
    [InlineData(
        "config:\n  p:next: x\nencryptionsalt: v1\n",
        "config:\n  p:next: x\n  p:group:\n    member: \"new\"\nencryptionsalt: v1\n")]
    public async Task A_member_is_set_in_its_group_and_everything_else_stays(string before, string after)
    {
        string file = Path.Combine(_folder, "Pulumi.test.yaml");
        await File.WriteAllTextAsync(file, before);

        await StackConfigEditor.SetMemberAsync(file, "p:group", "member", "new", CancellationToken.None);

        Assert.Equal(after, await File.ReadAllTextAsync(file));
        Assert.Equal(file, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public async Task A_group_in_one_line_is_refused_and_the_file_stays()
    {
        string file = Path.Combine(_folder, "Pulumi.test.yaml");
        const string Text = "config:\n  p:group: { member: old }\n";
        await File.WriteAllTextAsync(file, Text);

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(
            () => StackConfigEditor.SetMemberAsync(file, "p:group", "member", "new", CancellationToken.None));

        Assert.Equal(new ErrorCode(132), refusal.Code);
        Assert.Equal(Text, await File.ReadAllTextAsync(file));
    }
}
