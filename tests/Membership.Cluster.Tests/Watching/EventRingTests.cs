using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Membership.Events;
using Membership.Replication;
using Membership.Replication.Watch;
using Xunit;

namespace Membership.Cluster.Tests.Watching;

public sealed class EventRingTests
{
    private const ulong RevisionMax = 2_000;

    [Property(MaxTest = 300, Arbitrary = [typeof(Steps)])]
    public void Any_interleaving_gives_every_event_once_and_in_order_or_says_that_it_is_gone(PositiveInt eventsMax, Step[] steps)
    {
        var model = new RingModel(1 + eventsMax.Get % 24);
        foreach (var step in steps) step.Take(model);
    }

    [Fact]
    public void The_laws_are_tried_on_events_that_are_heard_and_on_events_that_are_gone()
    {
        var (heard, gone) = (0, 0);
        foreach (var steps in Steps.Of().Generator.Sample(100, 200))
        {
            var model = new RingModel(8);
            foreach (var step in steps) step.Take(model);
            (heard, gone) = (heard + model.HeardCount, gone + model.GoneCount);
        }

        Assert.True(heard > 1_000 && gone > 100, $"{heard} heard, {gone} gone");
    }

    [Fact]
    public async Task Readers_beside_a_writer_get_every_event_once_and_in_order_or_hear_that_it_is_gone()
    {
        const int Lap = 17;
        var ring = new EventRing(0, eventsMax: 64, long.MaxValue);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var readers = Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            var (heard, gone, next) = (0, 0, 1UL);
            while (next <= RevisionMax)
            {
                var page = ring.Read(next, 1 + 7 * reader, _ => true);
                if (page.OldestRevision is { } oldest)
                {
                    Assert.InRange(oldest, next + 1, RevisionMax + 1);
                    (gone, next) = (gone + 1, oldest);
                    continue;
                }

                // Each revision has three events, but every seventeenth has none.
                var expected = from revision in Revisions(next, page.NextRevision) where revision % Lap != 0 from i in Enumerable.Range(0, 3) select Entries.Event(revision, i);
                Assert.Equal(expected, page.Events);
                (heard, next) = (heard + page.Events.Length, page.NextRevision);
                if (page.Events.IsEmpty && next <= RevisionMax) await ring.WaitAsync(next, limit.Token);
            }

            return (heard, gone);
        })).ToArray();
        for (var revision = 0UL; revision < RevisionMax; revision++)
        {
            ring.Append(Entries.After(revision, (revision + 1) % Lap == 0 ? 0 : 3), revision + 1);
            if (revision % 5 == 0) await Task.Yield();
        }

        foreach (var (heard, gone) in await Task.WhenAll(readers)) Assert.True(heard > 0 || gone > 0);
    }

    [Fact]
    public void A_reader_that_is_overtaken_within_a_page_hears_that_the_events_are_gone()
    {
        var ring = new EventRing(0, 4, long.MaxValue);
        ring.Append(Entries.After(0, 1, 1, 1, 1), 4);
        var page = ring.Read(1, 10, applied =>
        {
            if (applied.Revision == 1) ring.Append(Entries.After(4, 1, 1, 1), 7);
            return true;
        });
        Assert.Equal((0, 1UL, 4UL), (page.Events.Length, page.NextRevision, page.OldestRevision));
    }

    [Fact]
    public async Task Readers_that_are_overtaken_all_the_time_get_no_event_made_of_two()
    {
        const ulong Last = 300_000;
        var ring = new EventRing(0, eventsMax: 3, long.MaxValue);
        using var started = new CountdownEvent(2);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            started.Signal();
            bool isLast;
            var heard = 0;
            do
            {
                var next = ring.OldestRevision;
                isLast = next > Last - 3;
                foreach (var applied in ring.Read(next, 3, _ => true).Events)
                {
                    Assert.Equal(OfManyKinds(next++), applied);
                    heard++;
                }
            }
            while (!isLast);
            return heard;
        })).ToArray();
        Assert.True(started.Wait(TimeSpan.FromSeconds(15)));
        for (var revision = 1UL; revision <= Last; revision++)
        {
            // Another one in the same entry, so that it is not the last entry's events alone that are read.
            ring.Append([OfManyKinds(revision), OfManyKinds(++revision)], revision);
        }

        Assert.All(await Task.WhenAll(readers), heard => Assert.True(heard > 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(2_500)]
    public void A_ring_of_any_size_holds_as_many_events_as_it_may(int eventsMax)
    {
        var ring = new EventRing(0, eventsMax, long.MaxValue);
        for (var revision = 0UL; revision < 9_996; revision += 7)
        {
            ring.Append(Entries.After(revision, Enumerable.Repeat(1, 7)), revision + 7);
            var last = revision + 7;
            var oldest = last - Math.Min(last, (ulong)eventsMax) + 1;
            Assert.Equal(oldest, ring.OldestRevision);
            Assert.Equal(
                Revisions(oldest, last + 1).Select(held => Entries.Event(held, 0)), ring.Read(oldest, eventsMax, _ => true).Events);
        }
    }

    [Fact]
    public void A_ring_that_is_bounded_by_bytes_alone_takes_no_memory_for_the_events_that_it_may_not_hold()
    {
        const int BytesMax = 64 << 10;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var ring = new EventRing(0, int.MaxValue, BytesMax);
        var events = Entries.After(0, Enumerable.Repeat(1, 100));
        for (var round = 0UL; round < 1_000; round++) ring.Append(events, round + 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.InRange(ring.Bytes, BytesMax / 2, BytesMax);
    }

    [Fact]
    public void A_revision_is_never_cut_in_two_and_one_that_is_larger_than_a_page_is_the_page()
    {
        var ring = new EventRing(0, 100, long.MaxValue);
        ring.Append(Entries.After(0, 2, 2, 0, 9, 1), 5);
        Assert.Equal(("1 1", 2UL), Read(ring, 1, max: 3));
        Assert.Equal(("1 1 2 2", 4UL), Read(ring, 1, max: 4));
        Assert.Equal(("2 2", 4UL), Read(ring, 2, max: 1));
        Assert.Equal(("4 4 4 4 4 4 4 4 4", 5UL), Read(ring, 3, max: 4));
        Assert.Equal(("5", 6UL), Read(ring, 5, max: 4));
        Assert.Equal(("", 6UL), Read(ring, 6, max: 4));
        Assert.Equal(("", 60UL), Read(ring, 60, max: 4));
    }

    [Fact]
    public void The_bound_in_bytes_holds_whatever_an_event_holds()
    {
        const int BytesMax = 64 << 10;
        var ring = new EventRing(0, 100_000, BytesMax);
        for (var revision = 1UL; revision <= 1_000; revision++)
        {
            var large = new AppliedEvent(revision, 0, Actor.System, "system", null, new ExternalIdSet(new(1), new('x', 256)));
            ring.Append([large], revision);
            Assert.InRange(ring.Bytes, 1, BytesMax);
        }

        var held = ring.Read(ring.OldestRevision, int.MaxValue, _ => true);
        Assert.InRange(held.Events.Length, BytesMax / 1_024, BytesMax / 512);
        Assert.Equal(1_000UL, held.Events[^1].Revision);
        Assert.Equal(ring.OldestRevision, ring.Read(1, 10, _ => true).OldestRevision);
    }

    [Fact]
    public void A_revision_that_is_larger_than_the_ring_is_gone_as_a_whole()
    {
        var ring = new EventRing(0, 4, long.MaxValue);
        ring.Append(Entries.After(0, 1, 5, 1), 3);
        Assert.Equal(3UL, ring.Read(1, 10, _ => true).OldestRevision);
        Assert.Equal(3UL, ring.Read(2, 10, _ => true).OldestRevision);
        Assert.Equal(("3", 4UL), Read(ring, 3, max: 10));
    }

    [Fact]
    public void What_selects_sees_a_state_that_is_not_older_than_the_page()
    {
        var ring = new EventRing(0, 100, long.MaxValue);
        ring.Append(Entries.After(0, 1), 1);
        var page = ring.Read(1, 10, _ =>
        {
            ring.Append(Entries.After(1, 1), 2);
            return true;
        });
        Assert.Equal((1, 2UL), (page.Events.Length, page.NextRevision));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_an_event_and_by_no_revision_without_one()
    {
        var ring = new EventRing(0, 100, long.MaxValue);
        var first = ring.WaitAsync(1, default).AsTask();
        var later = ring.WaitAsync(3, default).AsTask();
        ring.Append(Entries.After(0, 0), 1);
        Assert.False(first.IsCompleted);
        ring.Append(Entries.After(1, 1), 2);
        await first.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.False(later.IsCompleted);
        ring.Restart(9);
        await later.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(10UL, ring.Read(3, 1, _ => true).OldestRevision);
    }

    [Fact]
    public async Task A_closed_ring_ends_every_wait_and_every_read()
    {
        var ring = new EventRing(0, 100, long.MaxValue);
        var waiting = ring.WaitAsync(1, default).AsTask();
        ring.Close();
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(15)));
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => ring.WaitAsync(1, default).AsTask());
        Assert.Throws<ReplicaUnavailableException>(() => ring.Read(1, 1, _ => true));
    }

    [Fact]
    public async Task A_wait_that_is_given_up_ends()
    {
        var ring = new EventRing(0, 100, long.MaxValue);
        using var stop = new CancellationTokenSource();
        var waiting = ring.WaitAsync(1, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task While_its_state_is_in_doubt_nothing_is_read_and_nobody_waits()
    {
        ReplicaDivergence? doubt = null;
        var ring = new EventRing(0, 100, long.MaxValue, () => doubt);
        ring.Append(Entries.After(0, 1), 1);
        var waiting = ring.WaitAsync(2, default).AsTask();
        var divergence = new ReplicaDivergence(DivergenceStage.Comparing, 1, default, default);
        Assert.Throws<ReplicaUnavailableException>(() => ring.Read(1, 10, _ =>
        {
            doubt = divergence;
            return true;
        }));
        ring.Wake();
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(15)));

        // Right after all: what came meanwhile is there.
        ring.Append(Entries.After(1, 1), 2);
        Assert.Throws<ReplicaUnavailableException>(() => ring.Read(1, 10, _ => true));
        doubt = null;
        Assert.Equal(("1 2", 3UL), Read(ring, 1, max: 10));

        // Another state at the same revision, or before it: none of the events led to it.
        ring.Restart(2);
        Assert.Equal(3UL, ring.Read(1, 10, _ => true).OldestRevision);
        ring.Append(Entries.After(2, 1, 1), 4);
        ring.Restart(3);
        Assert.Equal(4UL, ring.Read(3, 10, _ => true).OldestRevision);
        ring.Append(Entries.After(3, 1), 4);
        Assert.Equal(("4", 5UL), Read(ring, 4, max: 10));
    }

    // Each field says which revision it is of.
    private static AppliedEvent OfManyKinds(ulong revision)
    {
        var (node, network) = (new NodeId((uint)revision), new NetworkId((ushort)revision));
        Event happened = (revision % 5) switch
        {
            0 => new NetworkJoined(node, network, Role.Member),
            1 => new NodeKeyRotated(node, (uint)revision),
            2 => new InviteCreated(network, node, node),
            3 => new NodeRegistered(node),
            _ => new InviteRevoked(network, node, "kicked"),
        };
        return new(revision, (long)revision, Actor.ForNode(node, revision), "node", new(revision, revision), happened);
    }

    private static IEnumerable<ulong> Revisions(ulong from, ulong to)
    {
        for (var revision = from; revision < to; revision++) yield return revision;
    }

    private static (string Revisions, ulong Next) Read(EventRing ring, ulong from, int max)
    {
        var page = ring.Read(from, max, _ => true);
        Assert.Null(page.OldestRevision);
        return (string.Join(' ', page.Events.Select(e => e.Revision)), page.NextRevision);
    }

    /// <summary>Something that happens to the ring, or that a consumer does.</summary>
    public sealed record Step(string Name, int A, int B, int[] Counts)
    {
        internal void Take(RingModel model)
        {
            switch (Name)
            {
                case "append":
                    model.Append(Counts);
                    break;
                case "restart":
                    model.Restart(A % 3);
                    break;
                case "read":
                    model.Read(A, 1 + B, _ => true);
                    break;
                default:
                    model.Read(A, 1 + B, e => e.Revision % 3 != 0);
                    break;
            }
        }
    }

    /// <summary>Entries of up to four revisions of up to five events; readers of four speeds; now and then a snapshot.</summary>
    public static class Steps
    {
        public static Arbitrary<Step[]> Of()
        {
            var number = Gen.Choose(0, 12);
            var counts = Gen.Frequency((3, Gen.Choose(0, 2)), (1, Gen.Choose(3, 5))).ArrayOf().Resize(4);
            Gen<Step> Named(string name) => number.SelectMany(_ => number, (a, b) => (a, b)).SelectMany(_ => counts, (ab, c) => new Step(name, ab.a, ab.b, c));
            var step = Gen.Frequency((8, Named("append")), (8, Named("read")), (3, Named("select")), (1, Named("restart")));
            return step.ArrayOf().ToArbitrary();
        }
    }
}
