using Membership.State;

namespace Membership.Queries;

/// <summary>Who could see a network in one state, kept beyond the network's end: those hear that it was deleted.</summary>
/// <remarks>Immutable, for any thread. Holds no part of the state. Four bytes a member.</remarks>
public sealed class Audience
{
    private readonly bool _isOpen;
    private readonly NodeId[] _members;

    private Audience(bool isOpen, NodeId[] members)
    {
        _isOpen = isOpen;
        _members = members;
    }

    /// <summary>How many members it remembers.</summary>
    public int MemberCount => _members.Length;

    /// <summary>Those who could see the network in this state, admins and admin tokens aside; nobody when it is not there.</summary>
    public static Audience Of(MembershipState state, NetworkId network)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Tables.Networks.TryGetValue(network, out var found)) return new(false, []);
        if (found.JoinRule == JoinRule.Open) return new(true, []);
        var (from, to) = Ranges.Members(network);
        var members = new List<NodeId>(state.Tables.Members.CountBetween(from, to));
        foreach (var (key, _) in state.Tables.Members.Between(from, to)) members.Add(key.Node);
        return new(false, [.. members]);
    }

    /// <summary>Whether this requester was among them; null for nobody.</summary>
    public bool Includes(Actor? requester) =>
        _isOpen || (requester is { Kind: ActorKind.Node } actor && Array.BinarySearch(_members, actor.Node) >= 0);
}
