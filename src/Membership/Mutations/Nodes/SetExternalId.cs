using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_external_id</c>: what the node is called elsewhere; pre-assigned roles that match it take effect at once.</summary>
/// <param name="Node">The node.</param>
/// <param name="ExternalId">0 to 256 UTF-8 bytes; the empty one matches nothing.</param>
public sealed record SetExternalId(NodeId Node, string ExternalId) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetExternalId;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id");

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(2);
        w.Write(Node);
        w.Write(ExternalId);
    }

    internal static SetExternalId Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        return new(r.ReadNodeId(), r.ReadText());
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.Admin(c) is var code and not Code.Ok) return code;
        if (!NameRules.FitsBytes(ExternalId, c.Limits.ExternalIdBytesMax)) return Code.ExternalIdInvalid;
        if (!c.State.TryGetNode(Node, out var node)) return Code.NodeNotFound;

        c.Results = new(Node: Node);
        if (node.ExternalId != ExternalId)
        {
            c.State.PutNode(Node, node with { ExternalId = ExternalId });
            c.Say(new ExternalIdSet(Node, ExternalId));
        }

        PreAssignedRoles.ApplyTo(c, Node, ExternalId);
        return Code.Ok;
    }
}
