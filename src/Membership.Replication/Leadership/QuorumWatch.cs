using Membership.Replication.Hosting;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>
/// A leader whom no majority has answered for as long as an election takes gives leadership up: by then there may be another one, and
/// whoever waits here is to be told.
/// </summary>
/// <remarks>
/// The package finds it out by itself when the requests of one round have failed. But a follower that was behind when it fell silent has
/// the requests of many rounds before it, and each is waited for in turn: several seconds. One that is slow and answers is no reason.
/// </remarks>
internal sealed class QuorumWatch(ReplicaCluster cluster, FollowerAnswers answers, MembershipReplicaOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    // The first looks behind a pause of the whole process find nothing but old answers; and one who was removed and is added again has answered
    // long ago, until the next round asks.
    private const int LooksMin = 6;

    private readonly TimeSpan _silenceMax = TimeSpan.FromMilliseconds(options.ElectionTimeoutMaxMs);

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, time);
        var looks = 0;
        while (await timer.WaitForNextTickAsync(stop))
        {
            looks = cluster.IsLeading && !HasMajority() ? looks + 1 : 0;
            if (looks < LooksMin) continue;
            looks = 0;
            if (await cluster.StepDownAsync(stop)) logger.LostMajority(options.ElectionTimeoutMaxMs);
        }
    }

    private bool HasMajority()
    {
        var members = cluster.Members;
        return members.Count(member => !member.IsRemote || !answers.IsSilent(member.EndPoint, _silenceMax)) > members.Count / 2;
    }
}
