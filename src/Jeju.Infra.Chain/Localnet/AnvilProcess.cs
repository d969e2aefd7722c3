using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Localnet;

/// <summary>A running local chain.</summary>
/// <param name="ProcessId">Anvil's process.</param>
/// <param name="Identity">Which chain it is.</param>
/// <param name="Adopted">Whether it ran already.</param>
public sealed record LocalChain(int ProcessId, ChainIdentity Identity, bool Adopted);

/// <summary>
/// Finds, starts and stops the Anvil of a localnet. It is detached, so that it outlives the command that started it, and it is recognised by
/// its command line. With a keeper beside it, its state survives even a kill.
/// </summary>
public static class AnvilProcess
{
    private static readonly ErrorCode PortTakenCode = new(801);
    private static readonly ErrorCode ForeignAnvilCode = new(802);
    private static readonly ErrorCode StartFailedCode = new(803);
    private static readonly ErrorCode MissingToolCode = new(804);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(15);

    // Long enough for an Anvil that is busy on a busy machine, and for a node that somebody else runs at the port.
    private static readonly TimeSpan OwnAnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ForeignAnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Finds the chain of these settings if it runs and answers.</summary>
    /// <exception cref="InfraException">JEJU0302: it serves another chain id than the settings say.</exception>
    public static async Task<LocalChain?> FindAsync(LocalChainSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> processes = DetachedProcess.Find(settings.ProcessMarker);
        if (processes.Count == 0)
        {
            return null;
        }

        try
        {
            return new LocalChain(processes[0], await AskAsync(settings, OwnAnswerLimit, time, cancellationToken).ConfigureAwait(false), Adopted: true);
        }
        catch (InfraException exception) when (exception.Code == ChainErrors.UnreachableCode)
        {
            return null;
        }
    }

    /// <summary>
    /// Brings the chain up: adopts the one that runs, otherwise starts Anvil with the last good state, and its keeper. What else uses the port
    /// is named and left alone.
    /// </summary>
    /// <exception cref="InfraException">JEJU0302, JEJU0801 to JEJU0804.</exception>
    public static async Task<LocalChain> StartAsync(LocalChainSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        settings.Write();
        LocalChain? running = await FindAsync(settings, time, cancellationToken).ConfigureAwait(false);
        if (running is null)
        {
            // One that hangs, or that an interrupted start left on another port, would share the state file.
            await StopProcessesAsync(settings.ProcessMarker, time, cancellationToken).ConfigureAwait(false);
            await RequireFreePortAsync(settings, time, cancellationToken).ConfigureAwait(false);
            running = await StartNewAsync(settings, time, cancellationToken).ConfigureAwait(false);
        }

        if (settings.KeeperExecutable is { } keeper && DetachedProcess.Find(settings.SettingsFile).Count == 0)
        {
            DetachedProcess.Start(keeper, ["localnet", "keep", "--settings", settings.SettingsFile], settings.KeeperLogFile);
        }

        return running;
    }

    /// <summary>Stops the chain and its keeper. The state stays in its folder.</summary>
    public static async Task StopAsync(LocalChainSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        // The keeper first: it writes a last dump.
        await StopProcessesAsync(settings.SettingsFile, time, cancellationToken).ConfigureAwait(false);
        await StopProcessesAsync(settings.ProcessMarker, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the chain and deletes its state: the next start has a new genesis.</summary>
    public static async Task ResetAsync(LocalChainSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        // Nothing of what they would write in order is kept.
        foreach (int process in (IEnumerable<int>)[.. DetachedProcess.Find(settings.SettingsFile), .. DetachedProcess.Find(settings.ProcessMarker)])
        {
            await DetachedProcess.KillAsync(process, StopGrace, time, cancellationToken).ConfigureAwait(false);
        }

        if (Directory.Exists(settings.Folder))
        {
            Directory.Delete(settings.Folder, recursive: true);
        }
    }

    private static async Task<LocalChain> StartNewAsync(LocalChainSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(settings.AnvilExecutable))
        {
            throw new InfraException(
                MissingToolCode, $"Anvil is not at {settings.AnvilExecutable}.", "Run `./jeju build`, which installs the contract tools with npm.");
        }

        if (File.Exists(settings.StateFile))
        {
            await SavedState.LeaveOneFirstBlockAsync(settings.StateFile, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await WriteGenesisAsync(settings, time, cancellationToken).ConfigureAwait(false);
        }

        int process = DetachedProcess.Start(settings.AnvilExecutable, Arguments(settings), settings.LogFile);
        using CancellationTokenSource timer = new(StartLimit, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            while (DetachedProcess.IsRunning(process))
            {
                if (await IsListeningAsync(settings.Port, limit.Token).ConfigureAwait(false))
                {
                    return new LocalChain(process, await AskAsync(settings, StartLimit, time, limit.Token).ConfigureAwait(false), Adopted: false);
                }

                await Task.Delay(PollInterval, time, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await DetachedProcess.StopAsync(process, StopGrace, time, cancellationToken).ConfigureAwait(false);
        }

        string log = File.Exists(settings.LogFile) ? string.Join(' ', File.ReadLines(settings.LogFile).TakeLast(3)).Trim() : string.Empty;
        throw new InfraException(
            StartFailedCode,
            $"Anvil did not come up on port {settings.Port}: {(log.Length == 0 ? "it said nothing" : log)}.",
            $"Its log is {settings.LogFile}. If the saved state is damaged, `./jeju localnet reset` starts a new chain.");
    }

    private static List<string> Arguments(LocalChainSettings settings)
    {
        List<string> arguments =
        [
            "--host", "127.0.0.1",
            "--port", settings.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--chain-id", settings.ChainId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--gas-limit", settings.BlockGasLimit.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--enable-tx-gas-limit",
            "--config-out", settings.ProcessMarker,
            "--quiet",
        ];
        if (settings.BlockTime is { } seconds)
        {
            arguments.AddRange(["--block-time", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        }

        arguments.AddRange(File.Exists(settings.StateFile) ? ["--load-state", settings.StateFile] : ["--init", settings.GenesisFile]);
        return arguments;
    }

    /// <summary>
    /// A first block that no other chain has. Anvil's own says the second it was made in and nothing else, and two localnets that begin in the same
    /// second would take each other's orders and containers for their own. Of what a genesis file may say Anvil takes over who made the block.
    /// </summary>
    private static Task WriteGenesisAsync(LocalChainSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        string genesis = JsonSerializer.Serialize(new
        {
            config = new { chainId = settings.ChainId },
            alloc = new { },
            difficulty = "0x0",
            gasLimit = $"0x{settings.BlockGasLimit:x}",
            timestamp = $"0x{time.GetUtcNow().ToUnixTimeSeconds():x}",
            coinbase = $"0x{RandomNumberGenerator.GetHexString(40, lowercase: true)}",
        });
        return File.WriteAllTextAsync(settings.GenesisFile, genesis, cancellationToken);
    }

    private static async Task<ChainIdentity> AskAsync(
        LocalChainSettings settings, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(patience, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        ChainEndpoint endpoint = ChainEndpoint.FromUrl(settings.Url);
        try
        {
            await using ChainClient client = await ChainClient.ConnectAsync(endpoint, new ChainId(settings.ChainId), time, limit.Token).ConfigureAwait(false);
            return client.Identity;
        }
        catch (OperationCanceledException silence) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw ChainErrors.Unreachable(
                endpoint.Http, new TimeoutException($"It took the connection and said nothing within {patience.TotalSeconds:0} s.", silence));
        }
    }

    private static async Task RequireFreePortAsync(LocalChainSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!await IsListeningAsync(settings.Port, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            // Another chain id is an error of its own.
            await AskAsync(settings, ForeignAnswerLimit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException exception) when (exception.Code == ChainErrors.UnreachableCode)
        {
            throw new InfraException(
                PortTakenCode,
                $"Port {settings.Port} on this machine is taken by a program that is no chain node{(exception.InnerException is TimeoutException ? ": it takes connections and never answers" : string.Empty)}.",
                "Stop that program, or choose another port in the stack's settings (`chainPort`).",
                innerException: exception);
        }

        throw new InfraException(
            ForeignAnvilCode,
            $"Port {settings.Port} serves chain {settings.ChainId} already, by a node that this stack did not start.",
            "Stop that node, or choose another port in the stack's settings (`chainPort`).");
    }

    private static async Task<bool> IsListeningAsync(int port, CancellationToken cancellationToken)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task StopProcessesAsync(string marker, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (int process in DetachedProcess.Find(marker))
        {
            await DetachedProcess.StopAsync(process, StopGrace, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
