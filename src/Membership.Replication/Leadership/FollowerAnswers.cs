using System.Collections.Concurrent;
using System.Net;
using DotNext.Diagnostics;

namespace Membership.Replication.Leadership;

/// <summary>When each follower of this leader answered last. The package tells its failure detectors; none of these ever finds a failure.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FollowerAnswers(TimeProvider time)
{
    private readonly ConcurrentDictionary<EndPoint, Follower> _followers = [];

    /// <summary>A leadership begins to replicate to a follower, which counts as an answer.</summary>
    public IFailureDetector Begin(EndPoint follower) => _followers[follower] = new(time);

    /// <summary>Whether it was asked, and has not answered within this time. One that was just added is asked in the next round.</summary>
    public bool IsSilent(EndPoint follower, TimeSpan within) =>
        _followers.TryGetValue(follower, out var known) && time.GetElapsedTime(known.LastAnswer) > within;

    private sealed class Follower(TimeProvider time) : IFailureDetector
    {
        private long _lastAnswer = time.GetTimestamp();

        public long LastAnswer => Volatile.Read(ref _lastAnswer);

        public bool IsHealthy => true;

        public bool IsMonitoring => true;

        public void ReportHeartbeat() => Volatile.Write(ref _lastAnswer, time.GetTimestamp());

        public void Reset()
        {
        }
    }
}
