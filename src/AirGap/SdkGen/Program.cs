using Jeju.Infra.AirGap.SdkGen;
using Jeju.Infra.AirGap.SdkGen.CSharp;

// SdkGen PACKAGE VERSION FOLDER CACHE: reads resources.txt and dialect.txt of a folder, writes its Generated folder.
if (args is not [var package, var version, var folder, var cache])
{
    throw new ArgumentException("usage: SdkGen PACKAGE VERSION FOLDER CACHE");
}
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
await File.WriteAllTextAsync(Path.Combine(output, "generated.stamp"), $"{package} {version}: {sources.Count} files\n");
