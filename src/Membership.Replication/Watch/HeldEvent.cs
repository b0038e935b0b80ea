using Membership.Events;
using Membership.Queries;

namespace Membership.Replication.Watch;

/// <summary>An event that a replica holds for those who watch.</summary>
/// <remarks>Immutable, for any thread.</remarks>
public sealed class HeldEvent
{
    private readonly Audience? _audience;

    internal HeldEvent(long position, AppliedEvent applied, Audience? audience)
    {
        Position = position;
        Applied = applied;
        Subjects = EventSubjects.Of(applied.Event);
        _audience = audience;
        Bytes = EventBytes.Of(applied.Event) + (audience?.MemberCount ?? 0) * sizeof(uint);
    }

    /// <summary>The event.</summary>
    public AppliedEvent Applied { get; }

    /// <summary>What it is about.</summary>
    public EventSubjects Subjects { get; }

    /// <summary>Its place among all events of this life of the replica.</summary>
    internal long Position { get; }

    /// <summary>What it counts against the bound of the ring.</summary>
    internal int Bytes { get; }

    /// <summary>
    /// Whether it tells of the end of a network that this requester could see until then. No later state can tell: the network is not in it.
    /// </summary>
    /// <param name="requester">Who asks; null for nobody.</param>
    public bool WasSeenBy(Actor? requester) => _audience?.Includes(requester) == true;
}
