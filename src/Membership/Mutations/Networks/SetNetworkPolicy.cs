using System.Collections.Immutable;
using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_network_policy</c>: merges the given fields, all or none.</summary>
public sealed record SetNetworkPolicy : Mutation
{
    // A list longer than any that is valid, and still no burden: what is longer is not decoded.
    private const int PortsDecodedMax = 65_536;

    /// <summary>The network.</summary>
    public required NetworkId Network { get; init; }

    /// <summary>0 to 10000; 0 is no limit. Null leaves it.</summary>
    public uint? MaxMembers { get; init; }

    /// <summary>At most 100 as given, each 1 to 65535. Null leaves them.</summary>
    public ImmutableArray<uint>? AllowedPorts { get; init; }

    /// <summary>Up to 256 UTF-8 bytes without control characters. Null leaves it.</summary>
    public string? Description { get; init; }

    /// <summary>Optional: who the request says it is from; must be the actor when that is a node.</summary>
    public NodeId? Node { get; init; }

    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetNetworkPolicy;

    internal override ShapeFault? CheckShape()
    {
        if (MaxMembers is null && AllowedPorts is null && Description is null) return new(Code.InvalidArgument, "max_members");
        return ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);
    }

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(5);
        w.Write(Network);
        if (MaxMembers is { } maxMembers) w.Write(maxMembers);
        else w.WriteNil();
        WritePorts(ref w);
        w.Write(Description);
        w.Write(Node);
    }

    internal static SetNetworkPolicy Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(5);
        return new()
        {
            Network = r.ReadNetworkId(),
            MaxMembers = r.TryReadNil() ? null : r.ReadUInt32(),
            AllowedPorts = ReadPorts(ref r),
            Description = r.ReadOptionalText(),
            Node = r.ReadOptionalNodeId(),
        };
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.OwnerOrAdmin(c, Network, Node, out var network) is var gate and not Code.Ok) return gate;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (!FieldsAreValid(c.Limits)) return Code.PolicyInvalid;
        if (MaxMembers is > 0 and var limit && limit < c.State.CountMembers(Network)) return Code.MaxMembersBelowCount;

        var old = network.Policy;
        var policy = new NetworkPolicy(
            MaxMembers is { } maxMembers ? (int)maxMembers : old.MaxMembers,
            AllowedPorts is { } ports ? [.. ports.Distinct().Select(port => (ushort)port)] : old.AllowedPorts,
            Description ?? old.Description);
        if (policy.Equals(old)) return Code.Ok;
        c.State.PutNetwork(network with { Policy = policy });
        c.Say(new NetworkPolicyChanged(Network, old, policy));
        return Code.Ok;
    }

    private bool FieldsAreValid(Limits limits) =>
        (MaxMembers ?? 0) <= limits.PolicyMembersMax
        && (AllowedPorts is not { } ports
            || (ports.Length <= limits.PolicyPortsMax && ports.All(port => port is >= 1 and <= ushort.MaxValue)))
        && (Description is null
            || (NameRules.FitsBytes(Description, limits.PolicyDescriptionBytesMax) && NameRules.IsPlain(Description)));

    private void WritePorts(ref FieldWriter w)
    {
        if (AllowedPorts is not { } ports)
        {
            w.WriteNil();
            return;
        }

        w.WriteArrayHeader(ports.Length);
        foreach (var port in ports) w.Write(port);
    }

    private static ImmutableArray<uint>? ReadPorts(ref FieldReader r)
    {
        if (r.TryReadNil()) return null;
        var count = r.ReadArrayHeader(PortsDecodedMax);
        var ports = ImmutableArray.CreateBuilder<uint>();
        for (var i = 0; i < count; i++) ports.Add(r.ReadUInt32());
        return ports.DrainToImmutable();
    }
}
