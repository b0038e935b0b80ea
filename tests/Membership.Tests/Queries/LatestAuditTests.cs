using System.Buffers;
using Membership.Audit;
using Membership.Queries;
using Membership.State;
using Xunit;

namespace Membership.Tests.Queries;

/// <summary>The audit trail backwards.</summary>
public sealed class LatestAuditTests
{
    private const int Held = 5000;
    private const int Applied = 6000;
    private const int LookedAt = 4096;

    private static readonly MembershipState Long = Make();

    [Fact]
    public void Pages_go_from_the_latest_record_to_the_oldest_that_is_held()
    {
        List<ulong> seen = [];
        ulong? before = null;
        do
        {
            var page = Ask(Actor.Admin(), new(), 700, before).Answer!;
            seen.AddRange(page.Items.Select(record => record.Number));
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal(Enumerable.Range(Applied - Held + 1, Held).Reverse().Select(number => (ulong)number), seen);
    }

    [Fact]
    public void One_call_looks_at_a_bounded_number_and_says_where_to_go_on()
    {
        var oldest = (ulong)(Applied - Held + 1);
        var first = Ask(Actor.Admin(), new(), 10, null, record => record.Number == oldest).Answer!;
        Assert.Empty(first.Items);
        Assert.Equal((ulong)(Applied - LookedAt + 1), first.Next);
        var second = Ask(Actor.Admin(), new(), 10, first.Next, record => record.Number == oldest).Answer!;
        Assert.Equal(oldest, Assert.Single(second.Items).Number);
        Assert.Null(second.Next);
    }

    [Fact]
    public void It_ends_at_the_revision_that_is_asked_for()
    {
        var page = Ask(Actor.Admin(), new() { FromRevision = Long.Revision - 2 }, 10).Answer!;
        Assert.Equal([Long.Revision, Long.Revision - 1, Long.Revision - 2], page.Items.Select(record => record.Revision));
        Assert.Null(page.Next);
        Assert.Equal(3, Ask(Actor.Admin(), new() { FromRevision = Long.Revision - 2 }, 3).Answer!.Items.Length);
    }

    [Fact]
    public void Nothing_lies_before_the_first_and_what_nobody_has_is_rejected()
    {
        Assert.Empty(Ask(Actor.Admin(), new(), 10, before: 0).Answer!.Items);
        Assert.Empty(Ask(Actor.Admin(), new(), 10, before: 1).Answer!.Items);
        Assert.Equal(10, Ask(Actor.Admin(), new(), 10, before: ulong.MaxValue).Answer!.Items.Length);
        Assert.Equal(Code.AdminRequired, Ask(Actor.ForNode(new(1)), new(), 10).Code);
        Assert.Equal(Code.NetworkNotFound, Ask(Actor.Admin(), new() { Network = NetworkId.Backbone }, 10).Code);
        Assert.Equal(Code.NodeNotFound, Ask(Actor.Admin(), new() { Node = NodeId.Nobody }, 10).Code);
    }

    private static QueryResult<Page<AuditEntry, ulong>> Ask(
        Actor actor, AuditFilter filter, int limit, ulong? before = null, Func<AuditEntry, bool>? selects = null) =>
        new Viewer(Long, actor).GetLatestAudit(filter, limit, before, selects);

    private static MembershipState Make()
    {
        var store = new MembershipStore(MembershipState.Founded("long", new() { AuditRecordsMax = Held }));
        for (var i = 1; i <= Applied; i++) Change(store, i, i == 1 ? new RegisterNode(new(new byte[32])) : new SetExternalId(new(1), $"{i}"));
        return store.Current;
    }

    // Each under a client of its own: outcomes that are not settled are bounded.
    private static void Change(MembershipStore store, int index, Mutation mutation)
    {
        var entry = new ArrayBufferWriter<byte>();
        EntryFormat.Write(entry, index, [new Proposal(new((ulong)index, 1), default, Actor.Admin(), mutation).Encode()]);
        Assert.True(store.Apply(index, 1, new(entry.WrittenMemory)).Outcomes[0].IsOk);
    }
}
