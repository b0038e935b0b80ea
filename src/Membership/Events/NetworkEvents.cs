namespace Membership.Events;

/// <summary>A network was created, with its creator as the owner.</summary>
/// <param name="Network">The network.</param>
/// <param name="Name">The name.</param>
/// <param name="JoinRule">The join rule.</param>
/// <param name="Creator">Who owns it.</param>
/// <param name="Enterprise">The flag.</param>
/// <param name="Managed">Whether it has rules.</param>
public sealed record NetworkCreated(
    NetworkId Network, string Name, JoinRule JoinRule, NodeId Creator, bool Enterprise, bool Managed) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.created";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(6);
        attributes.Add("network_id"u8, Network);
        attributes.Add("name"u8, Name);
        attributes.Add("join_rule"u8, JoinRule.ToText());
        attributes.Add("creator_node_id"u8, Creator);
        attributes.Add("enterprise"u8, Enterprise);
        attributes.Add("managed"u8, Managed);
    }
}

/// <summary>A network was deleted with everything in it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Name">The name.</param>
/// <param name="Members">How many members it has or had.</param>
/// <param name="Enterprise">The flag.</param>
public sealed record NetworkDeleted(NetworkId Network, string Name, int Members, bool Enterprise) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.deleted";

    /// <summary>Who could see the network until then; no attribute of the event. Null when that is not known.</summary>
    public Audience? Audience { get; init; }

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(4);
        attributes.Add("network_id"u8, Network);
        attributes.Add("name"u8, Name);
        attributes.Add("members"u8, Members);
        attributes.Add("enterprise"u8, Enterprise);
    }
}

/// <summary>A network has another name.</summary>
/// <param name="Network">The network.</param>
/// <param name="OldName">Before.</param>
/// <param name="NewName">Now.</param>
public sealed record NetworkRenamed(NetworkId Network, string OldName, string NewName) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.renamed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("network_id"u8, Network);
        attributes.Add("old_name"u8, OldName);
        attributes.Add("new_name"u8, NewName);
    }
}

/// <summary>The enterprise flag of a network changed.</summary>
/// <param name="Network">The network.</param>
/// <param name="Enterprise">The flag.</param>
/// <param name="Members">How many members it has or had.</param>
public sealed record NetworkEnterpriseChanged(NetworkId Network, bool Enterprise, int Members) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.enterprise_changed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("network_id"u8, Network);
        attributes.Add("enterprise"u8, Enterprise);
        attributes.Add("members"u8, Members);
    }
}

/// <summary>The join rule or the join token of a network changed.</summary>
/// <param name="Network">The network.</param>
/// <param name="OldRule">Before.</param>
/// <param name="NewRule">Now.</param>
/// <param name="TokenChanged">Whether the join token changed.</param>
public sealed record NetworkJoinRuleChanged(NetworkId Network, JoinRule OldRule, JoinRule NewRule, bool TokenChanged) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.join_rule_changed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(4);
        attributes.Add("network_id"u8, Network);
        attributes.Add("old_rule"u8, OldRule.ToText());
        attributes.Add("new_rule"u8, NewRule.ToText());
        attributes.Add("token_changed"u8, TokenChanged);
    }
}

/// <summary>The admin token of a network was set or cleared.</summary>
/// <param name="Network">The network.</param>
public sealed record NetworkAdminTokenChanged(NetworkId Network) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.admin_token_changed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(1);
        attributes.Add("network_id"u8, Network);
    }
}

/// <summary>A network has another expression policy.</summary>
/// <param name="Network">The network.</param>
/// <param name="Size">Bytes of the document.</param>
public sealed record ExprPolicySet(NetworkId Network, int Size) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.expr_policy_set";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(2);
        attributes.Add("network_id"u8, Network);
        attributes.Add("size"u8, Size);
    }
}

/// <summary>A network has no expression policy any more.</summary>
/// <param name="Network">The network.</param>
public sealed record ExprPolicyCleared(NetworkId Network) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.expr_policy_cleared";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(1);
        attributes.Add("network_id"u8, Network);
    }
}

/// <summary>The pre-assigned roles of a network were replaced.</summary>
/// <param name="Network">The network.</param>
/// <param name="Count">How many there are.</param>
public sealed record PreAssignmentsSet(NetworkId Network, int Count) : Event
{
    /// <inheritdoc/>
    public override string Action => "rbac.preassignments_set";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(2);
        attributes.Add("network_id"u8, Network);
        attributes.Add("count"u8, Count);
    }
}

/// <summary>A network got an owner by succession, or by the first to join an empty network.</summary>
/// <param name="Network">The network.</param>
/// <param name="OldOwner">The owner before; nobody when the network was empty.</param>
/// <param name="NewOwner">The owner now.</param>
/// <param name="Cause">Why; see <see cref="OwnerChangeCause"/>.</param>
public sealed record OwnerChanged(NetworkId Network, NodeId OldOwner, NodeId NewOwner, string Cause) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.owner_changed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(4);
        attributes.Add("network_id"u8, Network);
        attributes.Add("old_owner"u8, OldOwner);
        attributes.Add("new_owner"u8, NewOwner);
        attributes.Add("cause"u8, Cause);
    }
}

/// <summary>The owner of a network made another member its owner.</summary>
/// <param name="Network">The network.</param>
/// <param name="OldOwner">The owner before; nobody when the network was empty.</param>
/// <param name="NewOwner">The owner now.</param>
/// <param name="NewOwnerOldRole">The role of the new owner before.</param>
public sealed record OwnershipTransferred(NetworkId Network, NodeId OldOwner, NodeId NewOwner, Role NewOwnerOldRole) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.ownership_transferred";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(4);
        attributes.Add("network_id"u8, Network);
        attributes.Add("old_owner"u8, OldOwner);
        attributes.Add("new_owner"u8, NewOwner);
        attributes.Add("new_owner_old_role"u8, NewOwnerOldRole);
    }
}
