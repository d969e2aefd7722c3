using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;

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

    /// <summary>The accounts of Anvil's mnemonic in the order of their derivation: everybody knows their keys.</summary>
    public static IReadOnlyList<Address> WellKnown { get; } =
    [
        Address.Parse("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"),
        Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8"),
        Address.Parse("0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc"),
        Address.Parse(AgentAddress),
        Address.Parse("0x15d34aaf54267db7d7c367839aaf71a00a2c6a65"),
        Address.Parse("0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc"),
        Address.Parse("0x976ea74026e726554db657fa54763abd0c3a0aa9"),
        Address.Parse("0x14dc79964da2c08b23698b3d3cc7ca32193d9955"),
        Address.Parse("0x23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f"),
        Address.Parse("0xa0ee7a142d267c1f36714e4a8f75612f20a79720"),
    ];

    /// <summary>Whether everybody knows the key of an account.</summary>
    public static bool IsWellKnown(Address account) => WellKnown.Contains(account);

    /// <summary>Why such an account is refused off the localnet, to follow the setting's name in a message.</summary>
    public static string Refusal(Address account) => $"'{account}' is one of Anvil's published accounts, whose keys everybody knows";

    private static SignerArgs Account(string role) => new() { Type = "development", Key = role };
}
