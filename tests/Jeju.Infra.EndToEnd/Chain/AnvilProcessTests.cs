using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>The local chain is found, adopted, kept and stopped; what else uses its port is named and left alone.</summary>
public class AnvilProcessTests
{
    [FoundryFact]
    public async Task SecondStart_AdoptsTheRunningChain()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();

        LocalChain again = await AnvilProcess.StartAsync(anvil.Settings, TimeProvider.System, CancellationToken.None);

        Assert.True(again.Adopted);
        Assert.Equal(anvil.Client.Identity, again.Identity);
        Assert.Single(DetachedProcess.Find(anvil.Settings.ProcessMarker));
    }

    [FoundryFact]
    public async Task StoppedChain_ComesBackWithItsStateAndGenesis_AndAResetOneDoesNot()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        await anvil.RpcAsync("evm_mine");
        await anvil.SaveAsync();

        await AnvilProcess.StopAsync(anvil.Settings, TimeProvider.System, CancellationToken.None);
        Assert.Null(await AnvilProcess.FindAsync(anvil.Settings, TimeProvider.System, CancellationToken.None));
        LocalChain back = await AnvilProcess.StartAsync(anvil.Settings, TimeProvider.System, CancellationToken.None);
        ulong height = await anvil.Client.GetBlockNumberAsync(CancellationToken.None);
        await AnvilProcess.ResetAsync(anvil.Settings, TimeProvider.System, CancellationToken.None);

        Assert.Equal(anvil.Client.Identity, back.Identity);
        Assert.Equal(1UL, height);
        Assert.False(Directory.Exists(anvil.Settings.Folder));
    }

    // An Anvil that loads a state makes a first block of its own beforehand, and its next dump has both.
    [FoundryFact]
    public async Task ChainThatIsStartedAgainAndAgain_StaysTheSameChain()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        List<ChainIdentity> identities = [];
        for (int start = 0; start < 5; start++)
        {
            await anvil.RpcAsync("evm_mine");
            await anvil.SaveAsync();
            await AnvilProcess.StopAsync(anvil.Settings, TimeProvider.System, CancellationToken.None);
            identities.Add((await AnvilProcess.StartAsync(anvil.Settings, TimeProvider.System, CancellationToken.None)).Identity);
        }

        Assert.All(identities, identity => Assert.Equal(anvil.Client.Identity, identity));
        Assert.Equal(5UL, await anvil.Client.GetBlockNumberAsync(CancellationToken.None));
    }

    // Their orders have the same ids, so containers and networks of the one were taken for the other's.
    [FoundryFact]
    public async Task ChainsThatBeginInTheSameSecond_AreNotTheSameChain()
    {
        await using TestAnvil one = await TestAnvil.StartAsync();
        await using TestAnvil other = await TestAnvil.StartAsync();
        string[] origins = [await File.ReadAllTextAsync(one.Settings.GenesisFile), await File.ReadAllTextAsync(other.Settings.GenesisFile)];

        Assert.NotEqual(one.Client.Identity.Genesis, other.Client.Identity.Genesis);
        Assert.Equal(2, origins.Select(origin => JsonDocument.Parse(origin).RootElement.GetProperty("coinbase").GetString()).Distinct().Count());
    }

    [FoundryFact]
    public async Task PortOfAnotherProgram_IsNamed()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        LocalChainSettings settings = SettingsOn(((IPEndPoint)other.LocalEndpoint).Port);
        Task answering = AnswerNonsenseAsync(other);

        InfraException error = await Assert.ThrowsAsync<InfraException>(
            () => AnvilProcess.StartAsync(settings, TimeProvider.System, CancellationToken.None));

        Assert.Equal("JEJU0801", error.Code.ToString());
        Assert.Empty(DetachedProcess.Find(settings.ProcessMarker));
        other.Stop();
        await answering;
        Directory.Delete(settings.Folder, recursive: true);
    }

    [FoundryFact]
    public async Task PortOfAnotherChain_AndOfAForeignNode_AreRefused()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        LocalChainSettings sameChain = SettingsOn(anvil.Settings.Port);
        LocalChainSettings otherChain = SettingsOn(anvil.Settings.Port) with { ChainId = 1 };

        InfraException foreign = await Assert.ThrowsAsync<InfraException>(
            () => AnvilProcess.StartAsync(sameChain, TimeProvider.System, CancellationToken.None));
        InfraException wrong = await Assert.ThrowsAsync<InfraException>(
            () => AnvilProcess.StartAsync(otherChain, TimeProvider.System, CancellationToken.None));

        Assert.Equal("JEJU0802", foreign.Code.ToString());
        Assert.Equal(ChainErrors.WrongChainCode, wrong.Code);
        Assert.Equal(FailureKind.Refused, wrong.Kind);
        Directory.Delete(sameChain.Folder, recursive: true);
        Directory.Delete(otherChain.Folder, recursive: true);
    }

    [FoundryFact]
    public async Task Keeper_SavesAfterABlock_AndEndsWithAnvil()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        Task keeper = ChainKeeper.RunAsync(anvil.Settings, TimeProvider.System, Assert.Fail, CancellationToken.None);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        Address receiver = AnvilAccounts.All[7].Address;
        await pipeline.SendAsync(new ContractCall(receiver, [], "gift", 7), CancellationToken.None);
        await pipeline.SendAsync(new ContractCall(receiver, [], "gift", 70), CancellationToken.None);
        System.Numerics.BigInteger before = await anvil.Client.GetBalanceAsync(receiver, CancellationToken.None);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (!File.Exists(anvil.Settings.StateFile) || !(await File.ReadAllTextAsync(anvil.Settings.StateFile, deadline.Token)).Contains("\"best_block_number\":2", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }

        await anvil.KillAsync();
        await keeper.WaitAsync(deadline.Token);
        await AnvilProcess.StartAsync(anvil.Settings, TimeProvider.System, CancellationToken.None);

        Assert.Equal(before, await anvil.Client.GetBalanceAsync(receiver, CancellationToken.None));
    }

    // Anvil writes blocks and accounts one after the other: such a dump may have what a block did without its events and receipts.
    [FoundryFact]
    public async Task Dump_DuringWhichABlockCameOrWasComing_IsNotTaken()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        BlockCursor genesis = (await anvil.Client.GetLatestBlockAsync(CancellationToken.None)).Cursor;
        byte[]? atRest = await StateDump.TakeAsync(anvil.Client, genesis, TimeProvider.System, CancellationToken.None);
        await anvil.RpcAsync("evm_mine");
        byte[]? blockCame = await StateDump.TakeAsync(anvil.Client, genesis, TimeProvider.System, CancellationToken.None);
        BlockCursor first = (await anvil.Client.GetLatestBlockAsync(CancellationToken.None)).Cursor;
        await anvil.RpcAsync("evm_setAutomine", false);
        await anvil.RpcAsync("eth_sendTransaction", new { from = AnvilAccounts.Operator.Address.ToString(), to = AnvilAccounts.All[7].Address.ToString() });

        byte[]? blockWasComing = await StateDump.TakeAsync(
            anvil.Client, first, new WaitingTime(() => anvil.RpcAsync("evm_mine")), CancellationToken.None);
        BlockCursor second = (await anvil.Client.GetLatestBlockAsync(CancellationToken.None)).Cursor;
        await anvil.RpcAsync("eth_sendTransaction", new { from = AnvilAccounts.Operator.Address.ToString(), to = AnvilAccounts.All[7].Address.ToString() });
        byte[]? noBlockForLong = await StateDump.TakeAsync(anvil.Client, second, new WaitingTime(() => Task.CompletedTask), CancellationToken.None);

        Assert.NotNull(atRest);
        Assert.Null(blockCame);
        Assert.Null(blockWasComing);
        Assert.NotEqual(first, second);
        Assert.NotNull(noBlockForLong);
    }

    [FoundryFact]
    public async Task KeeperWhoseFolderIsAwayForAWhile_TellsItOnce_AndSavesAgain()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        ConcurrentQueue<string> reports = new();
        using CancellationTokenSource stop = new();
        Task keeper = ChainKeeper.RunAsync(anvil.Settings, TimeProvider.System, reports.Enqueue, stop.Token);
        TimeSpan limit = TimeSpan.FromSeconds(30);
        await Eventually.IsTrueAsync("a first dump", limit, () => Task.FromResult(File.Exists(anvil.Settings.StateFile)));
        string elsewhere = anvil.Settings.Folder + ".elsewhere";
        Directory.Move(anvil.Settings.Folder, elsewhere);
        await anvil.RpcAsync("evm_mine");
        await Eventually.IsTrueAsync("a failed dump", limit, () => Task.FromResult(!reports.IsEmpty));
        await anvil.RpcAsync("evm_mine");

        Directory.Move(elsewhere, anvil.Settings.Folder);

        await Eventually.IsTrueAsync(
            "a dump of the second block",
            limit,
            async () => (await File.ReadAllTextAsync(anvil.Settings.StateFile)).Contains("\"best_block_number\":2", StringComparison.Ordinal));
        await stop.CancelAsync();
        await keeper.WaitAsync(limit);
        Assert.Contains("not saved", Assert.Single(reports), StringComparison.Ordinal);
    }

    [FoundryFact]
    public async Task EventsAreFollowed_AcrossAKillOfTheNode_AndARollbackIsTold()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(60));
        await anvil.RpcAsync("anvil_mine", 5);
        await anvil.SaveAsync();
        await using IAsyncEnumerator<LogBatch> batches = anvil.Client.FollowAsync(LogFilter.Of(), null, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal(5UL, batches.Current.Through.Number);
        await anvil.RpcAsync("evm_mine");
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal((6UL, false), (batches.Current.Through.Number, batches.Current.Reorganised));

        await anvil.KillAndRestartAsync();
        Assert.True(await batches.MoveNextAsync());

        Assert.Equal((5UL, true), (batches.Current.Through.Number, batches.Current.Reorganised));
    }

    private static LocalChainSettings SettingsOn(int port) => new(
        Directory.CreateTempSubdirectory("jeju-anvil-").FullName, port, FoundryFactAttribute.Layout.FoundryTool("anvil"), null);

    private static async Task AnswerNonsenseAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("SSH-2.0-Other\r\n"u8.ToArray());
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    /// <summary>A clock in whose waits something happens; they last as long as that.</summary>
    private sealed class WaitingTime(Func<Task> during) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ = FireAsync(callback, state);
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        private async Task FireAsync(TimerCallback callback, object? state)
        {
            await during();
            callback(state);
        }
    }
}
