using System.Security.Cryptography;
using System.Text.Json;
using Pulumi.Automation;

namespace Jeju.Infra.Scripts;

/// <summary>Brings a localnet up, reads an endpoint from its outputs, and takes it down: what a test bench does around its tests.</summary>
/// <param name="repository">The root of a checkout that is built.</param>
/// <param name="stackName">The stack.</param>
/// <param name="output">Takes the lines of the runs.</param>
internal sealed class LocalnetRoundTrip(string repository, string stackName, Action<string> output)
{
    /// <summary>Runs the whole trip.</summary>
    /// <param name="outputName">The stack output to read.</param>
    /// <param name="memberPath">The names that lead to the text inside of it; empty for the output itself.</param>
    /// <param name="cancellationToken">Ends the trip; what is up by then stays up.</param>
    /// <returns>The text.</returns>
    public async Task<string> RunAsync(string outputName, IReadOnlyList<string> memberPath, CancellationToken cancellationToken)
    {
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(
            new LocalProgramArgs(stackName, repository) { EnvironmentVariables = Environment() }, cancellationToken).ConfigureAwait(false);
        var result = await stack.UpAsync(new UpOptions { OnStandardOutput = output }, cancellationToken).ConfigureAwait(false);
        try
        {
            return Read(result.Outputs[outputName], memberPath);
        }
        finally
        {
            await stack.DestroyAsync(new DestroyOptions { OnStandardOutput = output }, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An output is whatever JSON allows; going through JSON makes it the same for every version of the API.</summary>
    private static string Read(OutputValue value, IReadOnlyList<string> memberPath)
    {
        var element = memberPath.Aggregate(
            JsonSerializer.SerializeToElement(value.Value),
            (current, member) => current.TryGetProperty(member, out var found)
                ? found
                : throw new KeyNotFoundException($"The output has no '{string.Join('.', memberPath)}'; it is {current.ValueKind}."));
        return element.ToString();
    }

    /// <summary>State and passphrase are the localnet's own, so that the script and the `jeju` command see the same stack.</summary>
    private Dictionary<string, string?> Environment()
    {
        var home = System.Environment.GetEnvironmentVariable("JEJU_HOME") is { Length: > 0 } moved ? moved : Path.Combine(repository, ".jeju");
        var state = Directory.CreateDirectory(Path.Combine(home, "state")).FullName;
        var variables = new Dictionary<string, string?> { ["PULUMI_BACKEND_URL"] = $"file://{state}" };
        if (System.Environment.GetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE") is null
            && System.Environment.GetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE_FILE") is null)
        {
            variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = PassphraseFile(home);
        }

        return variables;
    }

    private string PassphraseFile(string home)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(home, stackName)).FullName, "passphrase");
        if (!File.Exists(path))
        {
            File.WriteAllText(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        return path;
    }
}
