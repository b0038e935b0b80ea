using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_join_rule</c>: a given token replaces the verifier; leaving <c>invite</c> drops the network's invites.</summary>
/// <param name="Network">The network.</param>
/// <param name="JoinRule">The rule; 0 for a text that names none, which is rejected at its place.</param>
/// <param name="Token">The verifier of the token; ignored unless the rule is <see cref="JoinRule.Token"/>.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record SetJoinRule(NetworkId Network, JoinRule JoinRule, TokenVerifier? Token = null, NodeId? Node = null)
    : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetJoinRule;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(4);
        w.Write(Network);
        w.Write((byte)JoinRule);
        FieldFormats.Write(ref w, Token);
        w.Write(Node);
    }

    internal static SetJoinRule Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(4);
        return new(r.ReadNetworkId(), (JoinRule)r.ReadByte(), FieldFormats.ReadOptionalVerifier(ref r), r.ReadOptionalNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.Owner(c, Network, Node, out var network) is var gate and not Code.Ok) return gate;
        var hasToken = Token is not null || network.JoinRule == JoinRule.Token;
        if (JoinRules.Check(JoinRule, hasToken, network.Enterprise) is var rule and not Code.Ok) return rule;

        var joinToken = JoinRule != JoinRule.Token ? null
            : Token is { } given ? new VersionedVerifier(c.Revision, given)
            : network.JoinToken;
        var tokenChanged = joinToken?.Version != network.JoinToken?.Version;
        if (network.JoinRule == JoinRule && !tokenChanged) return Code.Ok;

        c.State.PutNetwork(network with { JoinRule = JoinRule, JoinToken = joinToken });
        c.Say(new NetworkJoinRuleChanged(Network, network.JoinRule, JoinRule, tokenChanged));
        if (network.JoinRule == JoinRule.Invite && JoinRule != JoinRule.Invite)
            InviteRemoval.InNetwork(c, Network, InviteRevokeCause.JoinRuleChanged);
        return Code.Ok;
    }
}
