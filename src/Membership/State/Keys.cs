using System.Runtime.InteropServices;

namespace Membership.State;

// The keys of the state's maps. A map's order is its key's order, so whatever is enumerated together stands first in the key.

/// <summary>Orders texts by their UTF-16 code units: no culture, no table.</summary>
internal readonly record struct TextKey(string Text) : IComparable<TextKey>
{
    public int CompareTo(TextKey other) => string.CompareOrdinal(Text, other.Text);
}

/// <summary>Members by network, then node.</summary>
internal readonly record struct MemberKey(NetworkId Network, NodeId Node) : IComparable<MemberKey>
{
    private ulong Packed => (ulong)Network.Value << 32 | Node.Value;

    public int CompareTo(MemberKey other) => Packed.CompareTo(other.Packed);
}

/// <summary>Members by network, then the revision of joining. Packed: a million of them are in one map.</summary>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(ushort))]
internal readonly record struct JoinKey(NetworkId Network, ulong JoinRevision) : IComparable<JoinKey>
{
    // No branches, as they would be guessed wrong every other time: the network counts for more than the revision ever does.
    public int CompareTo(JoinKey other) => 4 * (Network.Value - other.Network.Value)
        + (JoinRevision > other.JoinRevision ? 1 : 0) - (JoinRevision < other.JoinRevision ? 1 : 0);
}

/// <summary>By node, then network: the networks of a node; and invites by target, then network.</summary>
internal readonly record struct NodeNetworkKey : IComparable<NodeNetworkKey>
{
    // One number, so that a search reads and compares nothing else.
    private readonly long _packed;

    public NodeNetworkKey(NodeId node, NetworkId network) => _packed = (long)node.Value << 16 | network.Value;

    public NodeId Node => new((uint)(_packed >> 16));

    public NetworkId Network => new((ushort)_packed);

    public void Deconstruct(out NodeId node, out NetworkId network) => (node, network) = (Node, Network);

    // The sign of the difference, which cannot overflow; without a branch, as for JoinKey.
    public int CompareTo(NodeNetworkKey other)
    {
        var difference = _packed - other._packed;
        return (int)(difference >> 63 | (long)((ulong)-difference >> 63));
    }
}

/// <summary>Invites by target in the order of arrival; arrivals never run against creation times.</summary>
internal readonly record struct InboxKey(NodeId Target, long CreatedAt, ulong Arrival) : IComparable<InboxKey>
{
    public int CompareTo(InboxKey other)
    {
        if (Target != other.Target) return Target.CompareTo(other.Target);
        return CreatedAt != other.CreatedAt ? CreatedAt.CompareTo(other.CreatedAt) : Arrival.CompareTo(other.Arrival);
    }
}

/// <summary>Invites by age, in the order of the sweep.</summary>
internal readonly record struct InviteAgeKey(long CreatedAt, NetworkId Network, NodeId Target) : IComparable<InviteAgeKey>
{
    public int CompareTo(InviteAgeKey other)
    {
        if (CreatedAt != other.CreatedAt) return CreatedAt.CompareTo(other.CreatedAt);
        return Network != other.Network ? Network.CompareTo(other.Network) : Target.CompareTo(other.Target);
    }
}

/// <summary>Invites by who sent them, then network and target.</summary>
internal readonly record struct SentKey(NodeId Inviter, NetworkId Network, NodeId Target) : IComparable<SentKey>
{
    public int CompareTo(SentKey other)
    {
        if (Inviter != other.Inviter) return Inviter.CompareTo(other.Inviter);
        return Network != other.Network ? Network.CompareTo(other.Network) : Target.CompareTo(other.Target);
    }
}

/// <summary>Invites by who sent them, then age: how many of them still live is a difference of two ranks.</summary>
internal readonly record struct SentAgeKey(NodeId Inviter, long CreatedAt, ulong Arrival) : IComparable<SentAgeKey>
{
    public int CompareTo(SentAgeKey other)
    {
        if (Inviter != other.Inviter) return Inviter.CompareTo(other.Inviter);
        return CreatedAt != other.CreatedAt ? CreatedAt.CompareTo(other.CreatedAt) : Arrival.CompareTo(other.Arrival);
    }
}

/// <summary>Pre-assigned roles by network, then folded external id. The network is wider than its id, so that one past 65535 exists.</summary>
internal readonly record struct PreAssignmentKey(int Network, string FoldedExternalId) : IComparable<PreAssignmentKey>
{
    public int CompareTo(PreAssignmentKey other) => Network != other.Network
        ? Network.CompareTo(other.Network)
        : string.CompareOrdinal(FoldedExternalId, other.FoldedExternalId);
}

/// <summary>Former keys by node, then version.</summary>
internal readonly record struct KeyVersionKey(NodeId Node, uint Version) : IComparable<KeyVersionKey>
{
    private ulong Packed => (ulong)Node.Value << 32 | Version;

    public int CompareTo(KeyVersionKey other) => Packed.CompareTo(other.Packed);
}

/// <summary>Whose key it is or was, and in which version.</summary>
internal readonly record struct KeyHolder(NodeId Node, uint Version);

/// <summary>The value of a map that is a set.</summary>
internal readonly struct Present;
