using Membership.Replication.Proposals;
using Xunit;

namespace Membership.Cluster.Tests.Proposals;

/// <summary>One network from which very many changes come holds up no other.</summary>
public sealed class FairQueueTests
{
    private static readonly Limits Limits = Limits.Production;
    private static readonly NetworkId Noisy = new(1);
    private static readonly NetworkId Quiet = new(2);
    private ulong _sequence;

    [Fact]
    public void What_one_entry_holds_is_taken_in_the_order_of_its_coming()
    {
        var queue = new FairQueue(65_536, Limits);
        var added = new List<PendingProposal>();
        for (var i = 0; i < 1_000; i++) added.Add(Add(queue, i % 3 == 0 ? Quiet : Noisy));
        Assert.Equal(added, queue.Take());
        Assert.True(queue.IsEmpty);
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public void In_a_backlog_a_late_and_quiet_network_is_in_the_next_entry()
    {
        var queue = new FairQueue(65_536, Limits);
        for (var i = 0; i < 3 * Limits.EntryMutationsMax; i++) Add(queue, Noisy);
        var late = Enumerable.Range(0, 100).Select(_ => Add(queue, Quiet)).ToList();
        var first = queue.Take();
        Assert.Equal(Limits.EntryMutationsMax, first.Count);
        Assert.Equal(late, first.Where(p => Proposal.NetworkOf(p.Encoded) == Quiet));

        // The rest of the backlog is still there, and comes out whole.
        var rest = 0;
        while (!queue.IsEmpty) rest += queue.Take().Count;
        Assert.Equal(2 * Limits.EntryMutationsMax + 100, rest);
        Assert.Equal(0, queue.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void A_group_keeps_its_order_through_a_backlog(int groupSize)
    {
        var queue = new FairQueue(65_536, Limits);
        var groups = new List<PendingProposal[]>();
        for (var count = 0; count < 3 * Limits.EntryMutationsMax; count += groupSize)
        {
            var network = new NetworkId((ushort)(1 + groups.Count % 5));
            var group = Enumerable.Range(0, groupSize).Select(_ => Make(network)).ToArray();
            Assert.Equal(groupSize, queue.Add(group));
            groups.Add(group);
        }

        var places = new Dictionary<PendingProposal, int>();
        while (!queue.IsEmpty)
        {
            var taken = queue.Take();
            Assert.InRange(taken.Count, 1, Limits.EntryMutationsMax);
            foreach (var proposal in taken) places.Add(proposal, places.Count);
        }

        Assert.Equal(groups.Sum(group => group.Length), places.Count);
        Assert.All(groups, group => Assert.Equal(group.OrderBy(p => places[p]), group));
    }

    [Fact]
    public void A_proposal_that_fits_no_entry_with_others_is_taken_before_a_backlog_ends()
    {
        var queue = new FairQueue(65_536, Limits);
        for (var i = 0; i < 3 * Limits.EntryMutationsMax; i++) Add(queue, Noisy);
        var large = new SetExprPolicy(Quiet, new byte[Limits.EntryBytesMax]);
        var proposal = new PendingProposal(new Proposal(new(1, ++_sequence), default, Actor.Admin(), large).Encode());
        Assert.Equal(1, queue.Add([proposal]));

        // The turn before it cuts the first entry short, and the second one is its own.
        queue.Take();
        Assert.Equal(proposal, queue.Take()[0]);
        Assert.Equal(Limits.EntryMutationsMax, queue.Take().Count);
    }

    [Fact]
    public void A_network_that_fills_the_queue_leaves_room_for_others()
    {
        const int Room = 1_000;
        var queue = new FairQueue(Room, Limits);
        var noisy = Enumerable.Range(0, 2 * Room).Select(_ => Make(Noisy)).ToArray();
        Assert.Equal(Room * 3 / 4, queue.Add(noisy));
        Assert.Equal(0, queue.Add([Make(Noisy)]));
        Assert.Equal(Room / 4, queue.Add([.. Enumerable.Range(0, Room).Select(_ => Make(Quiet))]));
        Assert.Equal(Room, queue.Length);

        // What was taken gives its room back.
        while (!queue.IsEmpty) queue.Take();
        Assert.Equal(Room * 3 / 4, queue.Add(noisy));
    }

    [Fact]
    public async Task Whoever_adds_at_once_is_answered_for_each_and_nothing_is_lost()
    {
        var queue = new FairQueue(65_536, Limits);
        var adding = Enumerable.Range(1, 4).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++) Assert.Equal(1, queue.Add([Make(new((ushort)n))]));
        })).ToArray();
        var taken = new HashSet<PendingProposal>();
        while (taken.Count < 20_000)
        {
            await queue.WaitAsync(CancellationToken.None);
            foreach (var proposal in queue.Take()) Assert.True(taken.Add(proposal));
        }

        await Task.WhenAll(adding);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void After_the_end_nothing_is_added_and_what_waits_is_taken()
    {
        var queue = new FairQueue(10, Limits);
        var waiting = Add(queue, Quiet);
        queue.Complete();
        Assert.Equal(0, queue.Add([Make(Quiet)]));
        Assert.Equal([waiting], queue.Take());
        Assert.Equal(0, queue.Length);
    }

    private PendingProposal Add(FairQueue queue, NetworkId network)
    {
        var proposal = Make(network);
        Assert.Equal(1, queue.Add([proposal]));
        return proposal;
    }

    private PendingProposal Make(NetworkId network) =>
        new(new Proposal(new(1, Interlocked.Increment(ref _sequence)), default, Actor.Admin(), new LeaveNetwork(new(1), network)).Encode());
}
