using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>The compiled contracts of a plan, read once.</summary>
public sealed class CompiledSuite
{
    private readonly Dictionary<string, ContractArtifact> _contracts;

    private CompiledSuite(ContractArtifact factory, ContractArtifact proxy, Dictionary<string, ContractArtifact> contracts)
    {
        Factory = factory;
        Proxy = proxy;
        _contracts = contracts;
        FactoryAddress = Create2.AddressOf(Create2.KeylessDeployer, Bytes32.Zero, Keccak.Hash(factory.CreationCode));
    }

    /// <summary>The factory's code.</summary>
    public ContractArtifact Factory { get; }

    /// <summary>The proxy's code, which is the same for every contract and version.</summary>
    public ContractArtifact Proxy { get; }

    /// <summary>Where the factory is, on every chain.</summary>
    public Address FactoryAddress { get; }

    /// <summary>The code of one contract.</summary>
    public ContractArtifact this[string contract] => _contracts[contract];

    /// <summary>Reads the contracts that <see cref="SuitePlan.ContractNames"/> lists for a network.</summary>
    /// <exception cref="InfraException">JEJU0401: the contracts are not compiled.</exception>
    public static async Task<CompiledSuite> ReadAsync(ContractArtifacts artifacts, IReadOnlyList<string> contracts, CancellationToken cancellationToken)
    {
        ContractArtifact[] read = await Task.WhenAll(contracts.Prepend("SuiteProxy").Prepend("SuiteFactory")
            .Select(name => artifacts.ReadAsync(name, cancellationToken))).ConfigureAwait(false);
        return new CompiledSuite(read[0], read[1], read.Skip(2).ToDictionary(artifact => artifact.Name));
    }

    /// <summary>A deployer's proxy, deployed or not.</summary>
    public Address ProxyOf(Address deployer, string contract)
    {
        byte[] namespaced = [.. new byte[12], .. deployer.ToBytes(), .. SaltOf(contract).ToBytes()];
        return Create2.AddressOf(FactoryAddress, Keccak.Hash(namespaced), Keccak.Hash(Proxy.CreationCode));
    }

    /// <summary>Where the present code of a contract is, deployed or not.</summary>
    public Address ImplementationOf(string contract) => AddressOfCode(this[contract].CreationCode);

    /// <summary>Where the factory places what some code creates, whoever asks it.</summary>
    internal Address AddressOfCode(byte[] creationCode) => Create2.AddressOf(FactoryAddress, Bytes32.Zero, Keccak.Hash(creationCode));

    /// <summary>The name under which a contract is deployed: the hash of its own name.</summary>
    public static Bytes32 SaltOf(string contract) => Keccak.Hash(contract);
}
