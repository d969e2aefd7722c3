using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Cli.Localnet;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju localnet status</c>: what runs, found by looking and not by remembering.</summary>
internal static class LocalnetStatusCommand
{
    public static Command Create(CommandContext context)
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("status", "Says what runs of the localnet.") { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            LocalnetStatus status = await LookAsync(context, cancellationToken);
            if (parsed.GetValue(json))
            {
                await context.Output.WriteLineAsync(JsonSerializer.Serialize(status, JsonText.Indented));
                return ExitCode.Done;
            }

            int width = status.Workloads.Select(workload => workload.Kind.Length).Append("chain".Length).Max();
            await context.Output.WriteLineAsync(status.Chain is { } chain
                ? $"{"chain".PadRight(width)}  {chain.Url}  {chain.Identity}  process {chain.ProcessId}"
                : $"{"chain".PadRight(width)}  stopped");
            await context.Output.WriteLineAsync(status.AgentProcessId is int agent ? $"{"agent".PadRight(width)}  process {agent}" : $"{"agent".PadRight(width)}  stopped");
            foreach (WorkloadStatus workload in status.Workloads)
            {
                await context.Output.WriteLineAsync($"{workload.Kind.PadRight(width)}  {workload.Container}  {workload.State}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<LocalnetStatus> LookAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using LocalnetHost host = new(context);
        LocalChainSettings? settings = await host.Processes.ReadChainAsync(cancellationToken);
        LocalChain? chain = await host.FindChainAsync(cancellationToken);
        List<WorkloadStatus> workloads = [];
        foreach (LocalnetWorkloads ofChain in await host.FindWorkloadsAsync(cancellationToken))
        {
            workloads.AddRange((await ofChain.ListAsync(cancellationToken)).Select(one => new WorkloadStatus(one.Kind, one.Name, one.State)));
        }

        return new LocalnetStatus(
            chain is null || settings is null ? null : new ChainStatus(settings.Url, chain.Identity.ToString(), chain.ProcessId),
            host.Processes.FindAgent(),
            workloads);
    }

    private sealed record LocalnetStatus(ChainStatus? Chain, int? AgentProcessId, IReadOnlyList<WorkloadStatus> Workloads);

    private sealed record ChainStatus(string Url, string Identity, int ProcessId);

    private sealed record WorkloadStatus(string Kind, string Container, string State);
}
