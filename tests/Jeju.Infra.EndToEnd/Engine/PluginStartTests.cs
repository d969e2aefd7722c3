using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.EndToEnd.Engine;

/// <summary>
/// The file that `pulumi` starts as the plugin. Pulumi reads Pulumi.yaml before anything is built, and refuses a plugin folder that does not exist:
/// the folder must be one of the sources, and what lies in it must build the plugin where there is none, or an old one after a pull.
/// </summary>
public sealed class PluginStartTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly string Source = ProjectFile.Load(JejuScript.Layout.Root).PluginDirectories["jeju"];

    private readonly string _root = Directory.CreateTempSubdirectory("jeju-start-").FullName;

    private string Launcher => Path.Combine(_root, Path.GetRelativePath(JejuScript.Layout.Root, Source), "pulumi-resource-jeju");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_plugins_folder_is_in_a_fresh_clone_with_a_program_of_the_name_that_pulumi_looks_for()
    {
        using CancellationTokenSource deadline = new(Deadline);
        string path = Path.GetRelativePath(JejuScript.Layout.Root, Path.Combine(Source, "pulumi-resource-jeju"));

        (int exitCode, string listed) = await ChildProcess.CaptureAsync(
            new ChildProcessStart("git", ["ls-files", "--stage", path]) { WorkingFolder = JejuScript.Layout.Root }, deadline.Token);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("100755 ", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_clone_builds_its_plugin_before_it_starts_it_and_writes_nothing_before_the_plugins_port()
    {
        await LayAsync(built: false);

        (string[] output, string[] errors) = await StartAsync(engine: null);

        Assert.Equal(["4711", "with 127.0.0.1:1"], output);
        Assert.Equal(["building: build"], errors);
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(true, "embedded", false)]
    [InlineData(false, null, false)]
    public async Task A_built_plugin_is_looked_at_where_pulumi_starts_it_and_a_build_has_left_its_stamp(bool stamped, string? engine, bool looked)
    {
        await LayAsync(built: true);
        if (stamped)
        {
            Directory.CreateDirectory(Path.Combine(_root, ".jeju", "build"));
            await File.WriteAllTextAsync(Path.Combine(_root, ".jeju", "build", "product"), string.Empty);
        }

        (string[] output, string[] errors) = await StartAsync(engine);

        Assert.Equal(["4711", "with 127.0.0.1:1"], output);
        Assert.Equal(looked ? ["building: build"] : [], errors);
    }

    /// <summary>A checkout with the real file, and in place of the script and of what it builds two that say what they were asked.</summary>
    private async Task LayAsync(bool built)
    {
        RepositoryLayout layout = new(_root);
        Directory.CreateDirectory(Path.GetDirectoryName(Launcher)!);
        File.Copy(Path.Combine(Source, "pulumi-resource-jeju"), Launcher);
        string plugin = layout.ProviderPlugin;
        await WriteProgramAsync(
            Path.Combine(_root, "jeju"),
            $"echo 'jeju: everything is built' >&2; echo \"building: $*\"; mkdir -p '{Path.GetDirectoryName(plugin)}'; printf '#!/bin/sh\\necho 4711; echo with $*\\n' > '{plugin}'; chmod +x '{plugin}'");
        if (built)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(plugin)!);
            await WriteProgramAsync(plugin, "echo 4711; echo with $*");
        }
    }

    private async Task<(string[] Output, string[] Errors)> StartAsync(string? engine)
    {
        using CancellationTokenSource deadline = new(Deadline);
        List<string> output = [];
        List<string> errors = [];
        int exitCode = await ChildProcess.RunAsync(
            new ChildProcessStart(Launcher, ["127.0.0.1:1"]) { WorkingFolder = Path.GetTempPath(), Environment = new Dictionary<string, string?> { ["JEJU_ENGINE"] = engine } }, output.Add, errors.Add, deadline.Token);
        Assert.Equal(0, exitCode);
        return ([.. output], [.. errors]);
    }

    private static async Task WriteProgramAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{text}\n");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
