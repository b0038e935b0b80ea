using System.Collections.Immutable;
using Membership.Events;

namespace Membership.Replication.Watch;

/// <summary>
/// The last events that this replica applied, bounded in count and bytes. One thread fills it; any number read it by revision, without a
/// lock and without holding anything of it.
/// </summary>
/// <remarks>
/// It holds every event from <see cref="OldestRevision"/> on. Who asks for less is told so, never given a part. Before a slot loses its
/// event the tail has moved past its position: a reader looks at the tail last, and so knows that it was overtaken.
/// </remarks>
internal sealed class EventRing
{
    // Slots come into being as they are needed, so many at once: a block is for the large object heap, where nothing is moved.
    private const int SlotsInBlock = 1024;

    private readonly HeldEvent[]?[] _blocks;
    private readonly int _slots;
    private readonly long _bytesMax;
    private readonly Func<ReplicaDivergence?>? _divergence;
    private Mark _mark;
    private ulong _oldest;
    private long _tail;
    private long _head;
    private long _bytes;
    private Pulse? _pulse;
    private volatile bool _isClosed;

    /// <summary>Begins behind a state, with none of the events that led to it.</summary>
    /// <param name="revision">The revision of the state.</param>
    /// <param name="eventsMax">Events at most, 1 and more.</param>
    /// <param name="bytesMax">Bytes at most, as far as they can be told.</param>
    /// <param name="divergence">Why the events may not be believed now; null for never.</param>
    public EventRing(ulong revision, int eventsMax, long bytesMax, Func<ReplicaDivergence?>? divergence = null)
    {
        // One more than the bytes allow, for an event is put in before others have to go for it.
        _slots = (int)Math.Min(eventsMax, bytesMax / EventBytes.Fixed + 1);
        _blocks = new HeldEvent[]?[(_slots - 1) / SlotsInBlock + 1];
        _bytesMax = bytesMax;
        _divergence = divergence;
        _oldest = revision + 1;
        _mark = new(0, revision, revision, []);
    }

    /// <summary>The events of this revision and of all after it are held, up to the present one.</summary>
    public ulong OldestRevision => Volatile.Read(ref _oldest);

    /// <summary>Bytes held, by the writer's account.</summary>
    internal long Bytes => _bytes;

    /// <summary>Takes the events of an entry. For the one thread that applies.</summary>
    /// <param name="events">The events.</param>
    /// <param name="revision">The revision after the entry, whose state can be read already.</param>
    public void Append(ImmutableArray<AppliedEvent> events, ulong revision)
    {
        if (revision == _mark.Revision) return;
        foreach (var applied in events) Put(applied);
        var lastEvent = events.IsEmpty ? _mark.LastEvent : events[^1].Revision;
        Volatile.Write(ref _mark, new(_head, revision, lastEvent, events));
        if (!events.IsEmpty) Wake();
    }

    /// <summary>Begins again behind a state that did not come about by entries. As long as it runs, nothing may be appended.</summary>
    public void Restart(ulong revision)
    {
        Volatile.Write(ref _oldest, revision + 1);
        while (_tail < _head) Evict(revision + 1);
        Volatile.Write(ref _mark, new(_head, revision, revision, []));
        Wake();
    }

    /// <summary>Ends every wait and every read from now on.</summary>
    public void Close()
    {
        _isClosed = true;
        Wake();
    }

    /// <summary>Reads events, whole revisions only.</summary>
    /// <param name="from">Of this revision and later ones.</param>
    /// <param name="max">
    /// At most so many; a revision that does not fit is left for the next page, unless it is the first: then it is the page.
    /// </param>
    /// <param name="selects">Which. It is called after the end of the page is fixed, so a state read within it is not older than any event.</param>
    /// <exception cref="ReplicaUnavailableException">The replica has stopped, or its state is in doubt.</exception>
    public EventPage Read(ulong from, int max, Func<AppliedEvent, bool> selects)
    {
        ThrowIfRefused();
        var page = ReadHeld(Math.Max(from, 1), max, selects);

        // What came in meanwhile may be the wrong state's.
        ThrowIfRefused();
        return page;
    }

    /// <summary>To be called behind any look at the state that belongs to the events.</summary>
    /// <exception cref="ReplicaUnavailableException">The replica has stopped, or its state is in doubt.</exception>
    public void ThrowIfRefused()
    {
        if (_isClosed) throw new ReplicaUnavailableException("The replica has stopped: watch another one, from the same revision.");
        if (_divergence?.Invoke() is { } divergence) throw new ReplicaUnavailableException(divergence.Message);
    }

    /// <summary>Returns when there is an event of this revision or a later one, or when those from it on are gone.</summary>
    /// <exception cref="ReplicaUnavailableException">The replica has stopped, or its state is in doubt.</exception>
    public async ValueTask WaitAsync(ulong from, CancellationToken token)
    {
        while (true)
        {
            token.ThrowIfCancellationRequested();

            // Taken before looking: what comes after the look gives it.
            var pulse = Volatile.Read(ref _pulse) ?? NewPulse();
            ThrowIfRefused();
            if (Volatile.Read(ref _mark).LastEvent >= from) return;
            await pulse.Given.WaitAsync(token);
        }
    }

    /// <summary>Has everyone who waits look again.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _pulse, null) is { } pulse) ThreadPool.UnsafeQueueUserWorkItem(pulse, preferLocal: false);
    }

    private Pulse NewPulse()
    {
        var pulse = new Pulse();
        return Interlocked.CompareExchange(ref _pulse, pulse, null) ?? pulse;
    }

    private EventPage ReadHeld(ulong from, int max, Func<AppliedEvent, bool> selects)
    {
        var mark = Volatile.Read(ref _mark);
        if (from > mark.Revision) return new([], from);
        var position = Find(from, mark);
        if (OldestRevision > from) return Gone(from);

        var events = ImmutableArray.CreateBuilder<AppliedEvent>();
        var (revision, whole) = (0UL, 0);
        for (; position < mark.Head; position++)
        {
            if (At(position, mark) is not { } applied) return Gone(from);
            if (applied.Revision != revision)
            {
                (revision, whole) = (applied.Revision, events.Count);
                if (whole >= max) return new(events.DrainToImmutable(), revision);
            }

            if (!selects(applied)) continue;
            events.Add(applied);
            if (events.Count <= max || whole == 0) continue;
            events.Count = whole;
            return new(events.DrainToImmutable(), revision);
        }

        return new(events.DrainToImmutable(), mark.Revision + 1);
    }

    private EventPage Gone(ulong from) => new([], from, OldestRevision);

    // Null when the writer has overtaken the position. Those who wake with an event share the object; those behind get one of their own.
    private AppliedEvent? At(long position, Mark mark)
    {
        var inLast = (int)(position - (mark.Head - mark.Last.Length));
        if (inLast < 0) return TryRead(position, out var slot) ? slot.ToApplied() : null;
        return Volatile.Read(ref _tail) <= position ? mark.Last[inLast] : null;
    }

    // False when the writer has overtaken the position: what was copied may be of two events then.
    private bool TryRead(long position, out HeldEvent slot)
    {
        slot = SlotOf(position);
        Volatile.ReadBarrier();
        return Volatile.Read(ref _tail) <= position;
    }

    // The first position of this revision or a later one. What was lost meanwhile was before it, or else the oldest revision tells.
    private long Find(ulong revision, Mark mark)
    {
        var (low, high) = (Volatile.Read(ref _tail), mark.Head);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (TryRead(middle, out var slot) && slot.Revision >= revision) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private void Put(AppliedEvent applied)
    {
        if (_head - _tail == _slots) EvictOldest();
        _blocks[BlockOf(_head)] ??= new HeldEvent[SlotsInBlock];
        ref var slot = ref SlotOf(_head);
        slot = new(applied);
        _head++;
        _bytes += slot.Bytes;
        while (_bytes > _bytesMax) EvictOldest();
    }

    private void EvictOldest() => Evict(SlotOf(_tail).Revision + 1);

    private void Evict(ulong oldest)
    {
        Volatile.Write(ref _oldest, oldest);
        ref var slot = ref SlotOf(_tail);

        // Before the slot changes hands: see TryRead.
        Volatile.Write(ref _tail, _tail + 1);
        Volatile.WriteBarrier();
        _bytes -= slot.Bytes;
        slot = default;
    }

    private int BlockOf(long position) => (int)(position % _slots) / SlotsInBlock;

    private ref HeldEvent SlotOf(long position) => ref _blocks[BlockOf(position)]![(int)(position % _slots) % SlotsInBlock];

    /// <summary>How far the ring is filled.</summary>
    /// <param name="Head">The position after the last event.</param>
    /// <param name="Revision">The revision up to which every event was put in.</param>
    /// <param name="LastEvent">The revision of the last event, held or gone.</param>
    /// <param name="Last">The events before the head that were put in last: those of one entry.</param>
    private sealed record Mark(long Head, ulong Revision, ulong LastEvent, ImmutableArray<AppliedEvent> Last);
}
