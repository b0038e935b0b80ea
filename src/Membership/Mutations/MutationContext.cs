using System.Runtime.InteropServices;
using Membership.Events;
using Membership.State;

namespace Membership.Mutations;

/// <summary>What a mutation decides by: the draft, who asks and when. Collects its results and events.</summary>
internal sealed class MutationContext(Draft state)
{
    private readonly List<Event> _own = [];
    private readonly List<(NetworkId Network, NodeId Target, Event Event)> _goneInvites = [];
    private readonly List<OwnerChanged> _ownerChanges = [];

    public Draft State { get; } = state;

    public Limits Limits => State.Limits;

    /// <summary>Cluster time, Unix ms.</summary>
    public long Now => State.Now;

    /// <summary>The revision of this mutation.</summary>
    public ulong Revision => State.Counters.Revision;

    public Actor Actor { get; private set; }

    /// <summary>As what the actor acts, for the audit trail; the role gate sets it to the role that counted.</summary>
    public string ActorRole { get; set; } = "";

    public Results Results { get; set; }

    public void Begin(Actor actor)
    {
        Actor = actor;
        ActorRole = actor.Kind switch
        {
            ActorKind.System => "system",
            ActorKind.Admin => "admin",
            ActorKind.NetworkAdmin => actor.Level.ToText(),
            ActorKind.Node => "node",
            _ => "key",
        };
        Results = default;
        _own.Clear();
        _goneInvites.Clear();
        _ownerChanges.Clear();
    }

    /// <summary>Says an event of the mutation's own.</summary>
    public void Say(Event e) => _own.Add(e);

    /// <summary>An invite went by the way; said after the mutation's own events, by network and target.</summary>
    public void SayInviteGone(NetworkId network, NodeId target, Event e) => _goneInvites.Add((network, target, e));

    /// <summary>A network got another owner by the way; said last, by network.</summary>
    public void SayOwnerChanged(OwnerChanged e) => _ownerChanges.Add(e);

    /// <summary>All events in the order that the specification gives them (section 4); stands until the next mutation begins.</summary>
    public IReadOnlyList<Event> EventsInOrder()
    {
        CollectionsMarshal.AsSpan(_goneInvites).Sort(static (a, b) =>
            a.Network != b.Network ? a.Network.CompareTo(b.Network) : a.Target.CompareTo(b.Target));
        CollectionsMarshal.AsSpan(_ownerChanges).Sort(static (a, b) => a.Network.CompareTo(b.Network));
        foreach (var (_, _, e) in _goneInvites) _own.Add(e);
        foreach (var e in _ownerChanges) _own.Add(e);
        return _own;
    }
}
