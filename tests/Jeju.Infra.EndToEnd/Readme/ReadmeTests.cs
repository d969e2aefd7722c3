using System.Reflection;
using System.Text.RegularExpressions;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Readme;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_command_of_the_readme_is_run_by_a_test()
    {
        string[] run =
        [
            .. typeof(ReadmeTests).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods())
                .SelectMany(method => method.GetCustomAttributes<ReadmeCommandAttribute>())
                .Select(attribute => attribute.Command),
        ];

        Assert.Empty(Commands().Except(run));
        Assert.Empty(run.Except(Commands()));
    }

    /// <summary>Every line of a code block, and every command of the table.</summary>
    private static IEnumerable<string> Commands()
    {
        string readme = File.ReadAllText(Path.Combine(JejuScript.Layout.Root, "README.md"));
        return CodeBlock().Matches(readme)
            .SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Concat(TableRow().Matches(readme).Select(row => row.Groups["command"].Value))
            .Distinct();
    }

    [GeneratedRegex("^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^\| `(?<command>\./jeju[^`]*)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
