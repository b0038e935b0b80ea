namespace Membership.Client;

/// <summary>
/// The requests under way that have the same limit, so that the first to begin is the first whose time is over. They share one timer, which
/// is set again only when it has run out: thousands of requests that are answered in time never touch it.
/// </summary>
/// <param name="limit">Their limit.</param>
/// <param name="time">The clock.</param>
/// <remarks>Thread-safe. Without requests the timer runs out once more and rests.</remarks>
internal sealed class Deadlines(TimeSpan limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _limitTicks = (long)(limit.TotalSeconds * time.TimestampFrequency);
    private Patience? _first;
    private Patience? _last;
    private ITimer? _timer;
    private bool _isSet;
    private long _setFor;

    /// <summary>Their limit.</summary>
    public TimeSpan Limit => limit;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>A request begins.</summary>
    public void Add(Patience patience)
    {
        lock (_gate)
        {
            patience.Due = time.GetTimestamp() + _limitTicks;
            patience.Sooner = _last;
            if (_last is null) _first = patience;
            else _last.Later = patience;
            _last = patience;
            if (!_isSet) Set(patience.Due);
        }
    }

    /// <summary>It is over, one way or another.</summary>
    public void Remove(Patience patience)
    {
        lock (_gate)
        {
            if (patience != _first && patience.Sooner is null) return;
            if (patience.Sooner is null) _first = patience.Later;
            else patience.Sooner.Later = patience.Later;
            if (patience.Later is null) _last = patience.Sooner;
            else patience.Later.Sooner = patience.Sooner;
            (patience.Sooner, patience.Later) = (null, null);
        }
    }

    private void OnTimer()
    {
        List<Patience>? over = null;
        lock (_gate)
        {
            _isSet = false;

            // The timer has its own idea of time, and what it was set for is over when it says so.
            var now = Math.Max(time.GetTimestamp(), _setFor);
            for (; _first is { } first && first.Due <= now; Remove(first)) (over ??= []).Add(first);
            if (_first is { } next) Set(next.Due);
        }

        foreach (var patience in over ?? []) patience.End();
    }

    private void Set(long due)
    {
        (_isSet, _setFor) = (true, due);
        var left = time.GetElapsedTime(time.GetTimestamp(), due);
        var wait = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        if (_timer is null) _timer = MakeTimer(wait);
        else _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    // It must not keep whatever the first request's caller holds.
    private ITimer MakeTimer(TimeSpan wait)
    {
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        return time.CreateTimer(static self => ((Deadlines)self!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
    }
}
