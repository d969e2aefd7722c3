using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Bench;

/// <summary>The same calls as the deployment makes on an empty chain, sent by <c>forge script --broadcast</c> to a chain of its own.</summary>
internal static class BroadcastPeer
{
    /// <summary>
    /// forge waits for each transaction before it sends the next (<c>--slow</c>): two to three minutes here. Without it, forge would stand still for
    /// ever: once a block is nearly full, Anvil tries a later and smaller transaction of the same sender, finds its nonce too high, and drops it
    /// with all that follow, and forge sends nothing twice.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <summary>Sends them, and returns how long that took; <see cref="Patience"/> where it was not through by then.</summary>
    public static async Task<TimeSpan> RunAsync(
        BenchContext context, LocalChainSettings chain, IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken)
    {
        // forge reads files below its project alone.
        string file = Path.Combine(context.Layout.ContractsFolder, "cache", $"broadcast-{Path.GetRandomFileName()}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file) ?? context.Layout.ContractsFolder);
        try
        {
            await File.WriteAllTextAsync(
                file,
                JsonSerializer.Serialize(new
                {
                    targets = calls.Select(call => call.To?.ToString()),
                    payloads = calls.Select(call => "0x" + Convert.ToHexStringLower(call.Data)),
                }),
                cancellationToken);
            string[] arguments =
            [
                "script", "script/Broadcast.s.sol", "--sig", "run(string)", Path.GetRelativePath(context.Layout.ContractsFolder, file),
                "--rpc-url", chain.Url, "--broadcast", "--slow", "--unlocked", "--sender", AnvilAccounts.Deployer.Address.ToChecksumText(), "--non-interactive",
            ];

            // The first run compiles the script; what is measured is the second, against the other chain.
            await BenchLocalnet.RunAsync(context.Layout.ContractsFolder, context.Layout.FoundryTool("forge"), ["build", "script"], cancellationToken);
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            (TimeSpan elapsed, _, _) = await BenchLocalnet.RunAsync(context.Layout.ContractsFolder, context.Layout.FoundryTool("forge"), arguments, patience.Token);
            return elapsed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Patience;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
