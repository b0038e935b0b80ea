using System.Buffers;
using MessagePack;

namespace Membership.Replication.Peers;

/// <summary>The form of a forwarded batch: <c>[proposal, …]</c>, each as bytes that only the state machine reads.</summary>
internal static class ProposalBatch
{
    /// <summary>Proposals of one batch.</summary>
    public const int ProposalsMax = 256;

    /// <summary>Bytes of all proposals of a batch; one that is longer travels alone.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>Bytes of one proposal: no longer one fits an entry.</summary>
    public static readonly int ProposalBytesMax = Limits.Production.MutationBytesMax;

    /// <summary>Whether so many proposals of so many bytes may travel together.</summary>
    public static bool Fits(int count, long bytes) => count switch
    {
        < 1 or > ProposalsMax => false,
        1 => bytes <= ProposalBytesMax,
        _ => bytes <= BytesMax,
    };

    /// <summary>Whether a batch of so many proposals consists of groups of these lengths.</summary>
    public static bool HasGroups(int count, IReadOnlyList<int> groups)
    {
        var left = count;
        foreach (var length in groups)
        {
            if (length < 1 || length > left) return false;
            left -= length;
        }

        return left == 0;
    }

    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> proposals)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var w = new MessagePackWriter(output);
        w.WriteArrayHeader(proposals.Count);
        for (var i = 0; i < proposals.Count; i++) w.Write(proposals[i].Span);
        w.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no batch, or one beyond the limits.</exception>
    public static ReadOnlyMemory<byte>[] Read(ReadOnlyMemory<byte> batch) => WireFormat.Read(batch, "forwarded batch", static (ref r) =>
    {
        var count = r.ReadArrayHeader();
        if (count is < 1 or > ProposalsMax) throw new InvalidDataException($"{count} proposals");
        var proposals = new ReadOnlyMemory<byte>[count];
        long bytes = 0;
        for (var i = 0; i < count; i++)
        {
            proposals[i] = WireFormat.ReadBytesInPlace(ref r);
            bytes += proposals[i].Length;
        }

        return Fits(count, bytes) ? proposals : throw new InvalidDataException($"{bytes} bytes");
    });
}
