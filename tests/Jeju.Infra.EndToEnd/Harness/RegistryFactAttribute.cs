using System.ComponentModel;
using System.Diagnostics;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>
/// A test against a real image registry. Where the machine has none, Debian's is fetched once into the folder of the checkout's state, and nothing
/// is installed; where that cannot be had either, the test is skipped with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RegistryFactAttribute : FactAttribute
{
    private const string Name = "docker-registry";
    private static readonly TimeSpan FetchDeadline = TimeSpan.FromSeconds(60);

    private static readonly (string? Program, string? WhyNot) Found = Find();

    public RegistryFactAttribute() => Skip = Found.WhyNot;

    /// <summary>The registry's program; null where it cannot be had.</summary>
    public static string? Program => Found.Program;

    private static (string? Program, string? WhyNot) Find()
    {
        if (DockerFactAttribute.WhyNot is { } noDocker)
        {
            return (null, noDocker);
        }

        if (!Has("docker"))
        {
            return (null, "there is no docker command to push an image with: install docker.io");
        }

        string folder = Path.Combine(JejuScript.Layout.StateFolder, "registry");
        string fetched = Path.Combine(folder, "root", "usr", "bin", Name);
        string[] places = ["/usr/bin/" + Name, "/usr/local/bin/" + Name, fetched];
        return places.FirstOrDefault(File.Exists) is { } program ? (program, null) : Fetch(folder, fetched);
    }

    private static (string? Program, string? WhyNot) Fetch(string folder, string program)
    {
        const string Remedy = "install Debian's package docker-registry, or let apt-get reach its sources";
        if (!Has("apt-get") || !Has("dpkg-deb"))
        {
            return (null, $"there is no {Name}: {Remedy}");
        }

        Directory.CreateDirectory(folder);
        bool isFetched = Run(folder, "apt-get", "download", "-q", Name)
            && Directory.GetFiles(folder, Name + "_*.deb") is [var package, ..]
            && Run(folder, "dpkg-deb", "--extract", package, Path.Combine(folder, "root"))
            && File.Exists(program);
        return isFetched ? (program, null) : (null, $"{Name} cannot be fetched: {Remedy}");
    }

    private static bool Has(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));

    // An attribute cannot wait otherwise.
    private static bool Run(string folder, string tool, params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new(tool, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(FetchDeadline))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
