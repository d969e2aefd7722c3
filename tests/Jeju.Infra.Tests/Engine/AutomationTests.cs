using System.Collections.Concurrent;
using Pulumi;
using Pulumi.Automation;
using Pulumi.Automation.Commands.Exceptions;
using Pulumi.Automation.Events;

namespace Jeju.Infra.Tests.Engine;

/// <summary>The automation API with programs in this process; the one with the built program is an end-to-end test.</summary>
public sealed class AutomationTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("jeju-automation-").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [AutomationFact]
    public async Task An_inline_program_is_previewed_deployed_read_and_destroyed()
    {
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(Arguments("greeter", Greeter));
        await stack.SetConfigAsync("greeting", new ConfigValue("hello"));
        await stack.SetConfigAsync("password", new ConfigValue("hunter2", isSecret: true));
        var events = new ConcurrentQueue<EngineEvent>();

        var preview = await stack.PreviewAsync();
        var up = await stack.UpAsync(new UpOptions { OnEvent = events.Enqueue });
        var again = await stack.UpAsync();
        var outputs = await stack.GetOutputsAsync();
        var destroyed = await stack.DestroyAsync();

        Assert.Equal(2, preview.ChangeSummary[OperationType.Create]);
        Assert.Equal("hello", up.Outputs["greeting"].Value);
        Assert.True(up.Outputs["password"].IsSecret);
        Assert.Equal("hunter2", up.Outputs["password"].Value);
        Assert.Equal("hello", outputs["greeting"].Value);
        Assert.Equal([OperationType.Same], again.Summary.ResourceChanges!.Keys);
        Assert.Equal(2, destroyed.Summary.ResourceChanges![OperationType.Delete]);
        Assert.Contains(events, e => e.ResourceOutputsEvent?.Metadata.Type == "test:index:Group");
        Assert.NotNull(events.Last().SummaryEvent);
        Assert.DoesNotContain("hunter2", await System.IO.File.ReadAllTextAsync(Path.Combine(_folder, "Pulumi.dev.yaml")), StringComparison.Ordinal);
    }

    [AutomationFact]
    public async Task A_stack_class_is_an_inline_program_and_its_members_are_the_outputs()
    {
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(Arguments("classy", PulumiFn.Create<ClassyStack>()));

        var up = await stack.UpAsync();

        Assert.Equal("classy", up.Outputs["Project"].Value);
    }

    [AutomationFact]
    public async Task A_program_that_throws_fails_the_run_with_its_message()
    {
        using var stack = await LocalWorkspace.CreateStackAsync(Arguments("thrower", () => throw new RunException("the moon is full")));

        var failure = await Assert.ThrowsAsync<CommandException>(() => stack.UpAsync());

        Assert.Contains("JEJU0116", failure.Message, StringComparison.Ordinal);
    }

    [AutomationFact]
    public async Task A_stack_is_created_once_and_selected_only_when_it_exists()
    {
        await Assert.ThrowsAsync<StackNotFoundException>(() => LocalWorkspace.SelectStackAsync(Arguments("once", Greeter)));
        using (await LocalWorkspace.CreateStackAsync(Arguments("once", Greeter)))
        {
            await Assert.ThrowsAsync<StackAlreadyExistsException>(() => LocalWorkspace.CreateStackAsync(Arguments("once", Greeter)));
        }

        using var selected = await LocalWorkspace.SelectStackAsync(Arguments("once", Greeter));
        await selected.Workspace.RemoveStackAsync("dev");
        await Assert.ThrowsAsync<StackNotFoundException>(() => LocalWorkspace.SelectStackAsync(Arguments("once", Greeter)));
    }

    [AutomationFact]
    public async Task Two_inline_programs_at_once_do_not_see_each_other()
    {
        async Task<object> RunAsync(string project, string greeting)
        {
            using var stack = await LocalWorkspace.CreateOrSelectStackAsync(Arguments(project, () => new Dictionary<string, object?>
            {
                ["project"] = Deployment.Instance.ProjectName,
                ["greeting"] = Output.Create(greeting),
            }));
            return (await stack.UpAsync()).Outputs["project"].Value;
        }

        Assert.Equal(["one", "two"], await Task.WhenAll(RunAsync("one", "a"), RunAsync("two", "b")));
    }

    private static Dictionary<string, object?> Greeter()
    {
        var config = new Config();
        var group = new Group("group");
        return new Dictionary<string, object?>
        {
            ["greeting"] = config.Require("greeting"),
            ["password"] = config.RequireSecret("password"),
            ["urn"] = group.Urn,
        };
    }

    private InlineProgramArgs Arguments(string project, Func<IDictionary<string, object?>> program) => Arguments(project, PulumiFn.Create(program));

    private InlineProgramArgs Arguments(string project, PulumiFn program) => new(project, "dev", program)
    {
        WorkDir = _folder,
        EnvironmentVariables = new Dictionary<string, string?> { ["PULUMI_BACKEND_URL"] = $"file://{_folder}", ["PULUMI_CONFIG_PASSPHRASE"] = "secret" },
    };

    private sealed class ClassyStack : Stack
    {
        [Output]
        public Output<string> Project { get; private set; } = Output.Create(Deployment.Instance.ProjectName);
    }

    private sealed class Group(string name) : ComponentResource("test:index:Group", name);
}
