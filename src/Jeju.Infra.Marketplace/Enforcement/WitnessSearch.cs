using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Enforcement;

/// <summary>A provider node as it is now.</summary>
internal sealed record ProviderNode(Bytes32 Id, DWSProviderRegistryTypes.ProviderNode Record);

/// <summary>A failure that may be provable.</summary>
/// <param name="Accused">The provider node.</param>
/// <param name="NodeId">The node in the staking contract.</param>
/// <param name="Name">What it did wrong.</param>
/// <param name="Harmed">Who was to be served; zero for nobody.</param>
/// <param name="RecordWith">The call that records it with a witness.</param>
internal sealed record Failure(Bytes32 Accused, Bytes32 NodeId, string Name, Address Harmed, Func<Bytes32, ContractCall> RecordWith);

/// <summary>
/// Finds for each failure a witness that the contract takes: the signs of life of the chain, or another node that was in time. Where the chain took
/// transactions nearly every node is one, so few are asked at first, and never more than some.
/// </summary>
/// <param name="chain">The chain.</param>
/// <param name="caller">Who would record.</param>
internal sealed class WitnessSearch(ChainClient chain, Address caller)
{
    private const string NobodyWasHeard = "MarketFacts_NobodyWasHeard";

    // After the signs of life.
    private static readonly int[] Rounds = [1, 7, 56];

    /// <summary>The failures that can be recorded, with the call and the id of the fact.</summary>
    public async Task<IReadOnlyList<(Failure Failure, ContractCall Call, Bytes32 FactId)>> FindAsync(
        IReadOnlyList<Failure> failures, IReadOnlyList<ProviderNode> nodes, CancellationToken cancellationToken)
    {
        List<(Failure, ContractCall, Bytes32)> proven = [];
        IReadOnlyList<Failure> open = await AskAsync(failures, [Bytes32.Zero], proven, cancellationToken).ConfigureAwait(false);
        Bytes32[] witnesses =
        [
            .. nodes.Where(node => node.Record.RegisteredAt != 0)
                .OrderByDescending(node => node.Record.Healthy).ThenBy(node => node.Record.RegisteredAt).Select(node => node.Id),
        ];
        int asked = 0;
        foreach (int width in Rounds)
        {
            Bytes32[] next = [.. witnesses.Skip(asked).Take(width)];
            if (open.Count == 0 || next.Length == 0)
            {
                break;
            }

            open = await AskAsync(open, next, proven, cancellationToken).ConfigureAwait(false);
            asked += width;
        }

        return proven;
    }

    /// <summary>Tries all with all; the result is the failures that lack nothing but a witness.</summary>
    private async Task<IReadOnlyList<Failure>> AskAsync(
        IReadOnlyList<Failure> failures, IReadOnlyList<Bytes32> witnesses, List<(Failure, ContractCall, Bytes32)> proven, CancellationToken cancellationToken)
    {
        ContractCall[] calls = [.. failures.SelectMany(failure => witnesses.Select(failure.RecordWith))];
        IReadOnlyList<TriedCall> tried = await chain.TryCallsAsync(caller, calls, cancellationToken).ConfigureAwait(false);
        List<Failure> open = [];
        for (int index = 0; index < failures.Count; index++)
        {
            int first = index * witnesses.Count;
            int taken = Enumerable.Range(first, witnesses.Count).FirstOrDefault(at => tried[at].Refusal is null, -1);
            if (taken >= 0)
            {
                proven.Add((failures[index], calls[taken], Bytes32.FromBytes(tried[taken].Answer)));
            }
            else if (tried.Skip(first).Take(witnesses.Count).All(one => one.Refusal?.Name == NobodyWasHeard))
            {
                open.Add(failures[index]);
            }
        }

        return open;
    }
}
