using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Transactions arrive exactly once, whatever happens to the node, the mempool, the fees or the process.</summary>
public class TransactionPipelineTests
{
    private static readonly Address Receiver = Address.Parse("0x00000000000000000000000000000000000a11ce");

    private static ContractCall Gift(int wei = 1) => new(Receiver, [], "gift", wei);

    [FoundryFact]
    public async Task ManyCalls_AreSentInOneBatch_AndShareBlocks()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 1);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);

        IReadOnlyList<TransactionReceipt> receipts = await pipeline.SendAsync([.. Enumerable.Range(0, 40).Select(_ => Gift())], CancellationToken.None);

        Assert.Equal(40, receipts.Count);
        Assert.InRange(receipts.Select(receipt => receipt.BlockNumber).Distinct().Count(), 1, 2);
        Assert.Equal(40, await BalanceAsync(anvil));
    }

    [FoundryFact]
    public async Task DroppedTransaction_IsSentAgain()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 1);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        Task<string>? dropped = null;
        pipeline.Progress += progress => dropped ??= anvil.RpcAsync("anvil_dropTransaction", progress.Hash.ToString());

        TransactionReceipt receipt = await pipeline.SendAsync(Gift(), CancellationToken.None);

        Assert.NotNull(dropped);
        await dropped;
        Assert.True(receipt.Succeeded);
        Assert.Equal(1, await BalanceAsync(anvil));
    }

    [FoundryFact]
    public async Task RisingBaseFee_IsOutbid()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 1);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator, new TransactionPipelineOptions { BlocksBeforeBump = 2 });
        Task<string>? raised = null;
        pipeline.Progress += _ => raised ??= anvil.RpcAsync("anvil_setNextBlockBaseFeePerGas", "0xba43b7400");

        TransactionReceipt receipt = await pipeline.SendAsync(Gift(), CancellationToken.None);

        Assert.True(receipt.EffectiveGasPrice > BigInteger.Pow(10, 10));
        Assert.Equal(1, await BalanceAsync(anvil));
        Assert.Equal(1UL, await anvil.Client.GetNonceAsync(pipeline.Account, CancellationToken.None));
    }

    [FoundryFact]
    public async Task ReorganisationOfThreeBlocks_BringsTheSameTransactionsBack()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        List<Bytes32> hashes = [];
        for (int count = 0; count < 4; count++)
        {
            hashes.Add((await pipeline.SendAsync(Gift(), CancellationToken.None)).Hash);
        }

        await anvil.RpcAsync("anvil_rollback", 3);
        Assert.Equal(1, await BalanceAsync(anvil));
        await pipeline.SendAsync(Gift(), CancellationToken.None);

        Assert.Equal(5, await BalanceAsync(anvil));
        Assert.All(await anvil.Client.GetReceiptsAsync(hashes, CancellationToken.None), receipt => Assert.True(receipt?.Succeeded));
    }

    [FoundryFact]
    public async Task KilledAnvil_ThatLostBlocks_IsBroughtBackFromTheJournal()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        ChainIdentity identity = anvil.Client.Identity;
        TransactionPipeline before = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        await before.SendAsync(Gift(), CancellationToken.None);
        await anvil.SaveAsync();
        await before.SendAsync([Gift(10), Gift(100)], CancellationToken.None);

        await anvil.KillAndRestartAsync();
        Assert.Equal(1, await BalanceAsync(anvil));
        await anvil.Client.RequireSameChainAsync(CancellationToken.None);
        TransactionPipeline after = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);

        Assert.Equal(identity, anvil.Client.Identity);
        Assert.Equal(111, await BalanceAsync(anvil));
        await after.SendAsync(Gift(1000), CancellationToken.None);
        Assert.Equal(1111, await BalanceAsync(anvil));
    }

    [FoundryFact]
    public async Task TransactionStillWaiting_IsFoundAndWaitedForByTheNextProcess()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 2);
        TransactionPipeline killed = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        using CancellationTokenSource kill = new();
        killed.Progress += _ => kill.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => killed.SendAsync([Gift(), Gift()], kill.Token));

        await anvil.OpenPipelineAsync(AnvilAccounts.Operator);

        Assert.Equal(2, await BalanceAsync(anvil));
        Assert.Equal(2UL, await anvil.Client.GetNonceAsync(killed.Account, CancellationToken.None));
    }

    [FoundryFact]
    public async Task TwoProcessesWithOneKey_BothGetTheirTransactionsThrough()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline[] pipelines = [await anvil.OpenPipelineAsync(AnvilAccounts.Operator), await anvil.OpenPipelineAsync(AnvilAccounts.Operator)];

        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => pipelines[number % 2].SendAsync(Gift(), CancellationToken.None)));

        Assert.Equal(10, await BalanceAsync(anvil));
    }

    [FoundryFact]
    public async Task ProcessThatIsAlwaysOvertaken_GetsThroughOnceTheOtherRests()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline faster = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        OvertakenSigner signer = new(faster, Gift(), times: 8);
        using TransactionPipeline slower = await TransactionPipeline.OpenAsync(
            anvil.Client, signer, TransactionJournal.InMemory(), new TransactionPipelineOptions(), CancellationToken.None);

        TransactionReceipt receipt = await slower.SendAsync(Gift(100), CancellationToken.None);

        Assert.True(receipt.Succeeded);
        Assert.Equal(108, await BalanceAsync(anvil));
        Assert.Equal(1, slower.SentCount);
    }

    [FoundryFact]
    public async Task CallThatIsOvertakenAgainAndAgain_HoldsUpNoOtherOfItsKey()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline faster = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        AsyncLocal<bool> isOvertaken = new();
        OvertakenSigner signer = new(faster, Gift(), times: int.MaxValue) { When = () => isOvertaken.Value };
        using TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
            anvil.Client,
            signer,
            TransactionJournal.InMemory(),
            new TransactionPipelineOptions { ConflictPatience = TimeSpan.FromHours(1) },
            CancellationToken.None);
        using CancellationTokenSource give = new();
        TaskCompletionSource overtaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        signer.Overtaken += overtaken.SetResult;
        Task held = Task.Run(() =>
        {
            isOvertaken.Value = true;
            return pipeline.SendAsync(Gift(), give.Token);
        });
        await overtaken.Task;

        TransactionReceipt receipt = await pipeline.SendAsync(Gift(1000), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.True(receipt.Succeeded);
        Assert.Equal(1, pipeline.SentCount);
        await give.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
    }

    [FoundryFact]
    public async Task KeyThatAnotherProcessUsesWithoutEnd_IsAnErrorAfterThePatience()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline faster = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        using TransactionPipeline slower = await TransactionPipeline.OpenAsync(
            anvil.Client,
            new OvertakenSigner(faster, Gift(), times: int.MaxValue),
            TransactionJournal.InMemory(),
            new TransactionPipelineOptions { ConflictPatience = TimeSpan.FromMilliseconds(200) },
            CancellationToken.None);

        InfraException error = await Assert.ThrowsAsync<InfraException>(() => slower.SendAsync(Gift(), CancellationToken.None));

        Assert.Equal(ChainErrors.RefusedTransactionCode, error.Code);
        Assert.Equal(0, slower.SentCount);
    }

    [FoundryFact]
    public async Task RollbackJustBeforeTheSending_LeavesNoTransactionWaitingBehindAGap()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        InterruptedSigner signer = new();
        using TransactionPipeline pipeline = await OpenPatientAsync(anvil, signer, TimeSpan.FromHours(1));
        await pipeline.SendAsync([Gift(), Gift(10)], CancellationToken.None);
        signer.Before = async () => await anvil.RpcAsync("anvil_rollback", await anvil.Client.GetBlockNumberAsync(CancellationToken.None));

        await pipeline.SendAsync(Gift(100), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(111, await BalanceAsync(anvil));
    }

    [FoundryFact]
    public async Task TransactionsThatAFullBlockLeftOver_AreMinedByANodeThatWaitsForNewOnes()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        using TransactionPipeline pipeline = await OpenPatientAsync(anvil, new InterruptedSigner(), TimeSpan.FromMilliseconds(100));
        await anvil.RpcAsync("evm_setAutomine", false);
        Task<string>? mining = null;
        pipeline.Progress += _ => mining ??= anvil.RpcAsync("evm_setAutomine", true);

        // Each goes round in a circle until its gas is used up; four of them fill a block.
        ContractCall heavy = new(null, Convert.FromHexString("5b5a6175301060005700"), "burn gas") { GasLimit = 14_000_000 };
        IReadOnlyList<TransactionReceipt> receipts = await pipeline
            .SendAsync([.. Enumerable.Repeat(heavy, 9)], CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.NotNull(mining);
        await mining;
        Assert.Equal(3, receipts.Select(receipt => receipt.BlockNumber).Distinct().Count());
        Assert.Equal(9UL, await anvil.Client.GetNonceAsync(pipeline.Account, CancellationToken.None));
    }

    [FoundryFact]
    public async Task TransactionThatTheNodeHoldsBackThoughItIsTheNext_IsReplaced()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        string account = AnvilAccounts.Operator.Address.ToString();
        await anvil.RpcAsync("anvil_setNonce", account, "0x7");
        InterruptedSigner signer = new();
        using TransactionPipeline pipeline = await OpenPatientAsync(anvil, signer, TimeSpan.FromMilliseconds(100));

        // The node files it as one that comes too early, and does not look again.
        signer.Before = () => anvil.RpcAsync("anvil_setNonce", account, "0x5");
        Task<string>? reached = null;
        pipeline.Progress += _ => reached ??= anvil.RpcAsync("anvil_setNonce", account, "0x7");
        await pipeline.SendAsync(Gift(), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.NotNull(reached);
        await reached;
        Assert.Equal(1, await BalanceAsync(anvil));
        Assert.Equal(8UL, await anvil.Client.GetNonceAsync(pipeline.Account, CancellationToken.None));
    }

    [FoundryFact]
    public async Task NonceThatAnotherProcessGetsMinedAfterTheNodeHadOurs_IsGivenAnew()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        InterruptedSigner signer = new();
        using TransactionPipeline pipeline = await OpenPatientAsync(anvil, signer, TimeSpan.FromHours(1));
        await anvil.RpcAsync("evm_setAutomine", false);
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Progress += _ => sent.TrySetResult();
        Task<TransactionReceipt> ours = pipeline.SendAsync(Gift(), CancellationToken.None);
        await sent.Task;

        PendingTransaction others = new(Gift(10), 21_000) { Nonce = 0 };
        await others.SignAsync(signer, ChainId.Anvil, new FeeQuote(100_000_000_000, 50_000_000_000), CancellationToken.None);
        await anvil.RpcAsync("eth_sendRawTransaction", others.Raw);
        await anvil.RpcAsync("evm_setAutomine", true);

        Assert.True((await ours.WaitAsync(TimeSpan.FromMinutes(1))).Succeeded);
        Assert.Equal(11, await BalanceAsync(anvil));
        Assert.Equal(2UL, await anvil.Client.GetNonceAsync(pipeline.Account, CancellationToken.None));

        // A rollback of both must not bring ours back twice, under the nonce that it lost and under the one that it got.
        await anvil.RpcAsync("anvil_rollback", 2);
        await pipeline.SendAsync(Gift(100), CancellationToken.None);
        Assert.Equal(100, await BalanceAsync(anvil));
    }

    // Behind a public address a node may know the account's count and not yet the transaction: ours would be paid twice.
    [FoundryFact]
    public async Task OnAPublicChain_ANonceCountsAsTakenOnlyTenBlocksLater()
    {
        ChainId chain = new(84_532);
        await using TestAnvil anvil = await TestAnvil.StartAsync(chain: chain);
        InterruptedSigner signer = new();
        using TransactionPipeline pipeline = await OpenPatientAsync(anvil, signer, TimeSpan.FromHours(1));
        await anvil.RpcAsync("evm_setAutomine", false);
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Progress += _ =>
        {
            if (!sent.TrySetResult())
            {
                again.TrySetResult();
            }
        };
        Task<TransactionReceipt> ours = pipeline.SendAsync(Gift(), CancellationToken.None);
        await sent.Task;
        PendingTransaction others = new(Gift(10), 21_000) { Nonce = 0 };
        await others.SignAsync(signer, chain, new FeeQuote(100_000_000_000, 50_000_000_000), CancellationToken.None);
        await anvil.RpcAsync("eth_sendRawTransaction", others.Raw);

        int blocks = 0;
        for (; !again.Task.IsCompleted && blocks < 100; blocks++)
        {
            await anvil.RpcAsync("evm_mine");
            await Task.WhenAny(again.Task, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        }

        await anvil.RpcAsync("evm_mine");
        Assert.True((await ours.WaitAsync(TimeSpan.FromMinutes(1))).Succeeded);
        Assert.InRange(blocks, 10, 99);
    }

    [FoundryFact]
    public async Task HoleThatAnotherProcessLeaves_IsFilledFromTheJournalTheyShare()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        using TransactionPipeline ours = await OpenPatientAsync(anvil, new InterruptedSigner(), TimeSpan.FromMilliseconds(100), await JournalAsync());
        using TransactionPipeline others = await OpenPatientAsync(anvil, new InterruptedSigner(), TimeSpan.FromHours(1), await JournalAsync());
        await anvil.RpcAsync("evm_setAutomine", false);
        using CancellationTokenSource death = new();
        TaskCompletionSource<Bytes32> sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        others.Progress += progress => sent.TrySetResult(progress.Hash);
        Task<TransactionReceipt> lost = others.SendAsync(Gift(), death.Token);
        Bytes32 hash = await sent.Task;
        Task<string>? dropped = null;
        ours.Progress += _ => dropped ??= DropAsync();

        // The node forgets what the other one sent, who is no more; ours waits behind it, and the node knows ours.
        Task<TransactionReceipt> waiting = ours.SendAsync(Gift(10), CancellationToken.None);

        Assert.True((await waiting.WaitAsync(TimeSpan.FromMinutes(1))).Succeeded);
        Assert.NotNull(dropped);
        await dropped;
        Assert.Equal(11, await BalanceAsync(anvil));
        Assert.Equal(2UL, await anvil.Client.GetNonceAsync(ours.Account, CancellationToken.None));

        Task<TransactionJournal> JournalAsync() => anvil.OpenJournalAsync(AnvilAccounts.Operator.Address);

        async Task<string> DropAsync()
        {
            await death.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);
            await anvil.RpcAsync("anvil_dropTransaction", hash.ToString());
            return await anvil.RpcAsync("evm_setAutomine", true);
        }
    }

    [FoundryFact]
    public async Task WhatARollbackTookFromAProcessThatIsNoMore_ComesBackBeforeTheNextIsSent()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline ours = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        TransactionPipeline others = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        await ours.SendAsync(Gift(), CancellationToken.None);
        await others.SendAsync(Gift(10), CancellationToken.None);

        await anvil.RpcAsync("anvil_rollback", 2);
        await ours.SendAsync(Gift(100), CancellationToken.None);

        Assert.Equal(111, await BalanceAsync(anvil));
    }

    [FoundryFact]
    public async Task CallAboveALimitOfTheNetwork_IsRefusedBeforeAnythingIsSent()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);

        // It counts down from 800,000, which takes 20 million gas, and ends well.
        ContractCall countdown = new(null, Convert.FromHexString("620c35005b600190038060045700"), "countdown");
        ContractCall stated = Gift() with { GasLimit = TransactionPipelineOptions.MaximumGas + 1 };
        ContractCall large = new(Receiver, new byte[TransactionPipelineOptions.MaximumBytes], "large", 1);
        InfraException[] refusals =
        [
            await Assert.ThrowsAsync<InfraException>(() => pipeline.SendAsync(countdown, CancellationToken.None)),
            await Assert.ThrowsAsync<InfraException>(() => pipeline.SendAsync([Gift(), stated], CancellationToken.None)),
            await Assert.ThrowsAsync<InfraException>(() => pipeline.SendAsync([Gift(), large], CancellationToken.None)),
        ];

        Assert.All(refusals, refusal => Assert.Equal("JEJU0307", refusal.Code.ToString()));
        Assert.Contains("gift needs 16777217 gas; a transaction may have at most 16777216", refusals[1].Message, StringComparison.Ordinal);
        Assert.Contains("nodes take at most 131072", refusals[2].Message, StringComparison.Ordinal);
        Assert.Equal((0, 0UL), (pipeline.SentCount, await anvil.Client.GetNonceAsync(pipeline.Account, CancellationToken.None)));

        // The key goes on as if they had not been asked for.
        await pipeline.SendAsync(Gift(), CancellationToken.None);
        Assert.Equal(1, await BalanceAsync(anvil));
    }

    [FoundryFact]
    public async Task CallThatWouldFail_IsRefusedBeforeAnythingIsSent()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        ContractCall bad = new(Jeju.Infra.Chain.Suite.Create2.KeylessDeployer, [1, 2, 3], "bad call");

        await Assert.ThrowsAsync<InfraException>(() => pipeline.SendAsync([Gift(), bad, Gift()], CancellationToken.None));

        Assert.Equal(0, await BalanceAsync(anvil));
        Assert.Equal(0, pipeline.SentCount);
    }

    [FoundryFact]
    public async Task EmptyAccount_IsToldWhatItNeeds()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SoftwareSigner poor = SoftwareSigner.Generate();
        using TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
            anvil.Client, poor, TransactionJournal.InMemory(), new TransactionPipelineOptions(), CancellationToken.None);

        InfraException error = await Assert.ThrowsAsync<InfraException>(
            () => pipeline.SendAsync(Gift(0) with { GasLimit = 21_000 }, CancellationToken.None));

        Assert.Equal(ChainErrors.InsufficientFundsCode, error.Code);
        Assert.Contains(poor.Address.ToChecksumText(), error.Message, StringComparison.Ordinal);
    }

    [FoundryFact]
    public async Task NodeRestart_DuringTheWait_IsSurvived()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 2);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Operator);
        await pipeline.SendAsync(Gift(), CancellationToken.None);
        await anvil.SaveAsync();
        Task? restart = null;
        pipeline.Progress += _ => restart ??= Task.Run(anvil.KillAndRestartAsync);

        await pipeline.SendAsync(Gift(10), CancellationToken.None);

        Assert.NotNull(restart);
        await restart;
        Assert.Equal(11, await BalanceAsync(anvil));
    }

    private static Task<TransactionPipeline> OpenPatientAsync(TestAnvil anvil, InterruptedSigner signer, TimeSpan standstillPatience, TransactionJournal? journal = null) => TransactionPipeline.OpenAsync(
        anvil.Client,
        signer,
        journal ?? TransactionJournal.InMemory(),
        new TransactionPipelineOptions { StandstillPatience = standstillPatience },
        CancellationToken.None);

    private static async Task<BigInteger> BalanceAsync(TestAnvil anvil) => await anvil.Client.GetBalanceAsync(Receiver, CancellationToken.None);
}
