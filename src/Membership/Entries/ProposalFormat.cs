using System.Buffers;
using Membership.Formats;
using Membership.Mutations;

namespace Membership;

/// <summary>
/// The form of a mutation in an entry: <c>[kind, request id, settled, issued at, fingerprint, actor, [fields…]]</c>. The actor is
/// <c>[kind, id, version, level, key]</c>.
/// </summary>
internal static class ProposalFormat
{
    // Unix seconds of the year 9999: a time in ms never overflows.
    private const long IssuedAtMax = FieldReader.TimeMax / 1000;

    public static void Write(IBufferWriter<byte> output, Proposal proposal)
    {
        var w = new FieldWriter(output);
        w.WriteArrayHeader(7);
        w.Write((byte)proposal.Mutation.Kind);
        w.Write(proposal.RequestId);
        if (proposal.Settled is { } settled) w.Write(settled);
        else w.WriteNil();
        if (proposal.IssuedAt is { } issuedAt) w.Write(issuedAt);
        else w.WriteNil();
        w.Write(proposal.Fingerprint);
        Write(ref w, proposal.Actor);
        proposal.Mutation.WriteFields(ref w);
        w.Flush();
    }

    /// <summary>Reads a whole mutation; what cannot be read, or is of a kind that the state version does not have, is said in the result.</summary>
    public static DecodedProposal Read(ReadOnlyMemory<byte> bytes, uint stateVersion)
    {
        var r = new FieldReader(bytes);
        var header = default(ProposalHeader);
        var hasHeader = false;
        try
        {
            header = ReadHeader(ref r);
            hasHeader = true;
            if (MutationFormat.SinceVersion(header.Kind) > stateVersion || MutationFormat.ReadFields(header.Kind, ref r) is not { } mutation)
                return new(true, header, null, Code.UnknownCommand);
            r.ReadEnd();
            return new(true, header, mutation, Code.Ok);
        }
        catch (FormatViolationException)
        {
            return new(hasHeader, header, null, Code.InvalidArgument);
        }
    }

    private static ProposalHeader ReadHeader(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(7);
        var kind = (MutationKind)r.ReadByte();
        var id = r.ReadRequestId();
        ulong? settled = r.TryReadNil() ? null : r.ReadUInt64();
        long? issuedAt = r.TryReadNil() ? null : r.ReadInt64();
        if (issuedAt is < 0 or > IssuedAtMax) throw new FormatViolationException("issued at out of range");
        return new(kind, id, settled, issuedAt, r.ReadFingerprint(), ReadActor(ref r));
    }

    private static void Write(ref FieldWriter w, Actor actor)
    {
        w.WriteArrayHeader(5);
        w.Write((byte)actor.Kind);
        w.Write(actor.Id);
        w.Write(actor.Version);
        w.Write((byte)actor.Level);
        if (actor.Kind == ActorKind.Key) w.Write(actor.PublicKey);
        else w.WriteNil();
    }

    private static Actor ReadActor(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(5);
        var kind = (ActorKind)r.ReadByte();
        var id = r.ReadUInt32();
        var version = r.ReadUInt64();
        var level = FieldFormats.ReadRoleOrNone(ref r);
        if (kind == ActorKind.Key) return Actor.ForKey(r.ReadPublicKey());
        if (!r.TryReadNil()) throw new FormatViolationException("actor with a key");
        return kind switch
        {
            ActorKind.Admin => Actor.Admin(id),
            ActorKind.NetworkAdmin when id <= ushort.MaxValue && level >= Role.Admin =>
                Actor.NetworkAdmin(new((ushort)id), version, level),
            ActorKind.Node => Actor.ForNode(new(id), version),
            _ => throw new FormatViolationException("actor kind"),
        };
    }
}

/// <summary>All of a proposal but its fields.</summary>
internal readonly record struct ProposalHeader(
    MutationKind Kind, RequestId RequestId, ulong? Settled, long? IssuedAt, Fingerprint Fingerprint, Actor Actor)
{
    public long? IssuedAtMs => IssuedAt * 1000;
}

/// <summary>A mutation of an entry, as far as it could be read.</summary>
/// <param name="HasHeader">Whether all before the fields could be.</param>
/// <param name="Header">All before the fields.</param>
/// <param name="Mutation">The fields; null when there is no such kind, or they are not of its form.</param>
/// <param name="Fault">Why there is no mutation.</param>
internal readonly record struct DecodedProposal(bool HasHeader, ProposalHeader Header, Mutation? Mutation, Code Fault);
