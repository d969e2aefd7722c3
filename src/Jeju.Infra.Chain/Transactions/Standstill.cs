namespace Jeju.Infra.Chain;

/// <summary>Tells when a chain has had no new block for a while: once after the patience, then after twice that, and so on.</summary>
internal sealed class Standstill(TimeProvider time, TimeSpan patience)
{
    private ulong? _head;
    private long _since;
    private TimeSpan? _patience;

    /// <summary>Notes the newest block. True when it has been the newest for longer than the patience, which then begins again.</summary>
    internal bool IsAt(ulong head)
    {
        if (head != _head)
        {
            _head = head;
            _since = time.GetTimestamp();
            _patience = null;
            return false;
        }

        if (time.GetElapsedTime(_since) < (_patience ?? patience))
        {
            return false;
        }

        _since = time.GetTimestamp();
        _patience = (_patience ?? patience) * 2;
        return true;
    }
}
