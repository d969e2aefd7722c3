using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Tests.Engine.StackHarness;

namespace Jeju.Infra.Tests.Engine;

public sealed class ReportTests : IDisposable
{
    private readonly StackHarness _stack = new();

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task The_text_shows_exactly_what_changes_under_its_parents()
    {
        await _stack.UpAsync(Program("red", "1", "hunter2"));

        var report = ChangeReport.FromRun(await _stack.PreviewAsync(Program("blue", "2", "hunter3")), "dev") with { Elapsed = null };

        Assert.Equal(
            """
            Preview of dev

                proj-dev  pulumi:pulumi:Stack
                  group  fake:index:Group
              ~     a  fake:index:Thing
                      ~ color: "red" => "blue"
                      ~ password: [secret] => [secret]
            -/+     b  fake:index:Thing  (replaced)
                      ~ key: "1" => "2"  (forces replacement)
              +     c  fake:index:Thing
                      + from: (known after up)
                      + list:
                          - name: "the first one of them"
                            ports: [8545, 8546]
                          - "a text"

            1 to create, 1 to update, 1 to replace, 2 unchanged
            """,
            string.Join('\n', TextReport.Render(report).Select(line => line.ToString().TrimEnd())));
    }

    [Fact]
    public async Task No_secret_is_in_any_of_the_reports()
    {
        var up = await _stack.UpAsync(Program("red", "1", "hunter2"));
        var preview = await _stack.PreviewAsync(Program("blue", "2", "hunter3"));

        foreach (var report in new[] { ChangeReport.FromRun(up, "dev"), ChangeReport.FromRun(preview, "dev") })
        {
            var all = JsonReport.Render(report) + MarkdownReport.Render(report) + string.Join('\n', TextReport.Render(report));
            Assert.DoesNotContain("hunter", all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_json_lists_the_plan_with_its_unknowns_and_their_source()
    {
        var report = ChangeReport.FromRun(await _stack.PreviewAsync(Program("red", "1", "hunter2", withThird: true)), "dev");

        using var json = JsonDocument.Parse(JsonReport.Render(report));
        var resources = json.RootElement.GetProperty("resources").EnumerateArray().ToDictionary(resource => resource.GetProperty("urn").GetString()!.Split("::")[3]);

        Assert.Equal(["a", "b", "c", "group", "proj-dev"], resources.Keys.Order());
        Assert.EndsWith("::a", resources["c"].GetProperty("inputs").GetProperty("from").GetProperty("$unknown").GetProperty("urn").GetString(), StringComparison.Ordinal);
        Assert.True(resources["a"].GetProperty("inputs").GetProperty("password").GetProperty("$secret").GetBoolean());
        Assert.True(resources["b"].GetProperty("options").GetProperty("protect").ValueKind == JsonValueKind.True);
    }

    [Theory]
    [InlineData(true, false, "No plan: 1 unchanged")]
    [InlineData(true, true, "Incomplete plan: 1 to update, 1 unchanged")]
    [InlineData(false, false, "Nothing was changed: 1 unchanged")]
    [InlineData(false, true, "1 updated, 1 unchanged")]
    public void What_failed_is_not_told_as_without_changes(bool isPreview, bool hasChange, string summary)
    {
        var report = new ChangeReport
        {
            Stack = "dev",
            Title = "Preview of dev",
            IsPreview = isPreview,
            Steps = [.. new[] { StepOperation.Same, StepOperation.Update }.Take(hasChange ? 2 : 1).Select(operation => new ResourceStep(operation, "urn:pulumi:dev::proj::fake:index:Thing::a", null, null, []))],
            Failures = [new InfraException(new ErrorCode(702), "A setting is wrong.", "Edit the file.")],
        };

        Assert.Equal(summary, TextReport.Summary(report).ToString());
        Assert.Contains(summary, MarkdownReport.Render(report), StringComparison.Ordinal);
        Assert.DoesNotContain(TextReport.Render(report, tellsFailures: false), line => line.ToString().Contains("A setting is wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_plans_compare_by_resource_and_property()
    {
        var before = await _stack.PreviewAsync(Program("red", "1", "hunter2", withThird: false));
        var after = await _stack.PreviewAsync(Program("blue", "1", "hunter2", withThird: true));
        var written = PlanDocument.Parse(PlanDocument.ToJson(before.Registered));

        var same = ChangeReport.FromPlans("dev", "main", written, before.Registered);
        var report = ChangeReport.FromPlans("dev", "main", written, after.Registered);

        Assert.Empty(same.Changes);
        Assert.Equal(["a", "b", "c"], report.Changes.Select(step => step.Name).Order());
        Assert.Equal("(options)", report.Changes.Single(step => step.Name == "b").Differences[0].Path);
        var changed = report.Changes.Single(step => step.Name == "a");
        Assert.Equal(("color", (PropertyValue)"red", (PropertyValue)"blue"), (changed.Differences[0].Path, changed.Differences[0].Old, changed.Differences[0].New));
        Assert.Contains("-     color: \"red\"\n+     color: \"blue\"", MarkdownReport.Render(report), StringComparison.Ordinal);
    }

    private static Func<FakeProgram, Task> Program(string color, string key, string password, bool? withThird = null) => async program =>
    {
        var group = await program.ComponentAsync("group");
        var a = await program.ThingAsync("a", Of(("color", color), ("password", new PropertySecret(password))), request => request.Parent = group.Urn);
        await program.ThingAsync("b", Of(("key", key)), request =>
        {
            request.Parent = group.Urn;
            request.Protect = withThird == true;
        });
        if (withThird ?? program.IsPreview)
        {
            await program.ThingAsync(
                "c",
                Of(("from", program.Output(a, "size")),
                    ("list", PropertyList.Create([Of(("name", "the first one of them"), ("ports", PropertyList.Create([8545.0, 8546.0]))), "a text"]))),
                request =>
                {
                    request.Parent = group.Urn;
                    request.PropertyDependencies["from"] = new() { Urns = { a.Urn } };
                });
        }
    };
}
