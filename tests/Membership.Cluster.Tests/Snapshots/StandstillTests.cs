using Membership.Replication.Peers;
using Membership.Replication.Snapshots;
using Xunit;

namespace Membership.Cluster.Tests.Snapshots;

public sealed class StandstillTests
{
    private static readonly PeerStatus behind = new() { ReplicaId = "r2", Incarnation = 2, CommitIndex = 10, Digest = new byte[16] };

    [Fact]
    public void A_follower_that_answers_and_does_not_move_for_long_stands_still() => Assert.True(ShowsAfter(behind, behind));

    [Fact]
    public void One_that_moves_does_not() => Assert.False(ShowsAfter(behind, behind with { CommitIndex = 11 }));

    [Fact]
    public void One_that_has_all_does_not() => Assert.False(ShowsAfter(behind with { CommitIndex = 20 }, behind with { CommitIndex = 20 }));

    [Fact]
    public void One_that_fetches_a_snapshot_has_stopped_for_good_or_opens_its_folder_does_not()
    {
        foreach (var excused in new[] { behind with { IsFetchingSnapshot = true }, behind with { Fault = "disk_slow" }, behind with { Digest = [] } })
            Assert.False(ShowsAfter(excused, excused));
    }

    [Fact]
    public void A_new_leadership_begins_anew()
    {
        var time = new ManualTime();
        var standstill = new Standstill(time);
        standstill.Shows(behind, commitIndex: 20);
        time.Advance(Standstill.Max);
        standstill.Forget();
        Assert.False(standstill.Shows(behind, commitIndex: 20));
    }

    private static bool ShowsAfter(PeerStatus first, PeerStatus second)
    {
        var time = new ManualTime();
        var standstill = new Standstill(time);
        Assert.False(standstill.Shows(first, commitIndex: 20));
        time.Advance(Standstill.Max);
        return standstill.Shows(second, commitIndex: 20);
    }
}
