using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Membership.Formats;
using Membership.Snapshots;
using Membership.State;

namespace Membership.Tests.Hostile;

/// <summary>
/// Makes snapshots whose every checksum is right, whatever they hold: what is left to the reader is to judge the records.
/// </summary>
internal static class SnapshotForge
{
    /// <summary>The unpacked blocks of a sound snapshot: the header first, then records.</summary>
    public static (SnapshotHeader Header, List<byte[]> Blocks) Open(byte[] snapshot)
    {
        using var reader = new SnapshotBlockReader(new MemoryStream(snapshot, writable: false));
        reader.ReadMagic();
        reader.TryReadBlock(out var header);
        var blocks = new List<byte[]>();
        while (reader.TryReadBlock(out var raw)) blocks.Add(raw.ToArray());
        return (SnapshotHeaderFormat.Read(header), blocks);
    }

    /// <summary>Puts these blocks under this header, with checksums that fit.</summary>
    public static byte[] Seal(SnapshotHeader header, IEnumerable<byte[]> blocks)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new FieldWriter(bytes);
        SnapshotHeaderFormat.Write(ref writer, header);
        writer.Flush();
        return SealRaw([bytes.WrittenSpan.ToArray(), .. blocks]);
    }

    /// <summary>As <see cref="Seal"/>, the header being the first block whatever it holds.</summary>
    public static byte[] SealRaw(IEnumerable<byte[]> blocks)
    {
        var output = new MemoryStream();
        output.Write(SnapshotLayout.Magic);
        output.WriteByte(SnapshotLayout.Newest);
        foreach (var block in blocks) WriteBlock(output, block);
        WriteBlock(output, []);
        output.Write(SHA256.HashData(output.ToArray()));
        return output.ToArray();
    }

    /// <summary>A header that describes these records, digest and counts included; null when they cannot even be read.</summary>
    public static SnapshotHeader? Describe(SnapshotHeader header, IEnumerable<byte[]> blocks, Limits limits)
    {
        try
        {
            var loader = new SnapshotLoader(header, limits);
            foreach (var block in blocks) loader.Load(block);
            var state = DraftOf(loader).Publish(header.Index, header.Term);
            return SnapshotWriter.HeaderOf(state) with { RecordCount = loader.RecordCount };
        }
        catch (FormatViolationException)
        {
            return null;
        }
    }

    private static void WriteBlock(MemoryStream output, byte[] raw)
    {
        Span<byte> header = stackalloc byte[SnapshotLayout.BlockHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header, raw.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], raw.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], BlockChecksum.Of(header[..8], raw));
        output.Write(header);
        output.Write(raw);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_draft")]
    private static extern ref Draft DraftOf(SnapshotLoader loader);
}
