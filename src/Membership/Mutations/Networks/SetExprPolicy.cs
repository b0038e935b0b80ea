using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_expr_policy</c>: the document is kept byte for byte.</summary>
/// <param name="Network">The network.</param>
/// <param name="Document">The document; empty clears it.</param>
/// <param name="Verdict"><see cref="Code.Ok"/> or <see cref="Code.ExprPolicyInvalid"/>, found before proposing.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record SetExprPolicy(
    NetworkId Network, ReadOnlyMemory<byte> Document, Code Verdict = Code.Ok, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetExprPolicy;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(4);
        w.Write(Network);
        w.Write(Document.Span);
        w.Write((ushort)Verdict);
        w.Write(Node);
    }

    internal static SetExprPolicy Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(4);
        return new(
            r.ReadNetworkId(),
            r.ReadBytes(),
            MutationFormat.ReadVerdict(ref r, Code.ExprPolicyInvalid),
            r.ReadOptionalNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.OwnerOrAdmin(c, Network, Node, out _) is var gate and not Code.Ok) return gate;
        if (Verdict != Code.Ok || Document.Length > c.Limits.ExprPolicyBytesMax) return Code.ExprPolicyInvalid;

        c.State.Tables.ExprPolicies.TryGetValue(Network, out var old);
        if (old.Span.SequenceEqual(Document.Span)) return Code.Ok;
        c.State.PutExprPolicy(Network, Document);
        c.Say(Document.IsEmpty ? new ExprPolicyCleared(Network) : new ExprPolicySet(Network, Document.Length));
        return Code.Ok;
    }
}
