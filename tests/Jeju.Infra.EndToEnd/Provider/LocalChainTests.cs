using System.Diagnostics;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.EndToEnd.Provider;

public sealed class LocalChainTests : IAsyncLifetime
{
    private readonly LocalStack _stack = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _stack.DisposeAsync().AsTask();

    [Fact]
    public async Task A_killed_chain_is_a_change_that_up_repairs_and_destroy_leaves_nothing()
    {
        var first = (await _stack.UpAsync()).RequireSuccess();
        var genesis = first.Output("chain")["genesisHash"];
        var anvil = (await FindAsync()) ?? throw new InvalidOperationException("the chain does not run");
        Assert.Equal(anvil.Identity.Genesis.ToString(), Assert.IsType<PropertyString>(genesis).Value);

        var second = (await _stack.UpAsync()).RequireSuccess();
        Assert.Empty(second.Changes);

        using (var process = Process.GetProcessById(anvil.ProcessId))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        var preview = (await _stack.PreviewAsync()).RequireSuccess();
        Assert.Contains("Update chain", preview.Changes);
        Assert.Contains(preview.Diagnostics, line => line.Message.Contains("Anvil does not run", StringComparison.Ordinal));
        Assert.Null(await FindAsync());

        var refreshed = (await _stack.RefreshAsync()).RequireSuccess();
        Assert.True(refreshed.Result.Succeeded);

        var third = (await _stack.UpAsync()).RequireSuccess();
        Assert.Contains("Update chain", third.Changes);
        Assert.Equal(genesis, third.Output("chain")["genesisHash"]);

        (await _stack.DestroyAsync()).RequireSuccess();
        Assert.Null(await FindAsync());
        Assert.False(Directory.Exists(_stack.Chain.Folder));
    }

    private Task<LocalChain?> FindAsync() => AnvilProcess.FindAsync(_stack.Chain, TimeProvider.System, CancellationToken.None);
}
