using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>join_network</c>.</summary>
/// <param name="Node">The node.</param>
/// <param name="Network">The network.</param>
/// <param name="Proof">What was computed from the token given; null when none was.</param>
public sealed record JoinNetwork(NodeId Node, NetworkId Network, TokenProof? Proof = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.JoinNetwork;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(4);
        w.Write(Node);
        w.Write(Network);
        if (Proof is { } proof)
        {
            w.Write(proof.Version);
            w.Write(proof.Mac);
        }
        else
        {
            w.WriteNil();
            w.WriteNil();
        }
    }

    internal static JoinNetwork Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(4);
        var (node, network) = (r.ReadNodeId(), r.ReadNetworkId());
        if (!r.TryReadNil()) return new(node, network, new TokenProof(r.ReadUInt64(), r.ReadTokenMac()));
        return r.TryReadNil() ? new(node, network) : throw new FormatViolationException("a proof without its version");
    }

    /// <summary>Whether the proof was made against a token that was replaced since: it says nothing about the one in force.</summary>
    internal bool HasStaleProof(MutationContext c) =>
        Proof is { } proof
        && c.State.TryGetNetwork(Network, out var network)
        && network.JoinToken is { } token
        && token.Version != proof.Version;

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.NodeOrAdmin(c, Node) is var actor and not Code.Ok) return actor;
        if (!c.State.TryGetNode(Node, out var node)) return Code.NodeNotFound;
        if (!c.State.TryGetNetwork(Network, out var network)) return Code.NetworkNotFound;
        if (CheckRule(network) is var rule and not Code.Ok) return rule;
        if (c.State.IsMember(Network, Node)) return Code.AlreadyMember;
        if (Admission.IsFull(c, network)) return Code.NetworkFull;

        Admission.Admit(c, network, Node, node);
        return Code.Ok;
    }

    private Code CheckRule(Network network) => network.JoinRule switch
    {
        JoinRule.Open => Code.Ok,
        JoinRule.Invite => Code.InviteOnly,
        _ => Proof is { } proof && proof.Mac == network.JoinToken!.Value.Verifier.Mac ? Code.Ok : Code.JoinTokenInvalid,
    };
}
