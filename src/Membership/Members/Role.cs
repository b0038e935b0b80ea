namespace Membership;

/// <summary>The role of a member. The numbers stand in entries and snapshots and are never reused.</summary>
public enum Role : byte
{
    /// <summary>No role: not a member.</summary>
    None = 0,

    /// <summary>A plain member.</summary>
    Member = 1,

    /// <summary>May manage members, tags, invites and the policy.</summary>
    Admin = 2,

    /// <summary>May do everything in the network; exactly one in a network with members.</summary>
    Owner = 3,
}

/// <summary>The texts of <see cref="Role"/>.</summary>
public static class RoleText
{
    /// <summary><c>owner</c>, <c>admin</c>, <c>member</c>, or an empty text for <see cref="Role.None"/>.</summary>
    public static string ToText(this Role role) => role switch
    {
        Role.Owner => "owner",
        Role.Admin => "admin",
        Role.Member => "member",
        _ => "",
    };
}
