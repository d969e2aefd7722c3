using System.Globalization;
using System.Text;
using System.Text.Json;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>
/// A copy of the built checkout with its own state, settings and chain port, in which a test runs the real script without disturbing the
/// developer's localnet or another test. Files are hard links, so a copy costs no time and no room.
/// </summary>
internal sealed class LocalnetCheckout : IAsyncDisposable
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(6);

    private static readonly string[] Parts =
    [
        "jeju", "Pulumi.yaml", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig",
        "BannedSymbols.txt", "stacks", "images", "contracts", ".jeju/packages.props", ".jeju/build",
        "artifacts/bin/Jeju.Infra.Cli", "artifacts/bin/Jeju.Infra.Provider", "artifacts/bin/Jeju.Infra.Stacks", "src/Jeju.Infra.Provider/pulumi-resource-jeju",
    ];

    private LocalnetCheckout(string root, int chainPort)
    {
        Layout = new RepositoryLayout(root);
        ChainPort = chainPort;
    }

    /// <summary>Where everything of this copy lies.</summary>
    public RepositoryLayout Layout { get; }

    /// <summary>The port of this copy's chain.</summary>
    public int ChainPort { get; }

    /// <summary>Variables for the commands, beside those that are removed from the developer's environment.</summary>
    public Dictionary<string, string?> Environment { get; } = new()
    {
        // What the developer has set is for his own localnet.
        ["JEJU_HOME"] = null,
        ["JEJU_ROOT"] = null,
        ["NETWORK"] = null,
        ["PULUMI_CONFIG_PASSPHRASE"] = null,
        ["PULUMI_CONFIG_PASSPHRASE_FILE"] = null,
    };

    /// <summary>Makes a copy with the default settings.</summary>
    public static async Task<LocalnetCheckout> CreateAsync()
    {
        RepositoryLayout source = JejuScript.Layout;
        string copies = Path.Combine(source.StateFolder, "e2e");
        Directory.CreateDirectory(copies);
        string root = Path.Combine(copies, Path.GetRandomFileName());
        Directory.CreateDirectory(root);
        await RunSuccessfullyAsync(new ChildProcessStart("cp", ["-al", "--parents", .. Parts.Where(part => Path.Exists(Path.Combine(source.Root, part))), root])
        {
            WorkingFolder = source.Root,
        });
        LocalnetCheckout checkout = new(root, LoopbackPort.Next());
        checkout.DeclareBuilt();
        await checkout.WriteSettingsAsync();
        return checkout;
    }

    /// <summary>What is copied is what is tested: an edit in the checkout during the tests must not make the copy build itself.</summary>
    private void DeclareBuilt()
    {
        string stamps = Path.Combine(Layout.StateFolder, "build");
        Directory.CreateDirectory(stamps);
        // The lock and the logs of the checkout's own build, which may go on beside the tests: they would be one file with the copy's.
        foreach (string own in Directory.EnumerateFiles(stamps).Where(file => Path.GetFileName(file) is "lock" || Path.GetExtension(file) is ".log"))
        {
            File.Delete(own);
        }

        foreach (string stamp in new[] { "product", "contracts" })
        {
            string file = Path.Combine(stamps, stamp);
            File.Delete(file);
            File.Create(file).Dispose();
        }
    }

    /// <summary>Writes the settings of the localnet: its port, and what else is given, as lines of YAML below <c>config</c>.</summary>
    /// <param name="settings">Names without the project, and values as YAML.</param>
    public async Task WriteSettingsAsync(params (string Name, string Value)[] settings)
    {
        StringBuilder text = new("config:\n");
        IEnumerable<(string, string)> all = settings.Any(setting => setting.Name == "chainPort")
            ? settings
            : settings.Prepend(("chainPort", ChainPort.ToString(CultureInfo.InvariantCulture)));
        foreach ((string name, string value) in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"  jeju-infra:{name}: {value}\n");
        }

        // The old file is a hard link to the developer's: it must be replaced, not written.
        string file = Layout.StackSettingsFile("localnet");
        File.Delete(file);
        await File.WriteAllTextAsync(file, text.ToString());
    }

    /// <summary>Starts a description of a run of the script in this copy.</summary>
    public ChildProcessStart Jeju(params string[] arguments) => new(Path.Combine(Layout.Root, "jeju"), arguments)
    {
        WorkingFolder = Layout.Root,
        Environment = Environment,
    };

    /// <summary>Runs the script in this copy.</summary>
    public async Task<CommandRun> RunAsync(params string[] arguments)
    {
        using CancellationTokenSource deadline = new(CommandDeadline);
        return await CommandRun.RunAsync(Jeju(arguments), deadline.Token);
    }

    /// <summary>Brings the localnet up; the test fails where that fails.</summary>
    public async Task<CommandRun> UpAsync() => (await RunAsync("up")).Succeeded();

    /// <summary>One output of the stack as text, with its secret.</summary>
    public async Task<string> OutputAsync(string name) => (await RunAsync("outputs", name, "--show-secrets")).Succeeded().Text;

    /// <summary>Runs a command with <c>--json</c> and reads its standard output.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        CommandRun run = (await RunAsync([.. arguments, "--json"])).Succeeded();
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command of the built tool without the script, with <c>--json</c>, and reads its standard output.</summary>
    public async Task<JsonElement> ToolJsonAsync(params string[] arguments)
    {
        ChildProcessStart start = new(Layout.CommandLineTool, [.. arguments, "--json"]) { WorkingFolder = Layout.Root, Environment = Environment };
        using JsonDocument document = JsonDocument.Parse((await RunSuccessfullyAsync(start)).Output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs Foundry's <c>cast</c> against this copy's chain.</summary>
    public async Task<string> CastAsync(params string[] arguments)
    {
        using CancellationTokenSource deadline = new(CommandDeadline);
        string url = $"http://127.0.0.1:{ChainPort.ToString(CultureInfo.InvariantCulture)}";
        return (await CommandRun.RunAsync(new ChildProcessStart(Layout.FoundryTool("cast"), [.. arguments, "--rpc-url", url]), deadline.Token))
            .Succeeded().Text;
    }

    /// <summary>Asks Postgres one question with its own client.</summary>
    public static async Task<string> PsqlAsync(string connectionString, string query) =>
        (await RunSuccessfullyAsync(Psql(connectionString, query))).Text;

    /// <summary>As <see cref="PsqlAsync"/>, but null where Postgres does not answer.</summary>
    public static Task<string?> TryPsqlAsync(string connectionString, string query) => TryAsync(Psql(connectionString, query));

    /// <summary>Sends Redis one command with its own client.</summary>
    public static async Task<string> RedisAsync(string connectionString, params string[] command) =>
        (await RunSuccessfullyAsync(Redis(connectionString, command))).Text;

    /// <summary>As <see cref="RedisAsync"/>, but null where Redis does not answer.</summary>
    public static Task<string?> TryRedisAsync(string connectionString, params string[] command) => TryAsync(Redis(connectionString, command));

    private static ChildProcessStart Psql(string connectionString, string query) =>
        new("psql", connectionString, "--tuples-only", "--no-align", "--command", query);

    private static ChildProcessStart Redis(string connectionString, string[] command) =>
        new("redis-cli", ["--no-auth-warning", "-u", connectionString, .. command]);

    private static async Task<string?> TryAsync(ChildProcessStart start)
    {
        using CancellationTokenSource deadline = new(CommandDeadline);
        CommandRun run = await CommandRun.RunAsync(start, deadline.Token);
        return run.ExitCode == 0 ? run.Text : null;
    }

    /// <summary>Removes whatever is left of this copy's localnet, and the copy.</summary>
    public async ValueTask DisposeAsync()
    {
        Environment.Remove("DOCKER_HOST");
        CommandRun reset = await RunAsync("localnet", "reset");
        reset.Succeeded();
        Directory.Delete(Layout.Root, recursive: true);
    }

    private static async Task<CommandRun> RunSuccessfullyAsync(ChildProcessStart start)
    {
        using CancellationTokenSource deadline = new(CommandDeadline);
        return (await CommandRun.RunAsync(start, deadline.Token)).Succeeded();
    }
}
