using System.Net;

namespace Membership.Replication.Leadership;

/// <summary>Which leader this replica sees, and since when none.</summary>
/// <param name="electionMax">How long it takes, if all goes well, until there is one again.</param>
/// <param name="time">The clock.</param>
/// <param name="fence">Ends every reign.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class LeaderSight(TimeSpan electionMax, TimeProvider time, CancellationToken fence) : IDisposable
{
    private readonly Lock _sync = new();
    private CancellationTokenSource _reign = CancellationTokenSource.CreateLinkedTokenSource(fence);
    private EndPoint? _last;
    private long? _noneSince = time.GetTimestamp();

    /// <summary>Whether there has been none for longer than an election takes: this replica is cut off, or most of the others are.</summary>
    public bool IsLost
    {
        get
        {
            lock (_sync) return _noneSince is { } since && time.GetElapsedTime(since) > electionMax;
        }
    }

    /// <summary>
    /// Cancelled when the leader that is known now is followed by another one. That nobody is known to lead for a while cancels nothing: who
    /// was asked may still answer.
    /// </summary>
    public CancellationToken Reign
    {
        get
        {
            lock (_sync) return _reign.Token;
        }
    }

    /// <summary>Takes in who leads now; null for nobody.</summary>
    public void See(EndPoint? leader)
    {
        lock (_sync)
        {
            _noneSince = leader is null ? _noneSince ?? time.GetTimestamp() : null;
            if (leader is null || leader.Equals(_last)) return;
            _last = leader;
            var before = _reign;
            _reign = CancellationTokenSource.CreateLinkedTokenSource(fence);

            // Whoever tells this waits, and whoever is told goes on elsewhere.
            _ = EndAsync(before);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_sync) _reign.Dispose();
    }

    private static async Task EndAsync(CancellationTokenSource reign)
    {
        await reign.CancelAsync();
        reign.Dispose();
    }
}
