using System.Globalization;
using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Bench;

/// <summary>How many blocks of two seconds and 60 million gas the contracts take.</summary>
internal static class DeploymentFigure
{
    private const int BlockSeconds = 2;

    public static async Task<string> MeasureAsync(BenchContext context, CancellationToken cancellationToken)
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
            SuitePlan plan = await SuitePlan.CreateAsync(SuiteSettings.Localnet, new ContractArtifacts(context.Layout), cancellationToken);
            using TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
                chain,
                SoftwareSigner.Create(AnvilAccounts.Deployer.PrivateKey, ChainId.Anvil),
                TransactionJournal.InMemory(),
                new TransactionPipelineOptions(),
                cancellationToken);
            ulong before = await chain.GetBlockNumberAsync(cancellationToken);
            SuiteDeploymentResult result = await new SuiteDeployment(plan, pipeline).ApplyAsync(cancellationToken);
            ulong after = await chain.GetBlockNumberAsync(cancellationToken);
            BigInteger gas = 0;
            ulong used = 0;
            for (ulong number = before + 1; number <= after; number++)
            {
                BlockHeader block = await chain.FindBlockAsync(number, cancellationToken)
                    ?? throw new InvalidOperationException($"The chain lost block {number}.");
                gas += block.GasUsed;
                used += block.GasUsed > 0 ? 1UL : 0UL;
            }

            ulong least = (ulong)((gas + settings.BlockGasLimit - 1) / settings.BlockGasLimit);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{after - before} blocks ({used} with transactions) for {result.Transactions} transactions of {gas} gas, which fit into {least}");
        }
        finally
        {
            await AnvilProcess.ResetAsync(settings, context.Time, CancellationToken.None);
        }
    }
}
