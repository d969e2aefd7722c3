using System.Diagnostics.CodeAnalysis;
using Jeju.Infra.AirGap.SdkGen;
using Jeju.Infra.AirGap.SdkGen.CSharp;

return await SdkGenerator.RunAsync(args);

/// <summary>SdkGen PACKAGE VERSION FOLDER CACHE: reads resources.txt and dialect.txt of a folder, writes its Generated folder.</summary>
internal static class SdkGenerator
{
    [SuppressMessage("ApiDesign", "RS0030", Justification = "An entry point: MSBuild reads the error from here.")]
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var package, var version, var folder, var cache])
        {
            await Console.Error.WriteLineAsync("SdkGen : error JEJU0020: usage: SdkGen PACKAGE VERSION FOLDER CACHE");
            return 2;
        }
        try
        {
            await GenerateAsync(package, version, folder, cache);
            return 0;
        }
        catch (InvalidDataException exception)
        {
            await Console.Error.WriteLineAsync($"{folder}/resources.txt : error JEJU0021: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync(
                $"SdkGen : error JEJU0022: The npm package @pulumi/{package} {version} cannot be had: {exception.Message.ReplaceLineEndings(" ")} "
                + $"Check the npm registry (npm config get registry), or put the package into {cache}.");
        }
        return 1;
    }

    private static async Task GenerateAsync(string package, string version, string folder, string cache)
    {
        Directory.CreateDirectory(cache);
        var names = new PackageNames(package, Dialect.Read(Path.Combine(folder, "dialect.txt")));
        var npm = await NpmPackage.OpenAsync($"@pulumi/{package}", version, cache, Generator.IsRead, CancellationToken.None);
        var sources = Generator.Run(npm, names, version, ResourceList.Read(Path.Combine(folder, "resources.txt")));

        var output = Directory.CreateDirectory(Path.Combine(folder, "Generated")).FullName;
        foreach (var stale in Directory.EnumerateFiles(output, "*.g.cs").Where(file => !sources.ContainsKey(Path.GetFileName(file)[..^".g.cs".Length])))
        {
            File.Delete(stale);
        }
        foreach (var (name, code) in sources)
        {
            await File.WriteAllTextAsync(Path.Combine(output, $"{name}.g.cs"), code.ToString());
        }
        // Last, so that a generation that was broken off is done again.
        await File.WriteAllTextAsync(Path.Combine(output, "generated.stamp"), $"{package} {version}: {sources.Count} files\n");
    }
}
