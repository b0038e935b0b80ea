using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;

namespace Membership.Replication.Transport;

/// <summary>
/// The first bytes of a connection in either direction: <c>magic · length · kind · cluster id · replica id · incarnation</c>. Without it a
/// replica of another cluster on a reused address would take part in elections.
/// </summary>
/// <param name="Kind">From the connecting side a <see cref="LinkPurpose"/>, from the accepting one a <see cref="LinkVerdict"/>.</param>
/// <param name="From">Who sends it.</param>
internal readonly record struct Preamble(byte Kind, LinkIdentity From)
{
    private const int LengthMax = 160;
    private static readonly byte[] Magic = "MBRLINK1"u8.ToArray();

    /// <summary>Sends it.</summary>
    public async ValueTask WriteAsync(PipeWriter output, CancellationToken token)
    {
        var content = new ArrayBufferWriter<byte>(64);
        content.Write([Kind]);
        WriteText(content, From.ClusterId);
        WriteText(content, From.ReplicaId);
        BinaryPrimitives.WriteUInt64LittleEndian(content.GetSpan(sizeof(ulong)), From.Incarnation);
        content.Advance(sizeof(ulong));
        output.Write(Magic);
        output.Write([(byte)content.WrittenCount]);
        output.Write(content.WrittenSpan);
        await output.FlushAsync(token);
    }

    /// <summary>Receives it, and not one byte of what follows.</summary>
    /// <exception cref="LinkRefusedException">What comes is something else, or ends too early.</exception>
    public static async ValueTask<Preamble> ReadAsync(PipeReader input, CancellationToken token)
    {
        var head = await ReadExactlyAsync(input, Magic.Length + 1, token);
        if (!head.AsSpan().StartsWith(Magic)) throw new LinkRefusedException("The other end is no replica: it does not begin as one.");
        if (head[^1] > LengthMax) throw new LinkRefusedException("The other end's preamble is too long.");
        return Parse(await ReadExactlyAsync(input, head[^1], token));
    }

    private static async ValueTask<byte[]> ReadExactlyAsync(PipeReader input, int count, CancellationToken token)
    {
        var read = await input.ReadAtLeastAsync(count, token);
        if (read.Buffer.Length < count) throw new LinkRefusedException("The other end closed the connection before it said who it is.");
        var bytes = read.Buffer.Slice(0, count);
        var copy = bytes.ToArray();
        input.AdvanceTo(bytes.End);
        return copy;
    }

    private static Preamble Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 1) throw new LinkRefusedException("The other end's preamble is empty.");
        var kind = bytes[0];
        bytes = bytes[1..];
        var cluster = ReadText(ref bytes);
        var replica = ReadText(ref bytes);
        if (bytes.Length < sizeof(ulong)) throw new LinkRefusedException("The other end's preamble is cut short.");
        return new(kind, new(cluster, replica, BinaryPrimitives.ReadUInt64LittleEndian(bytes)));
    }

    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        output.Write([(byte)text.Length]);
        output.Write(Encoding.ASCII.GetBytes(text));
    }

    private static string ReadText(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 1 || bytes.Length <= bytes[0]) throw new LinkRefusedException("The other end's preamble is cut short.");
        var text = Encoding.ASCII.GetString(bytes.Slice(1, bytes[0]));
        bytes = bytes[(1 + text.Length)..];
        return text;
    }
}
