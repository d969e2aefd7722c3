namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>Consecutive slots of a placement.</summary>
/// <param name="First">The first, counted from 0 at readiness.</param>
/// <param name="Count">How many, at least 1.</param>
internal readonly record struct SlotRun(uint First, uint Count)
{
    /// <summary>The slot after the last.</summary>
    public uint End => First + Count;

    /// <summary>Whether a slot is one of them.</summary>
    public bool Contains(uint slot) => slot >= First && slot < End;
}

/// <summary>
/// What a watcher saw of one placement. A slot counts as unserved only where at least two probes fell into it and none was answered: one lost
/// packet costs nobody money, and what was not watched is taken for served.
/// </summary>
/// <param name="readyAt">When the placement became ready, in the chain's seconds: the begin of slot 0.</param>
internal sealed class SlotLedger(ulong readyAt)
{
    /// <summary>Seconds of a slot, as the contract counts.</summary>
    internal const ulong SlotSeconds = 10;

    /// <summary>As many slots as the contract takes in one record.</summary>
    internal const uint LongestRun = 64;

    private const int NeededProbes = 2;

    private readonly SortedDictionary<uint, (int Silent, bool WasAnswered)> _slots = [];

    /// <summary>Notes a probe in every slot that it touched.</summary>
    /// <param name="from">When it began, in the chain's seconds.</param>
    /// <param name="to">When it ended.</param>
    /// <param name="wasAnswered">Whether the service spoke its protocol.</param>
    public void Note(ulong from, ulong to, bool wasAnswered)
    {
        if (from < readyAt)
        {
            return;
        }

        for (uint slot = SlotAt(from); slot <= SlotAt(Math.Max(from, to)); slot++)
        {
            (int silent, bool answered) = _slots.GetValueOrDefault(slot);
            _slots[slot] = (silent + (wasAnswered ? 0 : 1), answered || wasAnswered);
        }
    }

    /// <summary>Whether a slot is over and was not served.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="now">The chain's time in seconds.</param>
    public bool IsUnserved(uint slot, ulong now) =>
        StartOf(slot) + SlotSeconds <= now && _slots.TryGetValue(slot, out (int Silent, bool WasAnswered) seen) && IsDead(seen);

    /// <summary>The unserved slots, as runs that fit into a record each.</summary>
    /// <param name="now">The chain's time in seconds.</param>
    public IReadOnlyList<SlotRun> FindUnserved(ulong now) =>
        [.. Runs(_slots.Where(slot => IsDead(slot.Value) && StartOf(slot.Key) + SlotSeconds <= now).Select(slot => slot.Key))];

    /// <summary>When a slot begins, in the chain's seconds.</summary>
    public ulong StartOf(uint slot) => readyAt + (slot * SlotSeconds);

    /// <summary>Forgets slots that began before a time.</summary>
    public void Forget(ulong before)
    {
        foreach (uint slot in _slots.Keys.TakeWhile(slot => StartOf(slot) < before).ToList())
        {
            _slots.Remove(slot);
        }
    }

    /// <summary>Whether nothing is remembered.</summary>
    public bool IsEmpty => _slots.Count == 0;

    /// <summary>Puts rising slots together to runs.</summary>
    internal static IEnumerable<SlotRun> Runs(IEnumerable<uint> rising)
    {
        SlotRun? run = null;
        foreach (uint slot in rising)
        {
            if (run is { } open && open.End == slot && open.Count < LongestRun)
            {
                run = open with { Count = open.Count + 1 };
                continue;
            }

            if (run is { } closed)
            {
                yield return closed;
            }

            run = new SlotRun(slot, 1);
        }

        if (run is { } last)
        {
            yield return last;
        }
    }

    private static bool IsDead((int Silent, bool WasAnswered) seen) => !seen.WasAnswered && seen.Silent >= NeededProbes;

    private uint SlotAt(ulong time) => (uint)((time - readyAt) / SlotSeconds);
}
