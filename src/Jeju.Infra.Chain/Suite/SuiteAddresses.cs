using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>
/// Where each contract of the suite is. It follows from the factory, the deployer and the contracts' names alone, so it is known before
/// anything is deployed and is equal on every network for the same deployer.
/// </summary>
public sealed class SuiteAddresses
{
    private readonly IReadOnlyDictionary<string, Address> _addresses;

    internal SuiteAddresses(IReadOnlyDictionary<string, Address> addresses) => _addresses = addresses;

    /// <summary>A contract's address.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such contract.</exception>
    public Address this[string contract] => _addresses.TryGetValue(contract, out Address address)
        ? address
        : throw new KeyNotFoundException($"The suite has no contract '{contract}'. It has: {string.Join(", ", _addresses.Keys)}.");

    /// <summary>The same, for those who take a function.</summary>
    public Address Of(string contract) => this[contract];

    /// <summary>All contracts and their addresses, in the order of the plan.</summary>
    public IReadOnlyDictionary<string, Address> All => _addresses;

    /// <summary>The suite whose addresses were written down elsewhere, for example in the outputs of a stack.</summary>
    public static SuiteAddresses From(IReadOnlyDictionary<string, Address> addresses) => new(addresses);

    /// <summary>The name of the contract at an address, or the address itself.</summary>
    internal string NameOf(Address address) =>
        _addresses.FirstOrDefault(pair => pair.Value == address).Key ?? address.ToChecksumText();
}
