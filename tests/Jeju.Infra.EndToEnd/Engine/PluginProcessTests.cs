using Jeju.Infra.Tests.Engine;
using System.Collections.Immutable;
using Pulumi;
using Pulumi.Automation;
using Pulumi.Automation.Commands.Exceptions;

namespace Jeju.Infra.EndToEnd.Engine;

/// <summary>Plugins that do not come up as they should, as real processes.</summary>
public sealed class PluginProcessTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("jeju-plugin-").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("echo 'hello there'; exec sleep 60", "its first line is 'hello there' instead of a port")]
    [InlineData("echo 'no such library' >&2; exit 3", "it ended with exit code 3 (no such library)")]
    public async Task A_plugin_that_does_not_come_up_is_named_with_what_it_said(string script, string reason)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var plugin = Path.Combine(_folder, "plugin", "pulumi-resource-fake");
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(plugin)!);
        await System.IO.File.WriteAllTextAsync(plugin, $"#!/bin/sh\n{script}\n");
        System.IO.File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var failure = await Assert.ThrowsAsync<CommandException>(() => UpAsync());

        Assert.Contains("JEJU0113", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [AutomationFact]
    public async Task A_plugin_that_is_not_built_is_named_with_the_command_that_builds_it()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(() => UpAsync());

        Assert.Contains("JEJU0112", failure.Message, StringComparison.Ordinal);
        Assert.Contains("./jeju build", failure.Message, StringComparison.Ordinal);
    }

    private async Task UpAsync()
    {
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(_folder, "Pulumi.yaml"), "name: plugin-test\nruntime: dotnet\nplugins:\n  providers:\n    - name: fake\n      path: plugin\n");
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(new InlineProgramArgs("plugin-test", "dev", PulumiFn.Create(() =>
        {
            _ = new Thing("a");
        }))
        {
            WorkDir = _folder,
            EnvironmentVariables = new Dictionary<string, string?> { ["PULUMI_BACKEND_URL"] = $"file://{_folder}", ["PULUMI_CONFIG_PASSPHRASE"] = "" },
        });
        await stack.UpAsync();
    }

    private sealed class Thing(string name)
        : CustomResource("fake:index:Thing", name, new DictionaryResourceArgs(ImmutableDictionary<string, object?>.Empty), new CustomResourceOptions());
}
