using Membership.Replication.Hosting;
using Membership.Replication.Leadership;
using Membership.Replication.Peers;
using Membership.State;

namespace Membership.Replication.Divergence;

/// <summary>
/// Compares this replica's digests with those of the other voters: a leader after every checkpoint, a follower when the checkpoint is not
/// what it has. Whoever is in the minority gives up leadership and gets a new state; without a majority nobody serves.
/// </summary>
internal sealed class DivergenceWatch(
    ReplicaCluster cluster, PeerSet peers, Fence fence, Checkpoints checkpoints, StateRebuild rebuild, Candidacy candidacy,
    Func<string, bool> isVoter)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // An idle leader makes no checkpoint by itself, and one after a restart may know none of those that the others know.
    private static readonly TimeSpan RequestPeriod = TimeSpan.FromSeconds(1);

    private long _agreedIndex;
    private long _requested;

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (fence.Current is { Stage: not DivergenceStage.Comparing })
            {
                await candidacy.RefuseAsync(CandidacyBar.Divergence, stop);
                if (await rebuild.TryAsync(stop)) checkpoints.Request();
            }
            else if (fence.IsUp || IsUnconfirmed())
            {
                await CompareAsync(stop);
            }
            else
            {
                await candidacy.AllowAsync(CandidacyBar.Divergence, stop);
            }
        }
    }

    // Its own checkpoints always match a leader's state; only the others can tell it that it is wrong.
    private bool IsUnconfirmed() => cluster.IsLeading && checkpoints.Own is [.., var newest] && newest.Index > _agreedIndex;

    private async Task CompareAsync(CancellationToken stop)
    {
        var suspected = fence.Current;
        var own = checkpoints.Own.Where(checkpoint => checkpoint.Index > _agreedIndex).ToArray();
        var answers = await peers.AskAllAsync(isVoter, (peer, t) => peer.GetCheckpointsAsync(t), stop);
        for (var i = own.Length - 1; i >= 0; i--)
        {
            if (Conclude(own[i], Count(own[i], answers), suspected)) return;
        }

        if (fence.IsUp) await RequestAsync(stop);
    }

    private DigestVote Count(StateCheckpoint own, IReadOnlyList<PeerCheckpoint[]> answers)
    {
        var others = answers.Select(answer => answer.FirstOrDefault(checkpoint => checkpoint.Index == own.Index)?.ToDigest());
        return DigestVote.Count(own.Digest, cluster.IsVoter, [.. others.OfType<StateDigest>()], cluster.Members.Count);
    }

    private bool Conclude(StateCheckpoint own, DigestVote vote, ReplicaDivergence? suspected)
    {
        switch (vote.Verdict)
        {
            // Who was found wrong at an earlier checkpoint than that of the doubt has no digest of later ones. Whose state was wrong there
            // is known by it; that it was right there is not enough.
            case Verdict.Agrees when own.Index >= (suspected?.Index ?? 0):
                _agreedIndex = own.Index;
                if (suspected is not null) fence.Open(suspected);
                return true;
            case Verdict.Diverged:
                fence.Close(new(DivergenceStage.Diverged, own.Index, own.Digest, vote.Other!.Value));
                return true;
            case Verdict.Split:
                fence.Close(new(DivergenceStage.Split, own.Index, own.Digest, vote.Other!.Value));
                return true;
            default:
                if (vote.Other is { } other && suspected is null) fence.Suspect(new(DivergenceStage.Comparing, own.Index, own.Digest, other));
                return false;
        }
    }

    private async Task RequestAsync(CancellationToken stop)
    {
        if (Environment.TickCount64 - _requested < RequestPeriod.TotalMilliseconds) return;
        _requested = Environment.TickCount64;
        if (cluster.IsLeading) checkpoints.Request();
        else await peers.AskAllAsync(isVoter, (peer, t) => peer.RequestCheckpointAsync(t), stop);
    }
}
