using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Membership.Replication.Peers;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Peers;

/// <summary>The leader sees of a forwarded batch which proposals are whose, so that no network of it counts as another.</summary>
public sealed class ForwardedGroupsTests(ITestOutputHelper output)
{
    private static readonly NetworkId Noisy = new(1);
    private static readonly NetworkId Quiet = new(2);

    [Fact]
    public async Task Groups_arrive_as_they_were_sent()
    {
        await using var pair = new PeerPair();
        var result = await pair.NewClient().ForwardAsync(PeerPair.Batch(1, 2, 3, 4), [1, 2, 1], PeerPair.Deadline);
        Assert.Equal([1ul, 2, 3, 4], result.Outcomes.Select(outcome => outcome.Revision));
        Assert.Equal([[1, 2, 1]], pair.Service.Groups);
    }

    [Fact]
    public async Task A_follower_of_before_sends_none_and_its_batch_is_one()
    {
        await using var pair = new PeerPair();
        using var older = await PeerConnection.OpenAsync(pair.Address, PeerPair.ClientIdentity, null, new(), CancellationToken.None);
        var answer = await older.Calls.ForwardAsync(ProposalBatch.Write(PeerPair.Batch(1, 2, 3)), 1_000);
        Assert.Equal([1ul, 2, 3], ForwardResultFormat.Read(answer, 3).Outcomes.Select(outcome => outcome.Revision));
        Assert.Equal([[3]], pair.Service.Groups);
    }

    [Fact]
    public async Task A_leader_of_before_gets_each_batch_once_and_without_them()
    {
        await using var older = new OlderPeer();
        await using var client = new PeerClient(older.Address, PeerPair.ClientIdentity);
        for (var n = 1; n <= 3; n++)
        {
            var result = await client.ForwardAsync(PeerPair.Batch(7, 8), [1, 1], PeerPair.Deadline);
            Assert.Equal([7ul, 8], result.Outcomes.Select(outcome => outcome.Revision));
            Assert.Equal(n, older.Batches.Count);
        }

        Assert.All(older.Batches, count => Assert.Equal(2, count));
    }

    [Fact]
    public async Task Groups_that_are_not_the_batchs_are_refused_unread()
    {
        await using var pair = new PeerPair();
        using var link = await PeerConnection.OpenAsync(pair.Address, PeerPair.ClientIdentity, null, new(), CancellationToken.None);
        foreach (var groups in new int[][] { [], null!, [1], [1, 1, 1], [2, 0], [3, -1], [int.MaxValue, int.MaxValue, 4], [0, 2] })
        {
            var answer = await link.Calls.ForwardGroupsAsync(ProposalBatch.Write(PeerPair.Batch(1, 2)), groups, 1_000);
            Assert.Equal(ForwardVerdict.Refused, ForwardResultFormat.Read(answer, 2).Verdict);
        }

        Assert.Equal(0, pair.Service.Forwards);
        await Assert.ThrowsAsync<ArgumentException>(() => pair.NewClient().ForwardAsync(PeerPair.Batch(1, 2), [1], PeerPair.Deadline));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_backlog_a_quiet_network_behind_a_noisy_one_of_the_same_batch_is_in_the_second_entry(bool withGroups)
    {
        const int NoisyCount = 200;
        await using var leader = await HeldLeader.StartAsync(output, roomMax: 1_000);

        // One lane's changes of the quiet network come last, and keep their order.
        var batch = Enumerable.Range(1, NoisyCount + 3).Select(n => Leave(n, n <= NoisyCount ? Noisy : Quiet)).ToArray();
        int[] groups = withGroups ? [.. Enumerable.Repeat(1, NoisyCount), 3] : [batch.Length];
        var result = await leader.ForwardAsync(batch, groups, waiting: batch.Length);
        var revisions = result.Outcomes.Select(outcome => outcome.Revision - 1).ToArray();
        Assert.Equal(Enumerable.Range(1, batch.Length).Select(n => (ulong)n), revisions.Order());
        Assert.Equal(revisions[NoisyCount..].Order(), revisions[NoisyCount..]);
        if (withGroups) Assert.InRange(revisions[^1], 1ul, 2ul * HeldLeader.EntryMax);
        else Assert.Equal((ulong)batch.Length, revisions[^1]);
    }

    [Fact]
    public async Task A_noisy_network_of_a_batch_that_is_refused_for_want_of_room_takes_no_quiet_one_with_it()
    {
        const int Room = 100;
        await using var leader = await HeldLeader.StartAsync(output, Room);
        var batch = Enumerable.Range(1, 2 * Room + 1).Select(n => Leave(n, n <= 2 * Room ? Noisy : Quiet)).ToArray();
        var result = await leader.ForwardAsync(batch, [2 * Room, 1], waiting: Room * 3 / 4 + 1);
        Assert.Equal(Code.NetworkNotFound, result.Outcomes[^1].Code);
        Assert.All(result.Outcomes[(Room * 3 / 4)..^1], outcome => Assert.Equal(Code.Overloaded, outcome.Code));
    }

    // Refused by the state, with a revision that tells its place.
    private static ReadOnlyMemory<byte> Leave(int sequence, NetworkId network) =>
        new Proposal(new(1, (ulong)sequence), default, Actor.Admin(), new LeaveNetwork(new(1), network)).Encode();
}
