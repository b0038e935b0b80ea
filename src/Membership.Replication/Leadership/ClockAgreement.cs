using Membership.Replication.Hosting;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>
/// Compares this replica's clock with those of the others once a second. While it is too far from a majority's it does not lead and does not
/// stand for election, so that one wrong clock moves no cluster time.
/// </summary>
/// <remarks>
/// Source: command specification, 2.3. Raft has connections of its own, so one whom no peer tells the time may well be elected: a leadership
/// begins with a majority that agrees. Once it has begun only a known difference ends it, as its time no longer depends on the wall clock.
/// </remarks>
internal sealed class ClockAgreement(
    ReplicaCluster cluster, PeerSet peers, Func<string, bool> isVoter, Candidacy candidacy, MembershipReplicaOptions options, TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private volatile bool _hasSkew;
    private volatile bool _agrees;

    /// <summary>Whether this clock is known to be too far from those of a majority.</summary>
    public bool HasSkew => _hasSkew;

    /// <summary>
    /// Whether a leadership may begin with this clock: those of a majority, this one counted, agree with it now. If not, it is given up. What
    /// was found a second ago will not do, as the clock may have been set since.
    /// </summary>
    public async Task<bool> MayLeadAsync(EpochClock clock, CancellationToken token)
    {
        await CompareAsync(() => clock.NowMs, token);
        if (_agrees) return true;
        await candidacy.RefuseAsync(CandidacyBar.Clock, token);
        return false;
    }

    /// <summary>Compares the wall clock once.</summary>
    public Task CompareAsync(CancellationToken token) => CompareAsync(() => time.GetUtcNow().ToUnixTimeMilliseconds(), token);

    /// <summary>Compares until the token is cancelled, and keeps a replica with a wrong clock from leading.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stop))
        {
            await CompareAsync(stop);
            if (_hasSkew) await candidacy.RefuseAsync(CandidacyBar.Clock, stop);
            else if (_agrees) await candidacy.AllowAsync(CandidacyBar.Clock, stop);
        }
    }

    private async Task CompareAsync(Func<long> clock, CancellationToken token)
    {
        var differences = await peers.AskAllAsync(
            isVoter,
            async (peer, t) =>
            {
                var asked = time.GetTimestamp();
                var theirs = await peer.GetClockAsync(t);
                return DifferenceMs(clock(), theirs, time.GetElapsedTime(asked));
            },
            token,
            isEnough: Agree);
        var agrees = Agree(differences);

        // Silence tells nothing new: a clock that was wrong still is.
        var hasSkew = !agrees && (differences.Count > 0 || _hasSkew);
        if (hasSkew && !_hasSkew) logger.ClockIsOff(differences.Min());
        if (!hasSkew && _hasSkew) logger.ClockAgrees();
        (_agrees, _hasSkew) = (agrees, hasSkew);
    }

    // A majority, this one counted. A replica that is silent is not waited for: whoever waits for a new leader would wait with it.
    private bool Agree(IReadOnlyList<double> differences) =>
        1 + differences.Count(difference => difference <= options.ClockSkewMaxMs) > cluster.Members.Count / 2;

    // Their clock was read somewhere within the round trip: the least difference that fits.
    private static double DifferenceMs(long ours, long theirs, TimeSpan roundTrip)
    {
        var between = Math.Abs(ours - roundTrip.TotalMilliseconds / 2 - theirs);
        return Math.Max(0, between - roundTrip.TotalMilliseconds / 2);
    }
}
