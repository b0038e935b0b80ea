using System.Buffers.Binary;
using System.Globalization;
using Membership.Formats;

namespace Membership.State;

/// <summary>
/// 128 bits over a whole state: the sum of the hashes of all records, so that one change costs the records it touches, combined with
/// the hash of the counters.
/// </summary>
/// <param name="Value">The bits.</param>
public readonly record struct StateDigest(UInt128 Value)
{
    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Value.ToString("x32", NumberFormatInfo.InvariantInfo);

    /// <summary>16 bytes, big-endian.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>Reads what <see cref="ToArray"/> wrote.</summary>
    /// <exception cref="ArgumentException">There are not exactly 16 bytes.</exception>
    public static StateDigest Read(ReadOnlySpan<byte> bytes) => bytes.Length == 16
        ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException("A digest has 16 bytes.", nameof(bytes));

    internal static StateDigest Of(UInt128 recordSum, in Counters counters)
    {
        var record = new RecordBuffer();
        return new(unchecked(recordSum + record.Hash(counters)));
    }
}
