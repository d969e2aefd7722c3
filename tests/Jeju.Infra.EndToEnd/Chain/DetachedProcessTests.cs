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

    // A killed process of many threads is a zombie by its first one while the last still holds its port: the next chain found it taken.
    [Theory]
    [InlineData("4711 (anvil) S 1 4711 4711 0 -1 4194304 100 0 0 0 10 5 0 0 20 0 9 0 100 0 0", false)]
    [InlineData("4711 (anvil) Z 1 4711 4711 0 -1 4194308 100 0 0 0 10 5 0 0 20 0 3 0 100 0 0", false)]
    [InlineData("4711 (anvil) Z 1 4711 4711 0 -1 4194308 100 0 0 0 10 5 0 0 20 0 1 0 100 0 0", true)]
    [InlineData("4711 (a) Z b) S 1 4711 4711 0 -1 4194304 100 0 0 0 10 5 0 0 20 0 1 0 100 0 0", false)]
    public void ProcessHasEnded_WhenItsLastThreadHas(string facts, bool hasEnded) => Assert.Equal(hasEnded, DetachedProcess.HasEnded(facts));
}
