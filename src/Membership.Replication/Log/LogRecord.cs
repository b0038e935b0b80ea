using System.Buffers.Binary;

namespace Membership.Replication.Log;

/// <summary>What the package's metadata says of one entry.</summary>
/// <param name="Index">The entry's place in the log, from 1.</param>
/// <param name="Term">The term of the leader that made it.</param>
/// <param name="Length">Bytes of its payload.</param>
/// <param name="Offset">Where the payload begins, counted over all data files.</param>
/// <param name="CommandId">What the state machine knows it by; null for the package's own entries.</param>
/// <param name="IsConfiguration">Whether the payload is a configuration of the cluster.</param>
internal readonly record struct LogRecord(long Index, long Term, long Length, long Offset, int? CommandId, bool IsConfiguration)
{
    /// <summary>Bytes of the package's record, its hash not counted.</summary>
    public const int Bytes = 32;

    private const uint HasCommandId = 1;
    private const uint Configuration = 2;

    /// <summary>The place behind the payload.</summary>
    public long End => Offset + Length;

    public static LogRecord Read(long index, ReadOnlySpan<byte> bytes)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        return new(
            index,
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            (flags & HasCommandId) != 0 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]) : null,
            (flags & Configuration) != 0);
    }
}
