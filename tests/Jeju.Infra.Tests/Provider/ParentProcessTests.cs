using System.Net;
using System.Net.Sockets;
using Jeju.Infra.Provider.Hosting;

namespace Jeju.Infra.Tests.Provider;

/// <summary>A plugin lives no longer than the engine that started it, also where that dies while the plugin starts.</summary>
public sealed class ParentProcessTests
{
    [Fact]
    public async Task An_engine_that_was_gone_before_the_first_look_is_not_waited_for()
    {
        using TcpListener engine = new(IPAddress.Loopback, 0);
        engine.Start();
        string address = engine.LocalEndpoint.ToString()!;
        engine.Stop();

        await ParentProcess.WaitForExitAsync(address, TimeProvider.System, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_engine_that_listens_and_a_plugin_that_was_started_by_hand_are_waited_for(bool hasEngine)
    {
        using TcpListener engine = new(IPAddress.Loopback, 0);
        engine.Start();
        using CancellationTokenSource stop = new();

        Task waiting = ParentProcess.WaitForExitAsync(hasEngine ? engine.LocalEndpoint.ToString() : null, TimeProvider.System, stop.Token);
        if (hasEngine)
        {
            using TcpClient look = await engine.AcceptTcpClientAsync();
        }

        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
