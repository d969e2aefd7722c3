using System.Diagnostics;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Foundry's command line client: the independent opinion.</summary>
internal static class Cast
{
    public static async Task<string> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(FoundryFactAttribute.Layout.FoundryTool("cast"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"cast {string.Join(' ', arguments)}: {await error}");
    }
}
