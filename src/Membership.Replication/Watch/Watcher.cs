using System.Runtime.CompilerServices;
using Membership.Replication.Telemetry;

namespace Membership.Replication.Watch;

/// <summary>Goes through the events for one consumer, and through the present state where they are gone.</summary>
internal sealed class Watcher(EventRing ring, MembershipStore store, WatchFilter filter, ReplicaMeter? meter = null)
{
    // What a consumer holds of the ring at a time, unless a single revision has more.
    private const int PageLength = 256;

    public async IAsyncEnumerable<WatchItem> RunAsync(ulong from, [EnumeratorCancellation] CancellationToken token)
    {
        meter?.WatchConsumers.Add(1);
        try
        {
            await foreach (var item in GoThroughAsync(from, token)) yield return item;
        }
        finally
        {
            meter?.WatchConsumers.Add(-1);
        }
    }

    private async IAsyncEnumerable<WatchItem> GoThroughAsync(ulong from, [EnumeratorCancellation] CancellationToken token)
    {
        while (true)
        {
            token.ThrowIfCancellationRequested();
            var page = ring.Read(from, PageLength, filter.Selects);
            if (page.OldestRevision is { } oldest)
            {
                meter?.WatchCutOffs.Add(1);
                foreach (var item in Present(oldest, from))
                {
                    token.ThrowIfCancellationRequested();
                    from = item.NextRevision;
                    yield return item;
                }
            }
            else
            {
                for (var i = 0; i < page.Events.Length; i++) yield return ItemOf(page, i);
                from = page.NextRevision;
                if (page.Events.IsEmpty) await ring.WaitAsync(from, token);
            }
        }
    }

    // Ends early when the ring moves past the state meanwhile: what is left of it would be gone through in vain.
    private IEnumerable<WatchItem> Present(ulong oldest, ulong from)
    {
        var state = store.Current;
        ring.ThrowIfRefused();
        yield return new HistoryGone(oldest, state.Revision) { NextRevision = from };
        foreach (var item in new PresentState(state, filter, from).Items())
        {
            yield return item;
            if (ring.OldestRevision > state.Revision + 1) yield break;
        }

        yield return new PresentComplete(state.Revision) { NextRevision = state.Revision + 1 };
    }

    private static EventItem ItemOf(EventPage page, int index)
    {
        var applied = page.Events[index];
        var isLast = index + 1 == page.Events.Length || page.Events[index + 1].Revision != applied.Revision;
        return new(applied) { NextRevision = applied.Revision + (isLast ? 1UL : 0) };
    }
}
