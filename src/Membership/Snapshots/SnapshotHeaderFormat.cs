using System.Buffers.Binary;
using Membership.Formats;
using Membership.State;

namespace Membership.Snapshots;

/// <summary>The form of the header: an array of eight.</summary>
internal static class SnapshotHeaderFormat
{
    private const int DigestLength = 16;

    public static void Write(ref FieldWriter w, SnapshotHeader header)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        BinaryPrimitives.WriteUInt128BigEndian(digest, header.Digest.Value);
        w.WriteArrayHeader(8);
        w.Write(header.ClusterId);
        w.Write(header.StateVersion);
        w.Write(header.Index);
        w.Write(header.Term);
        w.Write(header.Revision);
        w.Write(header.ClusterTime);
        w.Write(header.RecordCount);
        w.Write(digest);
    }

    public static SnapshotHeader Read(ReadOnlyMemory<byte> bytes)
    {
        var r = new FieldReader(bytes);
        r.ReadArrayHeaderOf(8);
        var header = new SnapshotHeader(
            r.ReadText(),
            r.ReadUInt32(),
            r.ReadInt64(),
            r.ReadInt64(),
            r.ReadUInt64(),
            r.ReadTime(),
            r.ReadInt64(),
            ReadDigest(ref r));
        r.ReadEnd();
        return header;
    }

    private static StateDigest ReadDigest(ref FieldReader r)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        r.ReadBytesInto(digest);
        return new(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }
}
