using System.Collections.Immutable;
using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;
using Membership.State;

namespace Membership;

/// <summary><c>set_rbac_preassignments</c>: replaces the list; present members keep their roles.</summary>
/// <param name="Network">The network.</param>
/// <param name="Roles">At most 10000; a role of 0 stands for a text that names none.</param>
public sealed record SetRbacPreassignments(NetworkId Network, ImmutableArray<PreAssignment> Roles) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetRbacPreassignments;

    internal override ShapeFault? CheckShape() => ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(2);
        w.Write(Network);
        w.WriteArrayHeader(Roles.Length);
        foreach (var (externalId, role) in Roles)
        {
            w.WriteArrayHeader(2);
            w.Write(externalId);
            w.Write((byte)role);
        }
    }

    internal static SetRbacPreassignments Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        var network = r.ReadNetworkId();
        var count = r.ReadArrayHeader(int.MaxValue);
        var roles = ImmutableArray.CreateBuilder<PreAssignment>();
        for (var i = 0; i < count; i++)
        {
            r.ReadArrayHeaderOf(2);
            roles.Add(new(r.ReadText(), (Role)r.ReadByte()));
        }

        return new(network, roles.DrainToImmutable());
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.Admin(c) is var actor and not Code.Ok) return actor;
        if (!c.State.TryGetNetwork(Network, out var network)) return Code.NetworkNotFound;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (CheckEach(c) is var each and not Code.Ok) return each;
        if (Roles.Length > c.Limits.PreAssignmentsMax) return Code.TooManyPreassignments;

        c.Results = new(Number: (uint)Roles.Length);
        if (IsSame(c)) return Code.Ok;
        c.State.RemovePreAssignments(Network);
        foreach (var assignment in Roles) c.State.AddPreAssignment(Network, assignment);
        c.Say(new PreAssignmentsSet(Network, Roles.Length));
        return Code.Ok;
    }

    private Code CheckEach(MutationContext c)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (externalId, role) in Roles)
        {
            if (externalId.Length == 0
                || !NameRules.FitsBytes(externalId, c.Limits.ExternalIdBytesMax)
                || !seen.Add(ExternalIdFolding.Fold(externalId)))
            {
                return Code.ExternalIdInvalid;
            }

            if (role is not (Role.Admin or Role.Member)) return Code.InvalidRole;
        }

        return Code.Ok;
    }

    // No external id is there twice, so equal numbers and each one found mean equal lists.
    private bool IsSame(MutationContext c)
    {
        var present = c.State.Tables.PreAssignments;
        var (from, to) = Ranges.PreAssignments(Network);
        return present.CountBetween(from, to) == Roles.Length
            && Roles.All(assignment =>
                present.TryGetValue(new(Network.Value, ExternalIdFolding.Fold(assignment.ExternalId)), out var held)
                && held == assignment);
    }
}
