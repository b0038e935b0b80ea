namespace Membership.Snapshots;

/// <summary>
/// The layout of a snapshot: magic; the header as a block; blocks of records; an empty block; the SHA-256 of all bytes before it.
/// A block is: stored length (4 bytes, little-endian), raw length (4), XxHash3 of both lengths and the stored bytes (8), then the
/// stored bytes: Brotli when they are fewer than the raw ones, else the raw ones. The raw bytes of a record block are records one
/// after another, each its <see cref="Formats.RecordKind"/> and its canonical form, in the order of kinds and keys. So two replicas'
/// snapshots at one index are equal byte for byte.
/// </summary>
internal static class SnapshotLayout
{
    /// <summary>The newest format, written in the magic.</summary>
    public const byte Newest = 1;

    /// <summary>Length of the magic, its last byte the format.</summary>
    public const int MagicLength = 8;

    /// <summary>Length of what goes before the bytes of a block.</summary>
    public const int BlockHeaderLength = 16;

    /// <summary>A block is closed when it has so many raw bytes; one record may carry it over.</summary>
    public const int BlockRawTarget = 256 * 1024;

    /// <summary>No block is longer: the target and the longest record.</summary>
    public const int BlockRawMax = BlockRawTarget + 2 * 1024 * 1024;

    /// <summary>Length of the footer.</summary>
    public const int FooterLength = 32;

    public static ReadOnlySpan<byte> Magic => "MBRSNAP"u8;
}
