using System.Net;

namespace Membership.Replication.Leadership;

/// <summary>Which leader this replica sees, and since when none.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LeaderSight : IDisposable
{
    private readonly Func<EndPoint?> _leader;
    private readonly TimeSpan _absenceMax;
    private readonly TimeProvider _time;
    private readonly CancellationToken _fence;
    private readonly ITimer _absence;
    private readonly Lock _sync = new();
    private CancellationTokenSource _reign;
    private CancellationToken _reignToken;
    private EndPoint? _last;
    private long? _noneSince;
    private bool _isDisposed;

    /// <param name="leader">Who leads at this moment; null for nobody.</param>
    /// <param name="absenceMax">When there has been none for so long, this replica is cut off, or most of the others are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="fence">Ends every reign.</param>
    public LeaderSight(Func<EndPoint?> leader, TimeSpan absenceMax, TimeProvider time, CancellationToken fence)
    {
        (_leader, _absenceMax, _time, _fence) = (leader, absenceMax, time, fence);
        _noneSince = time.GetTimestamp();
        _absence = time.CreateTimer(static self => ((LeaderSight)self!).EndIfLost(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        (_reign, _reignToken) = NewReign();
    }

    /// <summary>Whether there has been none for too long.</summary>
    public bool IsLost
    {
        get
        {
            lock (_sync) return _noneSince is { } since && _time.GetElapsedTime(since) > _absenceMax;
        }
    }

    /// <summary>
    /// Cancelled when the leader that is known now is followed by another one, or by none for too long. That nobody is known to lead for a
    /// while cancels nothing: who was asked may still answer.
    /// </summary>
    public CancellationToken Reign
    {
        get
        {
            lock (_sync) return _reignToken;
        }
    }

    /// <summary>Looks who leads now: to be called whenever that has changed.</summary>
    public void Look()
    {
        lock (_sync)
        {
            if (_isDisposed) return;
            if (_leader() is not { } leader)
            {
                if (_noneSince is not null) return;
                _noneSince = _time.GetTimestamp();
                _absence.Change(_absenceMax, Timeout.InfiniteTimeSpan);
                return;
            }

            _noneSince = null;
            if (!leader.Equals(_last)) EndReign();
            _last = leader;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_sync)
        {
            _isDisposed = true;
            _absence.Dispose();
            _reign.Dispose();
        }
    }

    private void EndIfLost()
    {
        lock (_sync)
        {
            if (!_isDisposed && _noneSince is not null) EndReign();
        }
    }

    private void EndReign()
    {
        var before = _reign;
        (_reign, _reignToken) = NewReign();

        // Whoever is told goes on elsewhere: the lock is held, and the one who saw the change waits.
        _ = EndAsync(before);
    }

    private (CancellationTokenSource Source, CancellationToken Token) NewReign()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(_fence);
        return (source, source.Token);
    }

    private static async Task EndAsync(CancellationTokenSource reign)
    {
        await reign.CancelAsync();
        reign.Dispose();
    }
}
