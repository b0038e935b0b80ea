using System.Globalization;
using Membership;
using Membership.Queries;
using Membership.State;

namespace RegistryReplica.Page;

/// <summary>A network, with what it has used of its limits.</summary>
internal sealed record NetworkView(
    ushort Id,
    string Name,
    string JoinRule,
    bool Enterprise,
    long CreatedAt,
    int Members,
    int MembersMax,
    IReadOnlyList<ushort> Ports,
    int PortsMax,
    string Description,
    bool IsManaged,
    bool HasExprPolicy)
{
    public static NetworkView Of(NetworkAnswer network, Limits limits) => new(
        network.Id.Value,
        network.Name,
        network.JoinRule.ToText(),
        network.Enterprise,
        network.CreatedAt,
        network.Members ?? 0,
        network.Id.IsBackbone ? limits.MaxNodes : network.Policy.MaxMembers,
        network.Policy.AllowedPorts,
        limits.PolicyPortsMax,
        network.Policy.Description,
        network.Rules is not null,
        network.HasExprPolicy);
}

/// <summary>A member.</summary>
internal sealed record MemberView(uint Node, string Address, string Role, IReadOnlyList<string> Tags, int TagsMax, bool TaskExec, long JoinedAt)
{
    public static MemberView Of(MemberAnswer member, Limits limits) => new(
        member.Address.Node.Value, member.Address.ToString(), member.Role.ToText(), member.Tags, limits.TagsMax, member.TaskExec, member.JoinedAt);
}

/// <summary>A live invite.</summary>
/// <param name="Network">To which network.</param>
/// <param name="Name">That network's name.</param>
/// <param name="Target">Who is invited.</param>
/// <param name="Inviter">By whom.</param>
/// <param name="Left">How long it lives yet, in ms.</param>
internal sealed record InviteView(ushort Network, string Name, uint Target, uint Inviter, long Left)
{
    // Cluster time stands still while nothing happens; the next entry brings it to the present.
    public static InviteView Of(NetworkAnswer network, InviteAnswer invite, MembershipState state, long now) => new(
        network.Id.Value,
        network.Name,
        invite.Target.Value,
        invite.Inviter.Value,
        Math.Max(0, invite.CreatedAt + state.Limits.InviteTtlMs - Math.Max(state.ClusterTime, now)));
}

/// <summary>Where the list of invites over all networks goes on.</summary>
/// <param name="Network">The last network looked at.</param>
/// <param name="Target">The last target seen of it; null when all of it was seen.</param>
internal readonly record struct InviteCursor(ushort Network, uint? Target)
{
    /// <summary>Null for none, and for what is none.</summary>
    public static InviteCursor? Read(string? text)
    {
        if (text?.Split('.') is not [var network, var target]) return null;
        if (!ushort.TryParse(network, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        return new(id, uint.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var node) ? node : null);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}.{Target}");
}
