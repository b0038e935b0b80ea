namespace Membership.Events;

/// <summary>Who could see a network when it was deleted: no later state can tell who may hear of it. Admins and tokens aside.</summary>
/// <remarks>Immutable, for any thread; equal when the same nodes are in it. Four bytes a member.</remarks>
public sealed class Audience : IEquatable<Audience>
{
    private readonly bool _isEverybody;
    private readonly NodeId[] _members;

    private Audience(bool isEverybody, NodeId[] members)
    {
        _isEverybody = isEverybody;
        _members = members;
    }

    /// <summary>How many nodes it names.</summary>
    public int NodeCount => _members.Length;

    /// <summary>Whether this requester is in it; null for nobody.</summary>
    public bool Includes(Actor? requester) =>
        _isEverybody || (requester is { Kind: ActorKind.Node } actor && Array.BinarySearch(_members, actor.Node) >= 0);

    /// <inheritdoc/>
    public bool Equals(Audience? other) =>
        other is not null && _isEverybody == other._isEverybody && _members.AsSpan().SequenceEqual(other._members);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Audience);

    /// <inheritdoc/>
    public override int GetHashCode() => _isEverybody ? -1 : _members.Length;

    /// <summary>Everybody for an open network, else its members.</summary>
    internal static Audience Of(Network network, IEnumerable<NodeId> members) =>
        network.JoinRule == JoinRule.Open ? new(true, []) : new(false, [.. members.Order()]);
}
