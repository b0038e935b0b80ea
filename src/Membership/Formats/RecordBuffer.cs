using System.Buffers;
using System.IO.Hashing;
using Membership.Sessions;
using Membership.State;

namespace Membership.Formats;

/// <summary>
/// Hashes records in their canonical form. The kind goes first, so that equal bytes of two kinds differ. One instance serves one
/// thread; its buffer is used again and again.
/// </summary>
internal sealed class RecordBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public UInt128 Hash(Network network)
    {
        var writer = Begin(RecordKind.Network);
        Records.Write(ref writer, network);
        return End(ref writer);
    }

    public UInt128 Hash(NetworkId network, ReadOnlyMemory<byte> exprPolicy)
    {
        var writer = Begin(RecordKind.ExprPolicy);
        Records.Write(ref writer, network, exprPolicy);
        return End(ref writer);
    }

    public UInt128 Hash(NetworkId network, PreAssignment assignment)
    {
        var writer = Begin(RecordKind.PreAssignment);
        Records.Write(ref writer, network, assignment);
        return End(ref writer);
    }

    public UInt128 Hash(ulong deletedAt, NetworkId freed)
    {
        var writer = Begin(RecordKind.FreedId);
        Records.Write(ref writer, deletedAt, freed);
        return End(ref writer);
    }

    public UInt128 Hash(MemberKey key, in Member member)
    {
        var writer = Begin(RecordKind.Member);
        Records.Write(ref writer, key, member);
        return End(ref writer);
    }

    public UInt128 Hash(NodeNetworkKey key, in Invite invite)
    {
        var writer = Begin(RecordKind.Invite);
        Records.Write(ref writer, key, invite);
        return End(ref writer);
    }

    public UInt128 Hash(NodeId id, Node node)
    {
        var writer = Begin(RecordKind.Node);
        Records.Write(ref writer, id, node);
        return End(ref writer);
    }

    public UInt128 Hash(KeyVersionKey key, PublicKey former)
    {
        var writer = Begin(RecordKind.FormerKey);
        Records.Write(ref writer, key, former);
        return End(ref writer);
    }

    public UInt128 Hash(in SessionKey key, Session session)
    {
        var writer = Begin(RecordKind.Session);
        Records.Write(ref writer, key, session);
        return End(ref writer);
    }

    public UInt128 Hash(in SessionKey key, ulong sequence, in StoredOutcome outcome)
    {
        var writer = Begin(RecordKind.Outcome);
        Records.Write(ref writer, key, sequence, outcome);
        return End(ref writer);
    }

    public UInt128 Hash(in Counters counters)
    {
        var writer = Begin(RecordKind.Counters);
        Records.Write(ref writer, counters);
        return End(ref writer);
    }

    private FieldWriter Begin(RecordKind kind)
    {
        _bytes.ResetWrittenCount();
        var writer = new FieldWriter(_bytes);
        writer.Write((byte)kind);
        return writer;
    }

    private UInt128 End(ref FieldWriter writer)
    {
        writer.Flush();
        return XxHash128.HashToUInt128(_bytes.WrittenSpan);
    }
}
