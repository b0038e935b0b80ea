using System.Globalization;
using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Protocol.Answers;

public sealed partial class AnswerWriter
{
    /// <summary>Writes <c>list_networks</c>.</summary>
    public void WriteNetworks(Request request, ulong revision, Page<NetworkAnswer, NetworkId> page)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(page);
        Begin(request, revision);
        WriteList("networks", page.Items, network =>
        {
            _json.WriteStartObject();
            WriteNetwork(network);
            _json.WriteEndObject();
        });
        if (page.Next is { } next) Write(AnswerNames.Next, next);
        End();
    }

    /// <summary>Writes <c>get_network</c>: what a list has of a network, and <c>network_id</c>.</summary>
    public void WriteNetwork(Request request, ulong revision, NetworkAnswer network)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(network);
        Begin(request, revision);
        Write(FieldNames.NetworkId, network.Id);
        WriteNetwork(network);
        End();
    }

    /// <summary>Writes <c>list_nodes</c>. <c>next</c> is a node's number on the backbone, else a string.</summary>
    public void WriteMembers(Request request, ulong revision, NetworkId network, Page<MemberAnswer, MemberCursor> page)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(page);
        Begin(request, revision);
        Write(FieldNames.NetworkId, network);
        WriteList("nodes", page.Items, WriteMember);
        WriteNext(page.Next);
        End();
    }

    private void WriteNext(MemberCursor? next)
    {
        if (next is not { } cursor) return;
        if (cursor.Node.IsNobody) WriteNext(cursor.JoinRevision);
        else Write(AnswerNames.Next, cursor.Node);
    }

    // As text, which sets it apart from an id.
    private void WriteNext(ulong revision) => _json.WriteString(AnswerNames.Next, revision.ToString(NumberFormatInfo.InvariantInfo));

    /// <summary>Writes <c>get_network_policy</c>.</summary>
    public void WritePolicy(Request request, ulong revision, NetworkId network, NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        Begin(request, revision);
        Write(FieldNames.NetworkId, network);
        WritePolicy(policy);
        End();
    }

    /// <summary>Writes <c>get_expr_policy</c>: the document byte for byte, or no field when there is none.</summary>
    public void WriteExprPolicy(Request request, ulong revision, NetworkId network, ExprPolicyAnswer policy)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        Begin(request, revision);
        Write(FieldNames.NetworkId, network);
        WriteExprPolicy(policy.Document);
        End();
    }

    /// <summary>Writes <c>get_rbac_preassignments</c>.</summary>
    public void WritePreAssignments(Request request, ulong revision, NetworkId network, PreAssignmentsAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        Begin(request, revision);
        Write(FieldNames.NetworkId, network);
        WriteList("roles", answer.Roles, assignment =>
        {
            _json.WriteStartObject();
            _json.WriteString(FieldNames.ExternalId, assignment.ExternalId);
            _json.WriteString(AnswerNames.Role, assignment.Role.ToText());
            _json.WriteEndObject();
        });
        if (answer.Next is { } next) _json.WriteString(AnswerNames.Next, next);
        End();
    }

    private void WriteNetwork(NetworkAnswer network)
    {
        Write("id", network.Id);
        _json.WriteString(FieldNames.Name, network.Name);
        _json.WriteString(FieldNames.JoinRule, network.JoinRule.ToText());
        _json.WriteBoolean(FieldNames.Enterprise, network.Enterprise);
        WriteSeconds("created", network.CreatedAt);
        if (network.Members is { } members) _json.WriteNumber("members", members);
        if (network.Policy.MaxMembers != 0) _json.WriteNumber(AnswerNames.MaxMembers, network.Policy.MaxMembers);
        if (network.Policy.Description.Length > 0) _json.WriteString(AnswerNames.Description, network.Policy.Description);
        if (network.Rules is not null) _json.WriteBoolean(AnswerNames.Managed, true);
        WriteRules(network.Rules);
        if (network.HasExprPolicy) _json.WriteBoolean("has_expr_policy", true);
    }

    private void WriteMember(MemberAnswer member)
    {
        _json.WriteStartObject();
        Write(FieldNames.NodeId, member.Address.Node);
        _json.WriteString(AnswerNames.Address, member.Address.ToString());
        if (!member.Address.Network.IsBackbone)
        {
            _json.WriteString(AnswerNames.Role, member.Role.ToText());
            WriteTexts("member_tags", member.Tags);
        }

        _json.WriteBoolean(AnswerNames.TaskExec, member.TaskExec);
        WriteSeconds("joined_at", member.JoinedAt);
        _json.WriteEndObject();
    }
}
