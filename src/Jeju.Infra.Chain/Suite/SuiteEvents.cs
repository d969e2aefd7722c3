using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>
/// What only the events of a suite tell: holders of roles, members of sets, values without a view. Everything that nobody planned shows here.
/// </summary>
internal sealed class SuiteEvents
{
    private readonly HashSet<(Address Contract, Bytes32 Role, Address Holder)> _holders = [];
    private readonly Dictionary<(Address Contract, Bytes32 Topic, Bytes32 Member), SetChange> _members = [];
    private readonly Dictionary<(Address Contract, Bytes32 Topic), string> _announced = [];

    internal IReadOnlySet<(Address Contract, Bytes32 Role, Address Holder)> Holders => _holders;

    internal static async Task<SuiteEvents> ReadAsync(
        ChainClient chain, SuitePlan plan, IReadOnlyList<PlannedContract> deployed, ulong firstBlock, CancellationToken cancellationToken)
    {
        Dictionary<Address, PlannedContract> contracts = deployed.ToDictionary(contract => plan.Addresses[contract.Name]);
        Bytes32[] topics =
        [
            GovernedEvents.RoleGranted.Topic, GovernedEvents.RoleRevoked.Topic,
            .. deployed.SelectMany(contract => contract.Sets).Select(set => set.Topic),
            .. deployed.SelectMany(contract => contract.Announcements).Select(announcement => announcement.Topic),
        ];
        LogFilter filter = new([.. contracts.Keys], [[.. topics.Distinct()]]);
        ulong head = await chain.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        SuiteEvents events = new();
        foreach (ChainLog log in await chain.GetLogsAsync(filter, firstBlock, head, cancellationToken).ConfigureAwait(false))
        {
            events.Apply(log, contracts[log.Address]);
        }

        return events;
    }

    /// <summary>In what the sets and announcements of a contract differ from its plan.</summary>
    internal IEnumerable<SuiteDeviation> Compare(PlannedContract contract, Address address)
    {
        foreach (PlannedSet set in contract.Sets)
        {
            HashSet<Bytes32> planned = [.. set.Members.Select(member => member.Id)];
            foreach (PlannedMember member in set.Members.Where(member => !set.FindsOthersOnly && !Includes(address, set.Topic, member.Id)))
            {
                yield return Deviation(contract, set, member.Name, "listed", "not listed", member.Add);
            }

            foreach (SetChange other in _members.Where(entry => entry.Key.Contract == address && entry.Key.Topic == set.Topic)
                .Select(entry => entry.Value).Where(change => change.IsIncluded && !planned.Contains(change.Id)))
            {
                yield return Deviation(contract, set, other.Name, "not listed", "listed", other.Remove);
            }
        }

        foreach (PlannedAnnouncement announcement in contract.Announcements)
        {
            string found = _announced.GetValueOrDefault((address, announcement.Topic), announcement.Initial);
            if (found != announcement.Expected)
            {
                yield return new SuiteDeviation(contract.Name, SuiteDeviationKind.Setting, announcement.Subject, announcement.Expected, found)
                {
                    Repair = announcement.Apply,
                };
            }
        }
    }

    private static SuiteDeviation Deviation(PlannedContract contract, PlannedSet set, string name, string expected, string found, ContractCall repair) =>
        new(contract.Name, SuiteDeviationKind.Setting, $"{set.Subject} {name}", expected, found)
        {
            Repair = repair,
            Role = set.Role ?? PlannedRole.Administrator,
            Gas = set.Gas,
        };

    private bool Includes(Address contract, Bytes32 topic, Bytes32 member) =>
        _members.TryGetValue((contract, topic, member), out SetChange? change) && change.IsIncluded;

    private void Apply(ChainLog log, PlannedContract contract)
    {
        if (log.TryDecode(out GovernedEvents.RoleGranted? granted))
        {
            _holders.Add((log.Address, granted.Role, granted.Account));
        }
        else if (log.TryDecode(out GovernedEvents.RoleRevoked? revoked))
        {
            _holders.Remove((log.Address, revoked.Role, revoked.Account));
        }
        else if (contract.Sets.FirstOrDefault(set => set.Topic == log.Topics[0]) is { } set)
        {
            SetChange change = set.Read(log);
            _members[(log.Address, set.Topic, change.Id)] = change;
        }
        else if (contract.Announcements.FirstOrDefault(announcement => announcement.Topic == log.Topics[0]) is { } announcement)
        {
            _announced[(log.Address, announcement.Topic)] = announcement.Read(log);
        }
    }
}
