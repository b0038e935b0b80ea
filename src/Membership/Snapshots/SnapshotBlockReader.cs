using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Membership.Snapshots;

/// <summary>Reads the blocks of a snapshot, checks their checksums and unpacks them.</summary>
internal sealed class SnapshotBlockReader(Stream input) : IDisposable
{
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _stored = [];
    private long _offset;

    /// <summary>The byte at which the last block or footer begins.</summary>
    public long BlockOffset { get; private set; }

    public void ReadMagic()
    {
        Span<byte> magic = stackalloc byte[SnapshotLayout.MagicLength];
        Fill(magic, "the magic");
        if (!magic[..^1].SequenceEqual(SnapshotLayout.Magic)) throw new SnapshotFormatException("this is no snapshot", 0);
        if (magic[^1] > SnapshotLayout.Newest)
            throw new UnsupportedFormatException("snapshot", magic[^1], SnapshotLayout.Newest);
        if (magic[^1] == 0) throw new SnapshotFormatException("format 0", 0);
        _whole.AppendData(magic);
    }

    /// <summary>Reads the next block; false at the empty one that ends them.</summary>
    public bool TryReadBlock(out ReadOnlyMemory<byte> raw)
    {
        BlockOffset = _offset;
        Span<byte> header = stackalloc byte[SnapshotLayout.BlockHeaderLength];
        Fill(header, "a block's header");
        var storedLength = BinaryPrimitives.ReadInt32LittleEndian(header);
        var rawLength = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (rawLength is < 0 or > SnapshotLayout.BlockRawMax || storedLength < 0 || storedLength > rawLength)
            throw new SnapshotFormatException("a block's length is out of range", BlockOffset);
        if (_stored.Length < storedLength) _stored = new byte[storedLength];
        var stored = _stored.AsSpan(0, storedLength);
        Fill(stored, "a block");
        if (BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) != BlockChecksum.Of(header[..8], stored))
            throw new SnapshotFormatException("a block's checksum does not match", BlockOffset);
        _whole.AppendData(header);
        _whole.AppendData(stored);
        raw = Unpack(stored, rawLength);
        return rawLength > 0;
    }

    public void ReadFooter()
    {
        BlockOffset = _offset;
        Span<byte> footer = stackalloc byte[SnapshotLayout.FooterLength];
        Fill(footer, "the footer");
        Span<byte> sum = stackalloc byte[SnapshotLayout.FooterLength];
        _whole.GetHashAndReset(sum);
        if (!footer.SequenceEqual(sum)) throw new SnapshotFormatException("the checksum of the whole does not match", BlockOffset);
        if (input.ReadByte() >= 0) throw new SnapshotFormatException("bytes after the end", _offset);
    }

    public void Dispose() => _whole.Dispose();

    private byte[] Unpack(ReadOnlySpan<byte> stored, int rawLength)
    {
        if (stored.Length == rawLength) return stored.ToArray();
        var raw = new byte[rawLength];
        if (!BrotliDecoder.TryDecompress(stored, raw, out var length) || length != rawLength)
            throw new SnapshotFormatException("a block cannot be unpacked", BlockOffset);
        return raw;
    }

    private void Fill(Span<byte> destination, string what)
    {
        var read = input.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length) throw new SnapshotFormatException($"it ends within {what}", BlockOffset);
        _offset += read;
    }
}
