using Jeju.Infra.Core;

using ProbeRecord = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.ProbeRecord;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>
/// How watchers come to sign the very same record, although each saw a little more or less than the others: whoever cannot confirm a record in
/// full signs what it can of it, which is then part of what the others saw and can be signed by all.
/// </summary>
internal sealed class ProbeQuorum
{
    private readonly Dictionary<ProbeRecord, Dictionary<Address, SignedProbe>> _signed = [];
    private readonly Dictionary<ProbeRecord, int> _patience = [];

    /// <summary>Takes the records that are there now.</summary>
    public void Replace(IEnumerable<SignedProbe> probes)
    {
        _signed.Clear();
        foreach (SignedProbe probe in probes)
        {
            Add(probe);
        }

        foreach (ProbeRecord gone in _patience.Keys.Where(record => !_signed.ContainsKey(record)).ToList())
        {
            _patience.Remove(gone);
        }
    }

    /// <summary>Adds a signature.</summary>
    public void Add(SignedProbe probe)
    {
        if (!_signed.TryGetValue(probe.Record, out Dictionary<Address, SignedProbe>? signers))
        {
            _signed[probe.Record] = signers = [];
        }

        signers[probe.Watcher] = probe;
    }

    /// <summary>What to sign of one placement.</summary>
    /// <param name="unserved">What this watcher saw unserved.</param>
    /// <param name="known">The placement's records that watchers have signed, this one's own included.</param>
    /// <param name="isMine">Whether this watcher can sign for a slot.</param>
    /// <param name="isRipe">Whether a finding that nobody has recorded yet is to be signed now, or may still grow.</param>
    public IReadOnlyList<SlotRun> Choose(
        IReadOnlyList<SlotRun> unserved, IReadOnlyCollection<ProbeRecord> known, Predicate<uint> isMine, Predicate<SlotRun> isRipe)
    {
        SlotRun[] others = [.. known.Select(record => new SlotRun(record.FirstSlot, record.Slots)).Distinct()];
        IEnumerable<SlotRun> confirmed = others.SelectMany(run => SlotLedger.Runs(Slots(run).Where(slot => isMine(slot))));
        HashSet<uint> covered = [.. others.SelectMany(Slots)];
        IEnumerable<SlotRun> own = unserved
            .SelectMany(run => SlotLedger.Runs(Slots(run).Where(slot => isMine(slot) && !covered.Contains(slot)))).Where(run => isRipe(run));
        return [.. confirmed.Concat(own).Distinct()];
    }

    /// <summary>
    /// The records that enough watchers have signed and that it is this watcher's turn to send: the first of the signers at once, each other one
    /// look later than the one before, so that not all pay for the same.
    /// </summary>
    /// <param name="quorum">How many must have signed.</param>
    /// <param name="own">This watcher.</param>
    public IReadOnlyList<(ProbeRecord Record, SignedProbe[] Signed)> FindComplete(int quorum, Address own)
    {
        List<(ProbeRecord, SignedProbe[])> complete = [];
        foreach ((ProbeRecord record, Dictionary<Address, SignedProbe> signers) in _signed.Where(entry => entry.Value.Count >= quorum))
        {
            SignedProbe[] rising = [.. signers.Values.OrderBy(probe => probe.Watcher.ToString(), StringComparer.Ordinal)];
            int turn = Array.FindIndex(rising, probe => probe.Watcher == own) is var index and >= 0 ? index : rising.Length;
            int looks = _patience.GetValueOrDefault(record);
            _patience[record] = looks + 1;
            if (looks >= turn)
            {
                complete.Add((record, rising));
            }
        }

        // The longest first: what it covers need not be sent again.
        return [.. complete.OrderByDescending(entry => entry.Item1.Slots)];
    }

    /// <summary>Whether a record says all that another one says.</summary>
    public static bool Covers(ProbeRecord longer, ProbeRecord record) =>
        longer.OrderId == record.OrderId && longer.Placement == record.Placement
        && longer.FirstSlot <= record.FirstSlot && longer.FirstSlot + longer.Slots >= record.FirstSlot + record.Slots;

    private static IEnumerable<uint> Slots(SlotRun run) => Enumerable.Range(0, (int)run.Count).Select(offset => run.First + (uint)offset);
}
