namespace Membership.Events;

/// <summary>An invite was sent.</summary>
/// <param name="Network">The network.</param>
/// <param name="Inviter">Who invited.</param>
/// <param name="Target">The member or invited node.</param>
public sealed record InviteCreated(NetworkId Network, NodeId Inviter, NodeId Target) : Event
{
    /// <inheritdoc/>
    public override string Action => "invite.created";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("network_id"u8, Network);
        attributes.Add("inviter_id"u8, Inviter);
        attributes.Add("target_node_id"u8, Target);
    }
}

/// <summary>An invite was accepted or refused.</summary>
/// <param name="Node">The node.</param>
/// <param name="Network">The network.</param>
/// <param name="Accepted">Accepted or refused.</param>
public sealed record InviteResponded(NodeId Node, NetworkId Network, bool Accepted) : Event
{
    /// <inheritdoc/>
    public override string Action => "invite.responded";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("node_id"u8, Node);
        attributes.Add("network_id"u8, Network);
        attributes.Add("accepted"u8, Accepted);
    }
}

/// <summary>An invite is gone before it was answered.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member or invited node.</param>
/// <param name="Cause">Why; see <see cref="InviteRevokeCause"/>.</param>
public sealed record InviteRevoked(NetworkId Network, NodeId Target, string Cause) : Event
{
    /// <inheritdoc/>
    public override string Action => "invite.revoked";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("network_id"u8, Network);
        attributes.Add("target_node_id"u8, Target);
        attributes.Add("cause"u8, Cause);
    }
}

/// <summary>An invite lived out its time.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member or invited node.</param>
public sealed record InviteExpired(NetworkId Network, NodeId Target) : Event
{
    /// <inheritdoc/>
    public override string Action => "invite.expired";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(2);
        attributes.Add("network_id"u8, Network);
        attributes.Add("target_node_id"u8, Target);
    }
}
