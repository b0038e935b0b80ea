namespace Membership.Client;

/// <summary>What of a network's policy to change; what is null stays. At least one field is needed.</summary>
public sealed record PolicyChange
{
    /// <summary>0 to 10000 members; 0 is no limit.</summary>
    public uint? MaxMembers { get; init; }

    /// <summary>Up to 100 ports, each 1 to 65535.</summary>
    public IReadOnlyList<uint>? AllowedPorts { get; init; }

    /// <summary>Up to 256 UTF-8 bytes without control characters.</summary>
    public string? Description { get; init; }

    internal void Write(RequestWriter fields) => fields
        .Write("max_members", MaxMembers)
        .Write("allowed_ports", AllowedPorts)
        .Write("description", Description);
}
