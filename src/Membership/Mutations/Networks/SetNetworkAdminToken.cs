using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_network_admin_token</c>: the revision that sets it is the token's version, so an old one never stands again.</summary>
/// <param name="Network">The network.</param>
/// <param name="Token">The verifier of the token; null clears it.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record SetNetworkAdminToken(NetworkId Network, TokenVerifier? Token, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetNetworkAdminToken;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(3);
        w.Write(Network);
        FieldFormats.Write(ref w, Token);
        w.Write(Node);
    }

    internal static SetNetworkAdminToken Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return new(r.ReadNetworkId(), FieldFormats.ReadOptionalVerifier(ref r), r.ReadOptionalNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.Owner(c, Network, Node, out var network) is var gate and not Code.Ok) return gate;

        if (Token is null && network.AdminToken is null) return Code.Ok;
        c.State.PutNetwork(network with { AdminToken = Token is { } token ? new(c.Revision, token) : null });
        c.Say(new NetworkAdminTokenChanged(Network));
        return Code.Ok;
    }
}
