using Jeju.Infra.Components.Resources;

namespace Jeju.Infra.Components.Localnet;

/// <summary>Anvil's published accounts by what the localnet uses them for. The plugin knows their keys, and refuses them on any chain but 31337.</summary>
public static class DevelopmentAccounts
{
    /// <summary>The address of the account that reports readiness and heartbeats.</summary>
    public const string AgentAddress = "0x90f79bf6eb2c4f870365e785982e1f101e93b906";

    /// <summary>Deploys and administers the contracts.</summary>
    public static SignerArgs Deployer => Account("deployer");

    /// <summary>Stakes and owns the provider node.</summary>
    public static SignerArgs Operator => Account("operator");

    /// <summary>Orders and pays.</summary>
    public static SignerArgs Consumer => Account("consumer");

    /// <summary>Reports readiness and heartbeats.</summary>
    public static SignerArgs Agent => Account("agent");

    /// <summary>Lends stake.</summary>
    public static SignerArgs Delegator => Account("delegator");

    private static SignerArgs Account(string role) => new() { Type = "development", Key = role };
}
