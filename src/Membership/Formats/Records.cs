using System.Collections.Immutable;
using Membership.Audit;
using Membership.Maps;
using Membership.Sessions;
using Membership.State;

namespace Membership.Formats;

/// <summary>
/// The canonical form of every record of the state: what snapshots hold and what the digest hashes. Fields are known by their place;
/// a place is never reused.
/// </summary>
internal static class Records
{
    public static void Write(ref FieldWriter w, in Counters c)
    {
        w.WriteArrayHeader(10);
        w.Write(c.StateVersion);
        w.Write(c.ClusterId);
        w.Write(c.Revision);
        w.Write(c.Time);
        w.Write(c.FoundedAt);
        w.Write(c.LastNetworkId);
        w.Write(c.LastNodeId);
        w.Write(c.SessionFloorTime);
        w.Write(c.LastAuditNumber);
        w.Write(c.AuditHead.Bytes);
    }

    public static Counters ReadCounters(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(10);
        var counters = new Counters
        {
            StateVersion = r.ReadUInt32(),
            ClusterId = r.ReadText(),
            Revision = r.ReadUInt64(),
            Time = r.ReadTime(),
            FoundedAt = r.ReadTime(),
            LastNetworkId = r.ReadUInt16(),
            LastNodeId = r.ReadUInt32(),
            SessionFloorTime = r.ReadTime(),
            LastAuditNumber = r.ReadUInt64(),
            AuditHead = AuditHash.Read(ref r),
        };
        return MembershipState.IsClusterId(counters.ClusterId) ? counters : throw new FormatViolationException("cluster id");
    }

    public static void Write(ref FieldWriter w, Network n)
    {
        w.WriteArrayHeader(11);
        w.Write(n.Id);
        w.Write(n.Name);
        w.Write((byte)n.JoinRule);
        w.Write(n.Enterprise);
        w.Write(n.CreatedAt);
        Write(ref w, n.JoinToken);
        Write(ref w, n.AdminToken);
        w.Write(n.Policy.MaxMembers);
        w.WriteArrayHeader(n.Policy.AllowedPorts.Length);
        foreach (var port in n.Policy.AllowedPorts) w.Write(port);
        w.Write(n.Policy.Description);
        FieldFormats.Write(ref w, n.Rules);
    }

    public static Network ReadNetwork(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(11);
        return new Network
        {
            Id = r.ReadNetworkId(),
            Name = r.ReadText(),
            JoinRule = FieldFormats.ReadJoinRule(ref r),
            Enterprise = r.ReadBoolean(),
            CreatedAt = r.ReadTime(),
            JoinToken = ReadVersionedVerifier(ref r),
            AdminToken = ReadVersionedVerifier(ref r),
            Policy = ReadPolicy(ref r),
            Rules = FieldFormats.ReadOptionalRuleSet(ref r),
        };
    }

    public static void Write(ref FieldWriter w, NetworkId network, ReadOnlyMemory<byte> exprPolicy)
    {
        w.WriteArrayHeader(2);
        w.Write(network);
        w.Write(exprPolicy.Span);
    }

    public static (NetworkId Network, ReadOnlyMemory<byte> Document) ReadExprPolicy(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        return (r.ReadNetworkId(), r.ReadBytes());
    }

    public static void Write(ref FieldWriter w, NetworkId network, PreAssignment assignment)
    {
        w.WriteArrayHeader(3);
        w.Write(network);
        w.Write(assignment.ExternalId);
        w.Write((byte)assignment.Role);
    }

    public static (NetworkId Network, PreAssignment Assignment) ReadPreAssignment(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return (r.ReadNetworkId(), new(r.ReadText(), FieldFormats.ReadRole(ref r)));
    }

    public static void Write(ref FieldWriter w, ulong deletedAt, NetworkId freed)
    {
        w.WriteArrayHeader(2);
        w.Write(deletedAt);
        w.Write(freed);
    }

    public static (ulong DeletedAt, NetworkId Freed) ReadFreedId(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        return (r.ReadUInt64(), r.ReadNetworkId());
    }

    public static void Write(ref FieldWriter w, NodeId id, Node node)
    {
        w.WriteArrayHeader(6);
        w.Write(id);
        w.Write(node.PublicKey);
        w.Write(node.KeyVersion);
        w.Write(node.ExternalId);
        w.Write(node.TaskExec);
        w.Write(node.RegisteredAt);
    }

    public static (NodeId Id, Node Node) ReadNode(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(6);
        return (r.ReadNodeId(), new(r.ReadPublicKey(), r.ReadUInt32(), r.ReadText(), r.ReadBoolean(), r.ReadTime()));
    }

    public static void Write(ref FieldWriter w, KeyVersionKey key, PublicKey former)
    {
        w.WriteArrayHeader(3);
        w.Write(key.Node);
        w.Write(key.Version);
        w.Write(former);
    }

    public static (KeyVersionKey Key, PublicKey Former) ReadFormerKey(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return (new(r.ReadNodeId(), r.ReadUInt32()), r.ReadPublicKey());
    }

    public static void Write(ref FieldWriter w, MemberKey key, in Member member)
    {
        w.WriteArrayHeader(6);
        w.Write(key.Network);
        w.Write(key.Node);
        w.Write((byte)member.Role);
        w.Write(member.JoinedAt);
        w.Write(member.JoinRevision);
        w.Write(member.Tags);
    }

    public static (MemberKey Key, Member Member) ReadMember(ref FieldReader r, Limits limits)
    {
        r.ReadArrayHeaderOf(6);
        return (
            new(r.ReadNetworkId(), r.ReadNodeId()),
            new(FieldFormats.ReadRole(ref r), r.ReadTime(), r.ReadUInt64(), r.ReadTexts(limits.TagsMax)));
    }

    public static void Write(ref FieldWriter w, NodeNetworkKey key, in Invite invite)
    {
        w.WriteArrayHeader(5);
        w.Write(key.Node);
        w.Write(key.Network);
        w.Write(invite.Inviter);
        w.Write(invite.CreatedAt);
        w.Write(invite.Arrival);
    }

    public static (NodeNetworkKey Key, Invite Invite) ReadInvite(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(5);
        return (new(r.ReadNodeId(), r.ReadNetworkId()), new(r.ReadNodeId(), r.ReadTime(), r.ReadUInt64()));
    }

    public static void Write(ref FieldWriter w, in SessionKey key, Session session)
    {
        w.WriteArrayHeader(8);
        Write(ref w, key);
        w.Write(session.MinSequence);
        w.Write(session.LastUse);
        w.Write(session.LastUseRevision);
        w.Write(session.GreatestIssuedAt);
    }

    public static (SessionKey Key, Session Session) ReadSession(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(8);
        var key = ReadSessionKey(ref r);
        return (key, new(owner: null)
        {
            MinSequence = r.ReadUInt64(),
            LastUse = r.ReadTime(),
            LastUseRevision = r.ReadUInt64(),
            GreatestIssuedAt = r.ReadTime(),
        });
    }

    public static void Write(ref FieldWriter w, in SessionKey key, ulong sequence, in StoredOutcome outcome)
    {
        w.WriteArrayHeader(13);
        Write(ref w, key);
        w.Write(sequence);
        w.Write(outcome.Content);
        w.Write(outcome.Revision);
        w.Write((ushort)outcome.Code);
        w.Write(outcome.Results.Node);
        w.Write(outcome.Results.Network);
        w.Write((byte)outcome.Results.Role);
        w.Write(outcome.Results.Number);
        w.Write(outcome.Results.Flag);
    }

    public static (SessionKey Key, ulong Sequence, StoredOutcome Outcome) ReadOutcome(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(13);
        var key = ReadSessionKey(ref r);
        var sequence = r.ReadUInt64();
        var content = r.ReadFingerprint();
        var revision = r.ReadUInt64();
        var code = (Code)r.ReadUInt16();
        var results = new Results(
            r.ReadNodeId(), r.ReadNetworkId(), FieldFormats.ReadRoleOrNone(ref r), r.ReadUInt32(), r.ReadBoolean());
        return (key, sequence, new(content, revision, code, results));
    }

    private static void Write(ref FieldWriter w, in SessionKey key)
    {
        w.Write((byte)key.Kind);
        w.Write(key.Id);
        if (key.Kind == ActorKind.Key) w.Write(key.PublicKey);
        else w.WriteNil();
        w.Write(key.Client);
    }

    private static SessionKey ReadSessionKey(ref FieldReader r)
    {
        var kind = (ActorKind)r.ReadByte();
        if (kind is < ActorKind.Admin or > ActorKind.Key) throw new FormatViolationException("actor kind");
        var id = r.ReadUInt32();
        PublicKey key = default;
        if (kind == ActorKind.Key) key = r.ReadPublicKey();
        else if (!r.TryReadNil()) throw new FormatViolationException("actor with a key");
        return new(kind, id, key, r.ReadUInt64());
    }

    private static void Write(ref FieldWriter w, VersionedVerifier? verifier)
    {
        if (verifier is not { } present)
        {
            w.WriteNil();
            return;
        }

        w.WriteArrayHeader(3);
        w.Write(present.Version);
        w.Write(present.Verifier.Salt);
        w.Write(present.Verifier.Mac);
    }

    private static VersionedVerifier? ReadVersionedVerifier(ref FieldReader r)
    {
        if (r.TryReadNil()) return null;
        r.ReadArrayHeaderOf(3);
        return new(r.ReadUInt64(), new(r.ReadSalt(), r.ReadTokenMac()));
    }

    private static NetworkPolicy ReadPolicy(ref FieldReader r)
    {
        var maxMembers = r.ReadUInt32() is var limit and <= int.MaxValue ? (int)limit : throw new FormatViolationException("member limit");
        var count = r.ReadArrayHeader(ushort.MaxValue);
        var ports = ImmutableArray.CreateBuilder<ushort>();
        for (var i = 0; i < count; i++) ports.Add(r.ReadUInt16());
        return new(maxMembers, ports.DrainToImmutable(), r.ReadText());
    }
}
