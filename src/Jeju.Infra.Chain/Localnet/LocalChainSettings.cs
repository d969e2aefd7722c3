using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Localnet;

/// <summary>The chain of a localnet: one Anvil on this machine, with its state in a folder.</summary>
/// <param name="Folder">Dumps, logs and settings of this chain. Its path also marks the processes that belong to it.</param>
/// <param name="Port">The loopback port.</param>
/// <param name="AnvilExecutable">Anvil itself, not npm's wrapper.</param>
/// <param name="KeeperExecutable">The command line tool, which is also the chain keeper; absent where the state need not outlive Anvil.</param>
public sealed record LocalChainSettings(string Folder, int Port, string AnvilExecutable, string? KeeperExecutable)
{
    /// <summary>Gas per block, as on Base's smallest setting: 60 million.</summary>
    public ulong BlockGasLimit { get; init; } = 60_000_000;

    /// <summary>Seconds between blocks; absent means a block for each transaction at once.</summary>
    public int? BlockTime { get; init; }

    /// <summary>The chain's id.</summary>
    public ulong ChainId { get; init; } = Core.ChainId.Anvil.Value;

    /// <summary>Where the chain listens.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The last good dump of the state.</summary>
    public string StateFile => Path.Combine(Folder, "state.json");

    /// <summary>What Anvil says.</summary>
    public string LogFile => Path.Combine(Folder, "anvil.log");

    /// <summary>What the keeper says.</summary>
    public string KeeperLogFile => Path.Combine(Folder, "keeper.log");

    /// <summary>These settings, for the keeper.</summary>
    public string SettingsFile => Path.Combine(Folder, "settings.json");

    /// <summary>What the first block of a new chain is made from.</summary>
    internal string GenesisFile => Path.Combine(Folder, "genesis.json");

    // Anvil writes its accounts there; above all it marks the process as ours.
    internal string ProcessMarker => Path.Combine(Folder, "accounts.json");

    /// <summary>The settings of a stack's chain.</summary>
    public static LocalChainSettings For(RepositoryLayout layout, string stackName, int port) => new(
        layout.ChainFolder(stackName), port, layout.FoundryTool("anvil"), layout.CommandLineTool);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static async Task<LocalChainSettings> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<LocalChainSettings>(stream, cancellationToken: cancellationToken).ConfigureAwait(false)
            ?? throw new FormatException($"{file} holds no settings.");
    }

    internal void Write()
    {
        Directory.CreateDirectory(Folder);
        string temporary = SettingsFile + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this));
        File.Move(temporary, SettingsFile, overwrite: true);
    }
}
