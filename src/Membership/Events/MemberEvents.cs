using System.Collections.Immutable;

namespace Membership.Events;

/// <summary>A node became a member.</summary>
/// <param name="Node">The node.</param>
/// <param name="Network">The network.</param>
/// <param name="Role">The role it has or had.</param>
public sealed record NetworkJoined(NodeId Node, NetworkId Network, Role Role) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.joined";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("node_id"u8, Node);
        attributes.Add("network_id"u8, Network);
        attributes.Add("role"u8, Role);
    }
}

/// <summary>A node left a network, by itself or by being deregistered.</summary>
/// <param name="Node">The node.</param>
/// <param name="Network">The network.</param>
public sealed record NetworkLeft(NodeId Node, NetworkId Network) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.left";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(2);
        attributes.Add("node_id"u8, Node);
        attributes.Add("network_id"u8, Network);
    }
}

/// <summary>A member was kicked.</summary>
/// <param name="Target">The member or invited node.</param>
/// <param name="Network">The network.</param>
/// <param name="Role">The role it has or had.</param>
public sealed record MemberKicked(NodeId Target, NetworkId Network, Role Role) : Event
{
    /// <inheritdoc/>
    public override string Action => "member.kicked";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("target_node_id"u8, Target);
        attributes.Add("network_id"u8, Network);
        attributes.Add("role"u8, Role);
    }
}

/// <summary>The tags of a member changed.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member or invited node.</param>
/// <param name="Tags">The tags now.</param>
public sealed record MemberTagsChanged(NetworkId Network, NodeId Target, ImmutableArray<string> Tags) : Event
{
    /// <inheritdoc/>
    public override string Action => "member_tags.changed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("network_id"u8, Network);
        attributes.Add("target_node_id"u8, Target);
        attributes.Add("tags"u8, Tags);
    }
}
