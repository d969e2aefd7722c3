using System.Xml.Linq;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Prerequisites;

/// <summary>The questions of <c>jeju doctor</c>, in the order of its answers.</summary>
internal static class Examinations
{
    public static IReadOnlyList<Func<CommandContext, CancellationToken, Task<Finding>>> All { get; } =
    [
        (context, cancellationToken) => VersionAsync(context, new Tool("dotnet", null, "everything is built with it"), required: true, cancellationToken),
        (context, cancellationToken) => VersionAsync(context, new Tool("node", "nodejs", "npm needs it"), required: true, cancellationToken),
        (context, cancellationToken) => VersionAsync(context, new Tool("npm", "npm", "it brings anvil, forge and cast"), required: true, cancellationToken),
        (context, _) => Task.FromResult(PackageMode(context)),
        (context, _) => Task.FromResult(FoundryTool(context, "anvil")),
        (context, _) => Task.FromResult(FoundryTool(context, "forge")),
        (context, _) => Task.FromResult(FoundryTool(context, "cast")),
        DockerAsync,
        .. Tool.TestClients.Select<Tool, Func<CommandContext, CancellationToken, Task<Finding>>>(
            tool => (context, cancellationToken) => VersionAsync(context, tool, required: false, cancellationToken)),
    ];

    private static async Task<Finding> VersionAsync(CommandContext context, Tool tool, bool required, CancellationToken cancellationToken)
    {
        if (tool.Locate(context) is not string path)
        {
            return new Finding(tool.Program, false, required, $"not found; {tool.Purpose}", tool.Remedy);
        }

        (int exitCode, string text) = await ChildProcess.CaptureAsync(new ChildProcessStart(path, "--version"), cancellationToken);
        return exitCode == 0
            ? new Finding(tool.Program, true, required, text.Split('\n')[0], string.Empty)
            : new Finding(tool.Program, false, required, $"{path} --version ends with {exitCode}", tool.Remedy);
    }

    private static Finding PackageMode(CommandContext context)
    {
        string file = Path.Combine(context.Layout.Root, ".jeju", "packages.props");
        return File.Exists(file)
            ? new Finding("package mode", true, true, XDocument.Load(file).Root?.Value ?? string.Empty, string.Empty)
            : new Finding("package mode", false, true, "not found out yet", "Run ./jeju build.");
    }

    private static Finding FoundryTool(CommandContext context, string name)
    {
        string path = context.Layout.FoundryTool(name);
        return File.Exists(path)
            ? new Finding(name, true, true, path, string.Empty)
            : new Finding(name, false, true, $"{path} does not exist", "Run ./jeju build, which runs npm ci in contracts.");
    }

    private static async Task<Finding> DockerAsync(CommandContext context, CancellationToken cancellationToken)
    {
        DockerPrerequisite engine = new(context);
        return await engine.WhyNotAsync(cancellationToken) is string reason
            ? new Finding("docker", false, true, reason, "Run ./jeju up as root on Debian or Ubuntu, or install and start the Docker Engine.")
            : new Finding("docker", true, true, $"answers on {engine.SocketPath}", string.Empty);
    }
}
