using System.Collections.Concurrent;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Provider.Chains;

/// <summary>The compiled suite, read once per run and network.</summary>
internal sealed class SuitePlans(RepositoryLayout layout)
{
    private readonly ContractArtifacts _artifacts = new(layout);
    private readonly ConcurrentDictionary<NetworkName, Lazy<Task<CompiledSuite>>> _compiled = new();
    private readonly ConcurrentDictionary<NetworkName, CompiledSuite> _read = new();

    /// <summary>The address of each contract's compiled code, from which every change of the code shows.</summary>
    public async Task<IReadOnlyDictionary<string, Address>> ReadCodeAsync(SuiteSettings settings, CancellationToken cancellationToken)
    {
        var compiled = await CompiledAsync(settings.Network, cancellationToken);
        return SuitePlan.ContractNames(settings.Network).Concat(SuitePlan.PlainContractNames(settings))
            .ToDictionary(name => name, compiled.ImplementationOf, StringComparer.Ordinal);
    }

    /// <summary>The addresses of the contracts of a deployer, once the compiled code was read.</summary>
    public IReadOnlyDictionary<string, Address> AddressesOf(NetworkProfile network, Address deployer) => _read.TryGetValue(network.Name, out var compiled)
        ? SuitePlan.ContractNames(network).ToDictionary(name => name, name => compiled.ProxyOf(deployer, name), StringComparer.Ordinal)
        : throw new InvalidOperationException("The compiled code has not been read.");

    /// <summary>The plan of the whole suite.</summary>
    public async Task<SuitePlan> PlanAsync(SuiteSettings settings, CancellationToken cancellationToken) =>
        SuitePlan.Create(settings, await CompiledAsync(settings.Network, cancellationToken));

    private async Task<CompiledSuite> CompiledAsync(NetworkProfile network, CancellationToken cancellationToken)
    {
        var compiled = await _compiled
            .GetOrAdd(network.Name, _ => new(() => CompiledSuite.ReadAsync(_artifacts, NamesOf(network), CancellationToken.None)))
            .Value.WaitAsync(cancellationToken);
        _read[network.Name] = compiled;
        return compiled;
    }

    private static IReadOnlyList<string> NamesOf(NetworkProfile network) =>
        [.. SuitePlan.ContractNames(network), .. SuitePlan.StatelessContractNames(network)];
}
