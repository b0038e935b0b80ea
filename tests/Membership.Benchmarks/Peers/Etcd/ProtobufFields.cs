namespace Membership.Benchmarks.Peers.Etcd;

/// <summary>Looks up single fields of an answer.</summary>
internal static class ProtobufFields
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;

    /// <summary>A number; 0 when the field is not there, as the format has it.</summary>
    public static ulong Number(ReadOnlySpan<byte> message, int field) => Find(message, field, out var number, out _) ? number : 0;

    /// <summary>Bytes; none when the field is not there.</summary>
    public static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> message, int field) => Find(message, field, out _, out var bytes) ? bytes : default;

    private static bool Find(ReadOnlySpan<byte> message, int field, out ulong number, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        number = 0;
        while (!message.IsEmpty)
        {
            var tag = ReadVarint(ref message);
            number = ReadVarint(ref message);
            if ((tag & 7) == LengthDelimited)
            {
                bytes = message[..(int)number];
                message = message[(int)number..];
            }
            else if ((tag & 7) != Varint)
            {
                throw new InvalidDataException("A field of a kind that etcd does not use.");
            }

            if ((int)(tag >> 3) == field) return true;
        }

        return false;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> message)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[0];
            message = message[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
}
