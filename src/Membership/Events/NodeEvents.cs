namespace Membership.Events;

/// <summary>A node was registered.</summary>
/// <param name="Node">The node.</param>
public sealed record NodeRegistered(NodeId Node) : Event
{
    /// <inheritdoc/>
    public override string Action => "node.registered";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(1);
        attributes.Add("node_id"u8, Node);
    }
}

/// <summary>A node was deregistered; it left its networks and its inbox is gone.</summary>
/// <param name="Node">The node.</param>
public sealed record NodeDeregistered(NodeId Node) : Event
{
    /// <inheritdoc/>
    public override string Action => "node.deregistered";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(1);
        attributes.Add("node_id"u8, Node);
    }
}

/// <summary>A node has a new key.</summary>
/// <param name="Node">The node.</param>
/// <param name="KeyVersion">The new version.</param>
public sealed record NodeKeyRotated(NodeId Node, uint KeyVersion) : Event
{
    /// <inheritdoc/>
    public override string Action => "node.key_rotated";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(2);
        attributes.Add("node_id"u8, Node);
        attributes.Add("key_version"u8, KeyVersion);
    }
}

/// <summary>A node has another external id.</summary>
/// <param name="Node">The node.</param>
/// <param name="ExternalId">The external id now.</param>
public sealed record ExternalIdSet(NodeId Node, string ExternalId) : Event
{
    /// <inheritdoc/>
    public override string Action => "identity.external_id_set";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(2);
        attributes.Add("node_id"u8, Node);
        attributes.Add("external_id"u8, ExternalId);
    }
}

/// <summary>The task-exec flag of a node changed.</summary>
/// <param name="Node">The node.</param>
/// <param name="OldEnabled">Before.</param>
/// <param name="NewEnabled">Now.</param>
public sealed record TaskExecChanged(NodeId Node, bool OldEnabled, bool NewEnabled) : Event
{
    /// <inheritdoc/>
    public override string Action => "task_exec.changed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        attributes.Begin(3);
        attributes.Add("node_id"u8, Node);
        attributes.Add("old_enabled"u8, OldEnabled);
        attributes.Add("new_enabled"u8, NewEnabled);
    }
}
