using Membership.Events;

namespace Membership.Replication.Watch;

/// <summary>
/// What a watcher hears: an event (<see cref="EventItem"/>), or that events are gone (<see cref="HistoryGone"/>) and what is present
/// instead (<see cref="PresentItem"/>s up to <see cref="PresentComplete"/>).
/// </summary>
public abstract record WatchItem
{
    private protected WatchItem()
    {
    }

    /// <summary>From where to go on after a break, on any replica: everything below it that was selected has been delivered.</summary>
    /// <remarks>
    /// Several events may share a revision: before the last of them this is still their own revision, and going on repeats them.
    /// Before <see cref="PresentComplete"/> it is where the watch began, and going on repeats the present state.
    /// </remarks>
    public required ulong NextRevision { get; init; }
}

/// <summary>Something happened.</summary>
/// <param name="Applied">The event.</param>
public sealed record EventItem(AppliedEvent Applied) : WatchItem;

/// <summary>
/// The events that were to come next are gone. Forget what was known: the present state follows, then the events after it.
/// </summary>
/// <param name="OldestRevision">The oldest revision whose events are held, with all after it.</param>
/// <param name="PresentRevision">The revision of the state that follows.</param>
public sealed record HistoryGone(ulong OldestRevision, ulong PresentRevision) : WatchItem;

/// <summary>The present state has been gone through; the events of later revisions follow.</summary>
/// <param name="Revision">Its revision.</param>
public sealed record PresentComplete(ulong Revision) : WatchItem;
