namespace Membership.Client;

/// <summary>
/// Says when the answer whose turn it is has taken too long. Its timer is set again only when it has run out, so a connection whose answers
/// come in time hardly ever touches it.
/// </summary>
/// <remarks>All of it but disposing is for whoever holds the gate.</remarks>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly Action _bite;
    private readonly long _limitTicks;
    private readonly ITimer _timer;
    private long _since;
    private long _setFor;
    private bool _isOn;
    private bool _isSet;

    /// <param name="limit">The time for an answer once it is its turn.</param>
    /// <param name="time">The clock.</param>
    /// <param name="gate">Guards it.</param>
    /// <param name="bite">The time is over; called without the gate.</param>
    public Watchdog(TimeSpan limit, TimeProvider time, Lock gate, Action bite)
    {
        (_time, _gate, _bite) = (time, gate, bite);
        _limitTicks = (long)(limit.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(static self => ((Watchdog)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It is the next answer's turn.</summary>
    public void Begin()
    {
        (_isOn, _since) = (true, _time.GetTimestamp());
        if (!_isSet) Set(_since + _limitTicks);
    }

    /// <summary>No answer is to come.</summary>
    public void Rest() => _isOn = false;

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_gate)
        {
            _isSet = false;
            if (!_isOn) return;

            // The timer has its own idea of time, and what it was set for is over when it says so.
            var now = Math.Max(_time.GetTimestamp(), _setFor);
            if (now < _since + _limitTicks)
            {
                Set(_since + _limitTicks);
                return;
            }
        }

        _bite();
    }

    private void Set(long due)
    {
        (_isSet, _setFor) = (true, due);
        var left = _time.GetElapsedTime(_time.GetTimestamp(), due);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
