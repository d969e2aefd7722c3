using System.ComponentModel;
using System.Diagnostics;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>Runs a program of the host (apt-get, dpkg-deb) to its end; a cancelled run is killed with its children.</summary>
internal static class ExternalTool
{
    /// <summary>Runs a program and returns what it wrote to its output.</summary>
    /// <exception cref="InfraException">JEJU0611: it is missing, or it failed; the message holds its last lines.</exception>
    public static async Task<string> ReadAsync(
        string program, IReadOnlyList<string> arguments, string workingFolder, CancellationToken cancellationToken)
    {
        using MemoryStream output = new();
        await RunAsync(
            program, arguments, workingFolder, (stream, token) => stream.CopyToAsync(output, token), cancellationToken).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Runs a program and hands its output to a consumer while it runs.</summary>
    /// <exception cref="InfraException">JEJU0611: it is missing, or it failed; the message holds its last lines.</exception>
    public static async Task RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string workingFolder,
        Func<Stream, CancellationToken, Task> consumeOutput,
        CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using Process process = Start(start);
        try
        {
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await consumeOutput(process.StandardOutput.BaseStream, cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            string errorText = await errors.ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new InfraException(
                    MarketplaceErrors.RecipeFailed,
                    $"{program} {arguments.FirstOrDefault(argument => !argument.StartsWith('-'))} ended with {process.ExitCode}: {LastLines(errorText)}",
                    "See the message of the program; `./jeju images build` tries again.");
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        }
        catch (Win32Exception cause)
        {
            throw new InfraException(
                MarketplaceErrors.RecipeFailed,
                $"{start.FileName} cannot be run: {cause.Message}.",
                "Images are built with apt-get and dpkg-deb of Debian or Ubuntu; elsewhere give the Docker daemon access to a registry.",
                innerException: cause);
        }
    }

    private static string LastLines(string text) => string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3));
}
