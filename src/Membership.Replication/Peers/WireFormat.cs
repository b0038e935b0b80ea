using MessagePack;

namespace Membership.Replication.Peers;

/// <summary>Reads MessagePack that came over a wire: strictly, and with one kind of error whatever is wrong.</summary>
internal static class WireFormat
{
    /// <summary>Reads the whole of the bytes.</summary>
    /// <exception cref="InvalidDataException">Says what was read and what is wrong with it.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, string what, Reading<T> read)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            var value = read(ref reader);
            return reader.End ? value : throw new InvalidDataException("bytes after the end");
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new InvalidDataException($"{what} refused: {e.Message}", e);
        }
    }

    /// <summary>Bytes that stay in the memory that is read.</summary>
    public static ReadOnlyMemory<byte> ReadBytesInPlace(ref MessagePackReader r)
    {
        var bytes = r.ReadBytes() ?? throw new InvalidDataException("bytes missing");
        // The reader runs over one piece of memory, so every part of it is one piece too.
        return bytes.First;
    }

    /// <summary>An array of exactly so many items.</summary>
    public static void ReadArrayHeaderOf(ref MessagePackReader r, int count)
    {
        if (r.ReadArrayHeader() != count) throw new InvalidDataException($"not {count} fields");
    }

    // The package lets a length above 2 GiB wrap to a negative one, and fails on that only when it slices.
    private static bool IsMalformed(Exception e) => e
        is InvalidDataException
        or MessagePackSerializationException
        or EndOfStreamException
        or OverflowException
        or ArgumentOutOfRangeException;

    /// <summary>What reads a value.</summary>
    public delegate T Reading<out T>(ref MessagePackReader reader);
}
