namespace Jeju.Infra.Core;

/// <summary>The three environments of the one program. Each is a Pulumi stack of the same name.</summary>
public enum NetworkName
{
    /// <summary>This machine: Anvil and Docker.</summary>
    Localnet,

    /// <summary>Base Sepolia and one cloud.</summary>
    Testnet,

    /// <summary>Base and both clouds.</summary>
    Mainnet,
}

/// <summary>What follows from the choice of the environment alone (design, sections 1 and 10). Settings of a stack may not contradict it.</summary>
/// <param name="Name">The environment.</param>
/// <param name="SettlementChain">The chain on which the contracts live.</param>
/// <param name="Confirmations">Blocks after which a transaction counts as done, 1 and up.</param>
/// <param name="HeartbeatInterval">How often a provider node reports on chain.</param>
/// <param name="ObjectionWindow">How long accrued money can be voided before it is claimable.</param>
/// <param name="TimelockDelay">Delay of administrative changes.</param>
public sealed record NetworkProfile(
    NetworkName Name,
    ChainId SettlementChain,
    int Confirmations,
    TimeSpan HeartbeatInterval,
    TimeSpan ObjectionWindow,
    TimeSpan TimelockDelay)
{
    /// <summary>This machine.</summary>
    public static NetworkProfile Localnet { get; } = new(
        NetworkName.Localnet, ChainId.Anvil, 1, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.Zero);

    /// <summary>Base Sepolia.</summary>
    public static NetworkProfile Testnet { get; } = new(
        NetworkName.Testnet, ChainId.BaseSepolia, 3, TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(1));

    /// <summary>Base.</summary>
    public static NetworkProfile Mainnet { get; } = new(
        NetworkName.Mainnet, ChainId.Base, 10, TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromDays(7));

    /// <summary>All environments, in the order of rising consequence.</summary>
    public static IReadOnlyList<NetworkProfile> All { get; } = [Localnet, Testnet, Mainnet];

    /// <summary>The name of the stack: lower case.</summary>
    public string StackName => Name.ToString().ToLowerInvariant();

    /// <summary>The environment of a stack.</summary>
    /// <exception cref="InfraException">JEJU0701: no such stack.</exception>
    public static NetworkProfile ForStack(string stackName) =>
        All.FirstOrDefault(profile => string.Equals(profile.StackName, stackName, StringComparison.Ordinal))
        ?? throw new InfraException(
            new ErrorCode(701),
            $"There is no stack '{stackName}'.",
            $"Use one of: {string.Join(", ", All.Select(profile => profile.StackName))}.",
            FailureKind.Usage);
}
