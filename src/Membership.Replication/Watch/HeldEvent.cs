using Membership.Events;

namespace Membership.Replication.Watch;

/// <summary>An event that a replica holds for those who watch.</summary>
/// <remarks>Immutable, for any thread.</remarks>
public sealed class HeldEvent
{
    internal HeldEvent(long position, AppliedEvent applied)
    {
        Position = position;
        Applied = applied;
        Subjects = EventSubjects.Of(applied.Event);
        Bytes = EventBytes.Of(applied.Event);
    }

    /// <summary>The event.</summary>
    public AppliedEvent Applied { get; }

    /// <summary>What it is about.</summary>
    public EventSubjects Subjects { get; }

    /// <summary>Its place among all events of this life of the replica.</summary>
    internal long Position { get; }

    /// <summary>What it counts against the bound of the ring.</summary>
    internal int Bytes { get; }
}
