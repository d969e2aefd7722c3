using System.Globalization;
using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Bench;

/// <summary>How many blocks of two seconds and 60 million gas the contracts take, and how many they take forge with the same calls.</summary>
internal static class DeploymentFigure
{
    private const int BlockSeconds = 2;

    public static async Task<string> MeasureAsync(BenchContext context, CancellationToken cancellationToken)
    {
        SuitePlan plan = await SuitePlan.CreateAsync(SuiteSettings.Localnet, new ContractArtifacts(context.Layout), cancellationToken);
        IReadOnlyList<ContractCall> calls = [];
        (Usage ours, TimeSpan oursElapsed) = await OnChainAsync(context, async (settings, chain) =>
        {
            using TransactionPipeline pipeline = await OpenAsync(chain, cancellationToken);
            SuiteDeployment deployment = new(plan, pipeline);
            calls = await deployment.PlanCallsAsync(cancellationToken);
            long started = context.Time.GetTimestamp();
            await deployment.ApplyAsync(cancellationToken);
            return context.Time.GetElapsedTime(started);
        }, cancellationToken);
        (Usage forge, TimeSpan forgeElapsed) = await OnChainAsync(
            context, (settings, _) => BroadcastPeer.RunAsync(context, settings, calls, cancellationToken), cancellationToken);
        TimeSpan second = await MeasureSecondAsync(context, plan, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ours.Blocks} blocks ({ours.Used} with transactions) and {oursElapsed.TotalSeconds:F1} s for {calls.Count} transactions of {ours.Gas} gas, which fit into {ours.Least}; forge script: {(forgeElapsed < BroadcastPeer.Patience ? "" : "not through after ")}{forge.Blocks} blocks and {forgeElapsed.TotalSeconds:F1} s; second run: {second.TotalSeconds:F2} s");
    }

    /// <summary>What a run without any difference takes, everything read back.</summary>
    private static async Task<TimeSpan> MeasureSecondAsync(BenchContext context, SuitePlan plan, CancellationToken cancellationToken)
    {
        TimeSpan elapsed = TimeSpan.Zero;
        await OnChainAsync(context, async (_, chain) =>
        {
            using TransactionPipeline pipeline = await OpenAsync(chain, cancellationToken);
            await new SuiteDeployment(plan, pipeline).ApplyAsync(cancellationToken);
            long started = context.Time.GetTimestamp();
            SuiteDeploymentResult second = await new SuiteDeployment(plan, pipeline).ApplyAsync(cancellationToken);
            elapsed = context.Time.GetElapsedTime(started);
            return second.Transactions == 0 ? elapsed : throw new InvalidOperationException($"The second run sent {second.Transactions} transactions.");
        }, cancellationToken);
        return elapsed;
    }

    private static Task<TransactionPipeline> OpenAsync(ChainClient chain, CancellationToken cancellationToken) => TransactionPipeline.OpenAsync(
        chain,
        SoftwareSigner.Create(AnvilAccounts.Deployer.PrivateKey, ChainId.Anvil),
        TransactionJournal.InMemory(),
        new TransactionPipelineOptions(),
        cancellationToken);

    private static async Task<(Usage Usage, TimeSpan Elapsed)> OnChainAsync(
        BenchContext context, Func<LocalChainSettings, ChainClient, Task<TimeSpan>> work, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(context.Layout.StateFolder, "bench", Path.GetRandomFileName());
        LocalChainSettings settings = new(folder, BenchLocalnet.FreePort(), context.Layout.FoundryTool("anvil"), KeeperExecutable: null)
        {
            BlockTime = BlockSeconds,
        };
        try
        {
            await AnvilProcess.StartAsync(settings, context.Time, cancellationToken);
            await using ChainClient chain = await ChainClient.ConnectAsync(
                ChainEndpoint.FromUrl(settings.Url), ChainId.Anvil, context.Time, cancellationToken);
            TimeSpan elapsed = await work(settings, chain);
            return (await UsageAsync(chain, settings.BlockGasLimit, cancellationToken), elapsed);
        }
        finally
        {
            await AnvilProcess.ResetAsync(settings, context.Time, CancellationToken.None);
        }
    }

    /// <summary>The blocks from the first to the last transaction, and their gas.</summary>
    private static async Task<Usage> UsageAsync(ChainClient chain, ulong limit, CancellationToken cancellationToken)
    {
        BigInteger gas = 0;
        List<ulong> used = [];
        ulong head = await chain.GetBlockNumberAsync(cancellationToken);
        for (ulong number = 1; number <= head; number++)
        {
            BlockHeader block = await chain.FindBlockAsync(number, cancellationToken) ?? throw new InvalidOperationException($"The chain lost block {number}.");
            gas += block.GasUsed;
            if (block.GasUsed > 0)
            {
                used.Add(number);
            }
        }

        return new Usage(used.Count == 0 ? 0 : used[^1] - used[0] + 1, used.Count, gas, (ulong)((gas + limit - 1) / limit));
    }

    private sealed record Usage(ulong Blocks, int Used, BigInteger Gas, ulong Least);
}
