namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// The stops of one lease's workload in close succession. Whoever kills a service by hand, or a machine that is short of memory, stops it a few times,
/// and each time it comes back at once; a workload that ends whenever it is started is given pauses.
/// </summary>
internal sealed class WorkloadStops(TimeProvider time)
{
    /// <summary>So many stops are followed by a restart at once. A container that is removed counts twice: it ends, and is gone.</summary>
    public const int Unremarkable = 6;

    /// <summary>A workload that ran for so long is stable: the count begins anew.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private int _stops;
    private long _last;

    /// <summary>How many stops were too many; 0 of a workload that is stable.</summary>
    public int TooMany
    {
        get
        {
            lock (_gate)
            {
                return IsStable(time.GetTimestamp()) ? 0 : Math.Max(0, _stops - Unremarkable);
            }
        }
    }

    /// <summary>It has stopped.</summary>
    public void Note()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _stops = IsStable(now) ? 1 : _stops + 1;
            _last = now;
        }
    }

    private bool IsStable(long now) => _stops == 0 || time.GetElapsedTime(_last, now) > StableAfter;
}
