using System.Runtime.InteropServices;
using System.Text.Json;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>
/// A file of the program that this checkout builds, or of the .NET runtime that runs it here. Both go into an image as they are: what was tested is what is deployed, and no feed is asked for anything.
/// </summary>
/// <param name="Path">Relative to the image's root.</param>
/// <param name="Source">The file on this machine.</param>
/// <param name="IsExecutable">Mode 0755 rather than 0644.</param>
internal sealed record ProgramFile(string Path, string Source, bool IsExecutable)
{
    /// <summary>Where a program looks for its runtime when nothing tells it otherwise.</summary>
    private const string RuntimeFolder = "usr/share/dotnet";

    /// <summary>All files, ordered by path.</summary>
    /// <param name="executable">The built program.</param>
    /// <param name="place">Its folder in the image.</param>
    /// <exception cref="InfraException">JEJU0611: the program is not built, or the runtime lacks a part.</exception>
    public static IReadOnlyList<ProgramFile> Of(string executable, string place)
    {
        string folder = System.IO.Path.GetDirectoryName(executable)!;
        if (!File.Exists(executable))
        {
            throw Failed($"The program {executable} is not built.", "Run `./jeju build`.");
        }

        if (!OperatingSystem.IsLinux())
        {
            throw Failed("An image of this checkout's own program holds the runtime of this machine, which is not Linux.", "Build it on Linux.");
        }

        // .../shared/Microsoft.NETCore.App/10.0.1/
        DirectoryInfo running = new(RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/'));
        DirectoryInfo root = running.Parent!.Parent!.Parent!;
        return
        [
            .. FilesOf(folder, place)
                .Concat(Frameworks(executable + ".runtimeconfig.json").SelectMany(framework => Part($"shared/{framework}/{running.Name}")))
                .Concat(Part($"host/fxr/{running.Name}"))
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];

        IEnumerable<ProgramFile> Part(string part) => Directory.Exists(System.IO.Path.Combine(root.FullName, part))
            ? FilesOf(System.IO.Path.Combine(root.FullName, part), $"{RuntimeFolder}/{part}")
            : throw Failed($"The runtime in {root.FullName} has no {part}.", "Install the .NET SDK completely.");
    }

    private static IEnumerable<ProgramFile> FilesOf(string folder, string place) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => new ProgramFile(
            $"{place}/{System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/')}",
            file,

            // Libraries are loaded, not executed; some packages mark them all the same.
            !OperatingSystem.IsWindows() && System.IO.Path.GetExtension(file).Length == 0 && File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute)));

    private static IEnumerable<string> Frameworks(string configuration)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(configuration));
            JsonElement options = json.RootElement.GetProperty("runtimeOptions");
            IEnumerable<JsonElement> frameworks = options.TryGetProperty("frameworks", out JsonElement many) ? many.EnumerateArray() : [options.GetProperty("framework")];
            return frameworks.Select(framework => framework.GetProperty("name").GetString()!).Append("Microsoft.NETCore.App").Distinct().ToList();
        }
        catch (Exception cause) when (cause is IOException or JsonException or KeyNotFoundException)
        {
            throw Failed($"{configuration} does not say which frameworks the program needs: {cause.Message}", "Run `./jeju build`.");
        }
    }

    private static InfraException Failed(string message, string remedy) => new(MarketplaceErrors.RecipeFailed, message, remedy);
}
