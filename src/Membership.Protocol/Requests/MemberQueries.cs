using Membership.Queries;
using Membership.Protocol.Signing;

namespace Membership.Protocol.Requests;

/// <summary><c>get_member_role</c>.</summary>
/// <param name="Id">The network.</param>
/// <param name="Target">The member.</param>
public sealed record GetMemberRole(NetworkId Id, NodeId Target) : Query
{
    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}

/// <summary><c>get_member_tags</c>.</summary>
/// <param name="Id">The network.</param>
/// <param name="Target">One member; null for every one.</param>
/// <param name="Limit">1 to 1000; null for all.</param>
/// <param name="After">Where the last page ended.</param>
public sealed record GetMemberTags(NetworkId Id, NodeId? Target, int? Limit, MemberCursor? After) : Query
{
    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}

/// <summary><c>get_node</c>.</summary>
/// <param name="Node">The node.</param>
public sealed record GetNode(NodeId Node) : Query;

/// <summary><c>poll_invites</c>.</summary>
/// <param name="Node">Whose inbox.</param>
/// <param name="Limit">1 to 1000; null for all.</param>
/// <param name="After">Where the last page ended.</param>
public sealed record PollInvites(NodeId Node, int? Limit, InboxCursor? After) : Query
{
    /// <inheritdoc/>
    public override Credential Credential => Credential.Any;

    /// <inheritdoc/>
    public override LegacyChallenge? Challenge => new(Node, SignedText.PollInvites(Node));
}

/// <summary><c>list_invites</c>.</summary>
/// <param name="Id">The network.</param>
/// <param name="Limit">1 to 1000; null for all.</param>
/// <param name="After">The last target seen.</param>
public sealed record ListInvites(NetworkId Id, int? Limit, NodeId? After) : Query
{
    /// <inheritdoc/>
    public override Credential Credential => Credential.Any;

    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}
