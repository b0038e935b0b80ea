using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_network_enterprise</c>: roles are kept both ways.</summary>
/// <param name="Network">The network.</param>
/// <param name="Enterprise">The flag.</param>
public sealed record SetNetworkEnterprise(NetworkId Network, bool Enterprise) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetNetworkEnterprise;

    internal override ShapeFault? CheckShape() => ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(2);
        w.Write(Network);
        w.Write(Enterprise);
    }

    internal static SetNetworkEnterprise Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        return new(r.ReadNetworkId(), r.ReadBoolean());
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.Admin(c) is var code and not Code.Ok) return code;
        if (!c.State.TryGetNetwork(Network, out var network)) return Code.NetworkNotFound;
        if (!Enterprise && network.JoinRule == JoinRule.Invite) return Code.CannotDisable;

        if (network.Enterprise == Enterprise) return Code.Ok;
        c.State.PutNetwork(network with { Enterprise = Enterprise });
        c.Say(new NetworkEnterpriseChanged(Network, Enterprise, c.State.CountMembers(Network)));
        return Code.Ok;
    }
}
