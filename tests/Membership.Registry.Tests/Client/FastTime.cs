namespace Membership.Registry.Tests.Client;

/// <summary>A clock whose timers are over so many times sooner, and that can be moved on.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    private long _movedTicks;

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _movedTicks) * (TimestampFrequency / TimeSpan.TicksPerSecond);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _movedTicks));

    public void MoveOn(TimeSpan time) => Interlocked.Add(ref _movedTicks, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(base.CreateTimer(callback, state, Sooner(dueTime), Sooner(period)), this);

    private TimeSpan Sooner(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;

    private sealed class FastTimer(ITimer timer, FastTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Sooner(dueTime), time.Sooner(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
