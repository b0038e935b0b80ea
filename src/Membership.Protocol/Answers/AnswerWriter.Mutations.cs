using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Protocol.Answers;

public sealed partial class AnswerWriter
{
    /// <summary>Writes what became of a mutation.</summary>
    /// <param name="request">The request, whose command is a <see cref="MutationCommand"/>.</param>
    /// <param name="outcome">Its outcome, first or repeated.</param>
    /// <param name="present">
    /// The present state, for what an outcome does not hold: policy, rules, expression policy. Null for a mutation that answers none of these,
    /// and for one that joins a network without rules and expression policy.
    /// </param>
    /// <param name="actor">Who asked: a node is told a policy only while it is a member.</param>
    /// <exception cref="ArgumentException">The request is a query.</exception>
    public void WriteOutcome(Request request, in Outcome outcome, State.MembershipState? present, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Command is not MutationCommand command) throw new ArgumentException("A query has no outcome.", nameof(request));
        if (!outcome.IsOk)
        {
            WriteError(new(outcome.Code) { RequestId = outcome.Code == Code.OutcomeUnknown ? request.RequestId : null });
            return;
        }

        Begin(request, outcome.Revision);
        if (request.Type == "register") WriteStockRegister((RegisterNode)command.Mutation, outcome.Results);
        else WriteFields(command.Mutation, outcome.Results, present, actor);
        End();
    }

    private void WriteFields(Mutation mutation, Results results, State.MembershipState? present, Actor actor)
    {
        switch (mutation)
        {
            case RegisterNode or DeregisterNode or RotateNodeKey or SetExternalId or SetTaskExec:
                WriteNodeFields(mutation, results);
                break;
            case JoinNetwork m:
                WriteAdmission(m.Network, m.Node, results, present);
                break;
            case RespondInvite m:
                WriteResponse(m, results, present);
                break;
            case KickMember or PromoteMember or DemoteMember or TransferOwnership or SetMemberTags or InviteToNetwork or RevokeInvite:
                WriteMemberFields(mutation, results);
                break;
            case SetNetworkPolicy m:
                Write(FieldNames.NetworkId, m.Network);
                WritePresentPolicy(m.Network, present, actor);
                break;
            default:
                WriteNetworkFields(mutation, results);
                break;
        }
    }

    private void WriteNodeFields(Mutation mutation, Results results)
    {
        Write(FieldNames.NodeId, results.Node);
        switch (mutation)
        {
            case RegisterNode or DeregisterNode:
                _json.WriteBoolean(AnswerNames.Existing, results.Flag);
                break;
            case RotateNodeKey:
                _json.WriteNumber(AnswerNames.KeyVersion, results.Number);
                break;
            case SetExternalId m:
                _json.WriteString(FieldNames.ExternalId, m.ExternalId);
                break;
            case SetTaskExec m:
                _json.WriteBoolean(AnswerNames.TaskExec, m.Enabled);
                break;
        }
    }

    private void WriteStockRegister(RegisterNode mutation, Results results)
    {
        Write(FieldNames.NodeId, results.Node);
        Write(FieldNames.NetworkId, NetworkId.Backbone);
        _json.WriteString(AnswerNames.Address, new NodeAddress(NetworkId.Backbone, results.Node).ToString());
        _json.WriteString(FieldNames.PublicKey, mutation.PublicKey.ToString());
    }

    private void WriteNetworkFields(Mutation mutation, Results results)
    {
        switch (mutation)
        {
            case CreateNetwork m:
                Write(FieldNames.NetworkId, results.Network);
                _json.WriteString(FieldNames.Name, m.Name);
                _json.WriteBoolean(FieldNames.Enterprise, m.Enterprise);
                if (m.Rules is not null) _json.WriteBoolean(AnswerNames.Managed, true);
                break;
            case DeleteNetwork m:
                Write(FieldNames.NetworkId, m.Network);
                break;
            case RenameNetwork m:
                Write(FieldNames.NetworkId, m.Network);
                _json.WriteString(FieldNames.Name, m.Name);
                break;
            case SetNetworkEnterprise m:
                Write(FieldNames.NetworkId, m.Network);
                _json.WriteBoolean(FieldNames.Enterprise, m.Enterprise);
                break;
            case SetJoinRule m:
                Write(FieldNames.NetworkId, m.Network);
                _json.WriteString(FieldNames.JoinRule, m.JoinRule.ToText());
                break;
            case SetNetworkAdminToken m:
                Write(FieldNames.NetworkId, m.Network);
                break;
            case SetExprPolicy m:
                Write(FieldNames.NetworkId, m.Network);
                if (m.Document.IsEmpty) _json.WriteBoolean("cleared", true);
                break;
            case SetRbacPreassignments m:
                Write(FieldNames.NetworkId, m.Network);
                _json.WriteNumber("count", results.Number);
                break;
            case LeaveNetwork m:
                Write(FieldNames.NetworkId, m.Network);
                break;
        }
    }

    private void WriteMemberFields(Mutation mutation, Results results)
    {
        switch (mutation)
        {
            case KickMember m:
                WriteTarget(m.Network, m.Target);
                break;
            case PromoteMember m:
                WriteTarget(m.Network, m.Target);
                _json.WriteString(AnswerNames.Role, results.Role.ToText());
                break;
            case DemoteMember m:
                WriteTarget(m.Network, m.Target);
                _json.WriteString(AnswerNames.Role, results.Role.ToText());
                break;
            case TransferOwnership m:
                Write(FieldNames.NetworkId, m.Network);
                Write("old_owner", results.Node);
                Write("new_owner", m.NewOwner);
                break;
            case SetMemberTags m:
                WriteTarget(m.Network, m.Target);
                WriteTexts(AnswerNames.Tags, m.Tags.Distinct(StringComparer.Ordinal));
                break;
            case InviteToNetwork m:
                WriteTarget(m.Network, m.Target);
                if (results.Flag) _json.WriteString("status", "already_invited");
                break;
            case RevokeInvite m:
                WriteTarget(m.Network, m.Target);
                break;
        }
    }

    private void WriteTarget(NetworkId network, NodeId target)
    {
        Write(FieldNames.NetworkId, network);
        Write(FieldNames.Target, target);
    }

    private void WriteResponse(RespondInvite mutation, Results results, State.MembershipState? present)
    {
        if (mutation.Accept) WriteAdmission(mutation.Network, mutation.Node, results, present);
        else Write(FieldNames.NetworkId, mutation.Network);
        _json.WriteBoolean("accepted", mutation.Accept);
    }

    // Rules and expression policy are told to members: a repetition after the node has left, or after the network is gone, goes without.
    private void WriteAdmission(NetworkId network, NodeId node, Results results, State.MembershipState? present)
    {
        Write(FieldNames.NetworkId, network);
        _json.WriteString(AnswerNames.Address, new NodeAddress(network, node).ToString());
        _json.WriteString(AnswerNames.Role, results.Role.ToText());
        if (present is null) return;
        var viewer = Everything(present);
        if (!viewer.GetMemberRole(network, node).IsOk) return;
        WriteRules(viewer.GetNetwork(network).Answer?.Rules);
        WriteExprPolicy(viewer.GetExprPolicy(network).Answer?.Document);
    }

    private void WritePresentPolicy(NetworkId network, State.MembershipState? present, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(present);
        var viewer = Everything(present);
        if (actor.Kind == ActorKind.Node && !viewer.GetMemberRole(network, actor.Node).IsOk) return;
        if (viewer.GetNetworkPolicy(network).Answer is { } policy) WritePolicy(policy);
    }

    private static Viewer Everything(State.MembershipState present) => new(present, requester: null, DirectoryAccess.Open);
}
