namespace Membership.Events;

/// <summary>The policy of a network changed. The attributes hold old and new of each field that did.</summary>
/// <param name="Network">The network.</param>
/// <param name="Old">The policy before.</param>
/// <param name="New">The policy now.</param>
public sealed record NetworkPolicyChanged(NetworkId Network, NetworkPolicy Old, NetworkPolicy New) : Event
{
    /// <inheritdoc/>
    public override string Action => "network.policy_changed";

    internal override void Describe(ref AttributeWriter attributes)
    {
        var maxMembers = Old.MaxMembers != New.MaxMembers;
        var ports = !Old.AllowedPorts.AsSpan().SequenceEqual(New.AllowedPorts.AsSpan());
        var description = Old.Description != New.Description;
        attributes.Begin(1 + (maxMembers ? 2 : 0) + (ports ? 2 : 0) + (description ? 2 : 0));
        attributes.Add("network_id"u8, Network);
        if (maxMembers)
        {
            attributes.Add("old_max_members"u8, Old.MaxMembers);
            attributes.Add("new_max_members"u8, New.MaxMembers);
        }

        if (ports)
        {
            attributes.Add("old_allowed_ports"u8, Old.AllowedPorts);
            attributes.Add("new_allowed_ports"u8, New.AllowedPorts);
        }

        if (description)
        {
            attributes.Add("old_description"u8, Old.Description);
            attributes.Add("new_description"u8, New.Description);
        }
    }
}
