namespace Jeju.Infra.Tests.Marketplace;

/// <summary>A clock that runs many times as fast, for what waits long.</summary>
internal sealed class HastyTime(int haste) : TimeProvider
{
    public override long TimestampFrequency => System.TimestampFrequency / haste;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / haste : dueTime, period);
}
