using System.Buffers.Binary;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <content>
/// Contracts without a proxy; among them what the chain of the contracts knows about the sequenced one. Those adapters are placed only where the
/// settings name the rollup's own contract on the same chain, and another contract of the rollup is another adapter at another address.
/// </content>
public sealed partial class SuitePlan
{
    private const string OutputOracleFacts = "OutputOracleFacts";
    private const string DisputeGameFacts = "DisputeGameFacts";
    private const string ForcedInclusionQueue = "ForcedInclusionQueue";

    /// <summary>The contracts that stand without a proxy, in the order of their deployment.</summary>
    public IReadOnlyList<PlannedCode> PlainContracts { get; }

    /// <summary>Whether the chain of the contracts is told about the sequenced one, so that downtime and censorship have evidence.</summary>
    public bool KnowsSequencerFacts => AdapterOf(_settings) is not null;

    /// <summary>
    /// Every contract without a proxy that a network may have: what the LiquidityRouter clones, on a localnet the verifier of simulated attestations, which
    /// no other chain accepts, and the adapters to the rollup's contracts.
    /// </summary>
    public static IReadOnlyList<string> StatelessContractNames(NetworkProfile network) =>
    [
        DelegationAccount, .. network.Name is NetworkName.Localnet ? [SimulatedVerifier] : Array.Empty<string>(),
        OutputOracleFacts, DisputeGameFacts, ForcedInclusionQueue,
    ];

    /// <summary>The contracts without a proxy that some settings ask for.</summary>
    /// <exception cref="InfraException">JEJU0408: two contracts are to tell of the rollup's outputs.</exception>
    public static IReadOnlyList<string> PlainContractNames(SuiteSettings settings) =>
    [
        DelegationAccount, .. settings.Network.Name is NetworkName.Localnet ? [SimulatedVerifier] : Array.Empty<string>(),
        .. AdapterOf(settings) is { } adapter ? [adapter, ForcedInclusionQueue] : Array.Empty<string>(),
    ];

    private static string? AdapterOf(SuiteSettings settings) => (settings.OutputOracle, settings.DisputeGameFactory) switch
    {
        (null, null) => null,
        (not null, null) => OutputOracleFacts,
        (null, not null) => DisputeGameFacts,
        _ => throw new InfraException(
            new ErrorCode(408),
            "Two contracts of the rollup are named that tell of its outputs: an output oracle and a factory of dispute games.",
            "Keep the one that the rollup's proposer posts to: `outputOracle` or `disputeGameFactory`.",
            FailureKind.Usage),
    };

    private PlannedCode DescribePlain(string name) => name switch
    {
        OutputOracleFacts => Plain(name, Word(_settings.OutputOracle!.Value)) with { Demands = ("outputOracle", _settings.OutputOracle.Value) },
        DisputeGameFacts => Plain(name, [.. Word(_settings.DisputeGameFactory!.Value), .. Word(_settings.DisputeGameType)]) with
        {
            Demands = ("disputeGameFactory", _settings.DisputeGameFactory.Value),
        },
        ForcedInclusionQueue => Plain(name, Word(DescribePlain(AdapterOf(_settings)!).Address)),
        _ => Plain(name, []),
    };

    private PlannedCode Plain(string name, byte[] arguments)
    {
        byte[] code = [.. Compiled[name].CreationCode, .. arguments];
        return new PlannedCode(name, code, Compiled.AddressOfCode(code));
    }

    /// <summary>What the chain of the contracts knows about the sequenced one; without adapters only double signing slashes.</summary>
    private PlannedAnnouncement DescribeSequencerFacts()
    {
        SequencerRegistryContract contract = new(Addresses["SequencerRegistry"]);
        Address AddressOf(string? name) => name is null ? Address.Zero : PlainContracts.Single(planned => planned.Name == name).Address;
        string? adapter = AdapterOf(_settings);
        (Address outputs, Address inclusions) = (AddressOf(adapter), AddressOf(adapter is null ? null : ForcedInclusionQueue));
        return new PlannedAnnouncement(
            "fact sources",
            SequencerRegistryEvents.FactSourcesChanged.Topic,
            log => SequencerRegistryEvents.FactSourcesChanged.Decode(log) is var change ? Sources(change.PostedOutputs, change.ForcedInclusions) : string.Empty,
            Sources(outputs, inclusions),
            Sources(Address.Zero, Address.Zero),
            contract.SetFactSources(outputs, inclusions));
    }

    private static string Sources(Address postedOutputs, Address forcedInclusions) =>
        $"posted outputs {postedOutputs.ToChecksumText()}, forced inclusions {forcedInclusions.ToChecksumText()}";

    private static byte[] Word(Address address) => [.. new byte[12], .. address.ToBytes()];

    private static byte[] Word(uint number)
    {
        byte[] word = new byte[32];
        BinaryPrimitives.WriteUInt32BigEndian(word.AsSpan(28), number);
        return word;
    }
}
