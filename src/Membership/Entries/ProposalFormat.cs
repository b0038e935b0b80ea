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

    /// <summary>Reads all but the fields; false when the bytes are not of the form.</summary>
    public static bool TryReadHeader(ref FieldReader r, out ProposalHeader header)
    {
        header = default;
        try
        {
            header = ReadHeader(ref r);
            return true;
        }
        catch (FormatViolationException)
        {
            return false;
        }
    }

    /// <summary>Reads the fields; a code when there is no such kind or the fields are not of the form.</summary>
    public static Code TryReadFields(ref FieldReader r, MutationKind kind, out Mutation mutation)
    {
        mutation = null!;
        try
        {
            if (MutationFormat.ReadFields(kind, ref r) is not { } read) return Code.UnknownCommand;
            r.ReadEnd();
            mutation = read;
            return Code.Ok;
        }
        catch (FormatViolationException)
        {
            return Code.InvalidArgument;
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
