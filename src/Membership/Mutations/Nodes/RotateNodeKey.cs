using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>rotate_node_key</c>: a node gets a new key, which proves itself too.</summary>
/// <param name="Node">The node.</param>
/// <param name="PublicKey">The new key.</param>
/// <param name="Verdict">
/// <see cref="Code.Ok"/>, <see cref="Code.KeyInvalid"/>, or <see cref="Code.SignatureInvalid"/> when the new key's proof does not
/// verify; found before proposing.
/// </param>
public sealed record RotateNodeKey(NodeId Node, PublicKey PublicKey, Code Verdict = Code.Ok) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.RotateNodeKey;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id");

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(3);
        w.Write(Node);
        w.Write(PublicKey);
        w.Write((ushort)Verdict);
    }

    internal static RotateNodeKey Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return new(
            r.ReadNodeId(),
            r.ReadPublicKey(),
            MutationFormat.ReadVerdict(ref r, Code.KeyInvalid, Code.SignatureInvalid));
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.NodeOrAdmin(c, Node) is var code and not Code.Ok) return code;
        if (Verdict == Code.KeyInvalid) return Verdict;
        if (!c.State.TryGetNode(Node, out var node)) return Code.NodeNotFound;
        if (Verdict != Code.Ok) return Verdict;
        if (c.State.TryGetKeyHolder(PublicKey, out _)) return Code.KeyInUse;

        c.State.AddFormerKey(Node, node.KeyVersion, node.PublicKey);
        var rotated = node with { PublicKey = PublicKey, KeyVersion = node.KeyVersion + 1 };
        c.State.PutNode(Node, rotated);
        c.Results = new(Node: Node, Number: rotated.KeyVersion);
        c.Say(new NodeKeyRotated(Node, rotated.KeyVersion));
        return Code.Ok;
    }
}
