namespace Membership.Registry.Tests.Client;

/// <summary>A clock that stands until it is moved on, and counts how often its timers are set.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public int TimesSet { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on, in steps of a millisecond.</summary>
    public void MoveOn(TimeSpan time)
    {
        for (var end = _now + time.Ticks; _now < end;)
        {
            _now += TimeSpan.TicksPerMillisecond;
            foreach (var timer in _timers.ToList()) timer.RunIfDue(_now);
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime.Ticks;
            if (_due is not null) time.TimesSet++;
            return true;
        }

        public void RunIfDue(long now)
        {
            if (_due is not { } due || due > now) return;
            _due = null;
            callback(state);
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
