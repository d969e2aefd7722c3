using System.Diagnostics;
using System.Globalization;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Chain;

public class DetachedProcessTests
{
    // In a container whose first process asks late for what became of its children, or never, every stop waited for that.
    [Fact]
    public async Task ProcessThatEndedAndThatNobodyAskedFor_IsNotWaitedFor()
    {
        // What the shell becomes does not know that it has a child.
        using Process parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "true & echo $!; exec sleep 600"]) { RedirectStandardOutput = true })!;
        try
        {
            int ended = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);

            await Eventually.IsTrueAsync("it has ended", TimeSpan.FromSeconds(30), () => Task.FromResult(!DetachedProcess.IsRunning(ended)));
            await DetachedProcess.StopAsync(ended, TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

            Assert.True(DetachedProcess.IsRunning(parent.Id));
        }
        finally
        {
            parent.Kill();
        }
    }
}
