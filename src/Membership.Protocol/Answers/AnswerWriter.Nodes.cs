using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Protocol.Answers;

public sealed partial class AnswerWriter
{
    /// <summary>Writes <c>get_node</c>.</summary>
    public void WriteNode(Request request, ulong revision, NodeAnswer node)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(node);
        Begin(request, revision);
        Write(FieldNames.NodeId, node.Id);
        _json.WriteString(FieldNames.PublicKey, node.PublicKey.ToString());
        _json.WriteNumber(AnswerNames.KeyVersion, node.KeyVersion);
        _json.WriteBoolean(AnswerNames.TaskExec, node.TaskExec);
        WriteSeconds("registered_at", node.RegisteredAt);
        WriteList("networks", node.Networks, network => _json.WriteNumberValue(network.Value));
        if (node.ExternalId is { } externalId) _json.WriteString(FieldNames.ExternalId, externalId);
        End();
    }

    /// <summary>Writes <c>get_member_role</c>.</summary>
    public void WriteRole(Request request, ulong revision, RoleAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        Begin(request, revision);
        WriteTarget(answer.Network, answer.Target);
        _json.WriteString(AnswerNames.Role, answer.Role.ToText());
        End();
    }

    /// <summary>Writes <c>get_member_tags</c> of one member.</summary>
    public void WriteTags(Request request, ulong revision, NetworkId network, TagsAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        Begin(request, revision);
        WriteTarget(network, answer.Node);
        WriteTexts(AnswerNames.Tags, answer.Tags);
        End();
    }

    /// <summary>Writes <c>get_member_tags</c> of every member: an object from decimal node id to list.</summary>
    public void WriteAllTags(Request request, ulong revision, NetworkId network, Page<TagsAnswer, MemberCursor> page)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(page);
        Begin(request, revision);
        Write(FieldNames.NetworkId, network);
        _json.WriteStartObject("members");
        foreach (var member in page.Items)
        {
            WriteTexts(member.Node.ToString(), member.Tags);
            if (IsTooLarge) break;
        }

        _json.WriteEndObject();
        WriteNext(page.Next);
        End();
    }

    /// <summary>Writes <c>poll_invites</c>. <c>next</c> is a string.</summary>
    public void WriteInbox(Request request, ulong revision, Page<InboxAnswer, InboxCursor> page)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(page);
        Begin(request, revision);
        WriteList("invites", page.Items, invite =>
        {
            _json.WriteStartObject();
            Write(FieldNames.NetworkId, invite.Network);
            WriteOrigin(invite.Inviter, invite.CreatedAt);
            _json.WriteEndObject();
        });
        if (page.Next is { } next) WriteNext(next.Arrival);
        End();
    }

    /// <summary>Writes <c>list_invites</c>.</summary>
    public void WriteInvites(Request request, ulong revision, NetworkId network, Page<InviteAnswer, NodeId> page)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(page);
        Begin(request, revision);
        Write(FieldNames.NetworkId, network);
        WriteList("invites", page.Items, invite =>
        {
            _json.WriteStartObject();
            Write(FieldNames.Target, invite.Target);
            WriteOrigin(invite.Inviter, invite.CreatedAt);
            _json.WriteEndObject();
        });
        if (page.Next is { } next) Write(AnswerNames.Next, next);
        End();
    }

    private void WriteOrigin(NodeId inviter, long createdAt)
    {
        Write("inviter_id", inviter);
        WriteSeconds("timestamp", createdAt);
    }
}
