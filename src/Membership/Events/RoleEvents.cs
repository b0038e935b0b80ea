namespace Membership.Events;

/// <summary>A member became an admin.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="OldRole">Its role before.</param>
/// <param name="Cause">Null for a command; <see cref="RoleChangeCause.PreAssignment"/> otherwise.</param>
public sealed record MemberPromoted(NetworkId Network, NodeId Target, Role OldRole, string? Cause = null) : Event
{
    /// <inheritdoc/>
    public override string Action => "member.promoted";

    internal override void Describe(ref AttributeWriter attributes) =>
        RoleChangeCause.Describe(ref attributes, Network, Target, OldRole, Role.Admin, Cause);
}

/// <summary>A member became a plain member.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="OldRole">Its role before.</param>
/// <param name="Cause">Null for a command; <see cref="RoleChangeCause.PreAssignment"/> otherwise.</param>
public sealed record MemberDemoted(NetworkId Network, NodeId Target, Role OldRole, string? Cause = null) : Event
{
    /// <inheritdoc/>
    public override string Action => "member.demoted";

    internal override void Describe(ref AttributeWriter attributes) =>
        RoleChangeCause.Describe(ref attributes, Network, Target, OldRole, Role.Member, Cause);
}

/// <summary>Why a role changed without a command for it.</summary>
public static class RoleChangeCause
{
    /// <summary>The node's external id came to match a pre-assigned role.</summary>
    public const string PreAssignment = "pre_assignment";

    internal static void Describe(
        ref AttributeWriter attributes, NetworkId network, NodeId target, Role oldRole, Role newRole, string? cause)
    {
        attributes.Begin(cause is null ? 4 : 5);
        attributes.Add("target_node_id"u8, target);
        attributes.Add("network_id"u8, network);
        attributes.Add("old_role"u8, oldRole);
        attributes.Add("new_role"u8, newRole);
        if (cause is not null) attributes.Add("cause"u8, cause);
    }
}
