using System.ComponentModel;
using System.Xml;
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
        (context, cancellationToken) => VersionAsync(context, new Tool("git", "git", "`preview --against` reads the other commit with it"), required: false, cancellationToken),
        (context, cancellationToken) => VersionAsync(
            context, new Tool("pulumi", null, "real clouds are deployed with it") { VersionArguments = ["version"] }, required: false, cancellationToken),
        .. Tool.TestClients.Select<Tool, Func<CommandContext, CancellationToken, Task<Finding>>>(
            tool => (context, cancellationToken) => VersionAsync(context, tool, required: false, cancellationToken)),
    ];

    private static async Task<Finding> VersionAsync(CommandContext context, Tool tool, bool required, CancellationToken cancellationToken)
    {
        if (tool.Locate(context) is not string path)
        {
            return new Finding(tool.Program, false, required, $"not found; {tool.Purpose}", tool.Remedy);
        }

        string question = $"{path} {string.Join(' ', tool.VersionArguments)}";
        try
        {
            // What global.json demands of the SDK holds in the checkout, wherever the doctor was called.
            ChildProcessStart start = new(path, [.. tool.VersionArguments]) { WorkingFolder = context.Layout.Root };
            (int exitCode, string text) = await ChildProcess.CaptureAsync(start, cancellationToken);
            string firstLine = text.Split('\n')[0].Trim();
            return exitCode == 0
                ? new Finding(tool.Program, true, required, firstLine, string.Empty)
                : new Finding(tool.Program, false, required, $"{question} ends with {exitCode}: {firstLine}", tool.Remedy);
        }
        catch (Win32Exception cause)
        {
            return new Finding(tool.Program, false, required, $"{path} cannot be run: {cause.Message}", tool.Remedy);
        }
    }

    /// <summary>Which packages the builds of this checkout use, as `./jeju` found out, or a person wrote.</summary>
    internal static Finding PackageMode(CommandContext context)
    {
        const string Subject = "package mode";
        string file = Path.Combine(context.Layout.Root, ".jeju", "packages.props");
        if (!File.Exists(file))
        {
            return new Finding(Subject, false, true, "not found out yet", "Run ./jeju build.");
        }

        return ReadPackageMode(file) switch
        {
            "official" => new Finding(Subject, true, true, "official: the feed has the official packages", string.Empty),
            "airgap" => new Finding(Subject, true, true, "airgap: the feed lacks the official packages, src/AirGap stands in for them", string.Empty),
            var other => new Finding(
                Subject, false, true, $"{file} says '{other}', which is neither 'official' nor 'airgap'", $"Delete {file} and run ./jeju build, which finds it out again."),
        };
    }

    /// <summary>The last assignment counts, as it does for MSBuild; the file may set other properties beside it.</summary>
    private static string ReadPackageMode(string file)
    {
        try
        {
            return XDocument.Load(file).Descendants().LastOrDefault(element => element.Name.LocalName == "JejuPackages")?.Value.Trim() ?? string.Empty;
        }
        catch (XmlException cause)
        {
            return cause.Message;
        }
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
