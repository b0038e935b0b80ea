using Membership.Events;
using Membership.Replication.Watch;
using Xunit;

namespace Membership.Cluster.Tests.Watching;

/// <summary>A ring, every event that ever went into it, and consumers that each know what they must hear next.</summary>
internal sealed class RingModel(int eventsMax)
{
    private readonly EventRing _ring = new(0, eventsMax, long.MaxValue);
    private readonly List<AppliedEvent> _all = [];
    private readonly ulong[] _next = new ulong[4];
    private ulong _revision;
    private ulong _begin = 1;

    /// <summary>How often a consumer heard that events are gone.</summary>
    public int GoneCount { get; private set; }

    /// <summary>How many events consumers heard.</summary>
    public int HeardCount { get; private set; }

    public void Append(int[] eventsOfEach)
    {
        var events = Entries.After(_revision, eventsOfEach);
        _revision += (ulong)eventsOfEach.Length;
        _ring.Append(events, _revision);
        _all.AddRange(events);
    }

    public void Restart(int skipped)
    {
        _revision += (ulong)skipped;
        _ring.Restart(_revision);
        _begin = _revision + 1;
    }

    /// <summary>A consumer reads one page; it gets the events that come next for it, or hears that they are gone, and then they are.</summary>
    public void Read(int consumer, int max, Func<AppliedEvent, bool> selects)
    {
        ref var next = ref _next[consumer % _next.Length];
        var from = next;
        var page = _ring.Read(from, max, selects);
        if (page.OldestRevision is { } oldest)
        {
            GoneCount++;
            Assert.True(oldest > from && oldest <= _revision + 1, $"{oldest} is no oldest revision for {from}");
            Assert.True(Math.Max(from, 1) < _begin || IsBeyondBounds(from), $"revision {from} is said to be gone, and there is room for it");
            Assert.Equal(Since(oldest), _ring.Read(oldest, int.MaxValue, _ => true).Events);
            next = _revision + 1;
            return;
        }

        Assert.True(page.NextRevision >= from);
        Assert.Equal(_all.Where(e => e.Revision >= from && e.Revision < page.NextRevision && selects(e)), page.Events);
        Assert.True(page.Events.Length <= max || page.Events.DistinctBy(e => e.Revision).Count() == 1, "a page is too large");
        Assert.True(!page.Events.IsEmpty || page.NextRevision > _revision, "an empty page ends before the last revision");
        HeardCount += page.Events.Length;
        next = page.NextRevision;
    }

    private bool IsBeyondBounds(ulong from) => _all.Count(e => e.Revision >= Math.Max(from, _begin)) > eventsMax;

    private IEnumerable<AppliedEvent> Since(ulong revision) => _all.Where(e => e.Revision >= revision);

}
