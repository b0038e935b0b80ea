using System.Buffers;
using Membership.Formats;

namespace Membership;

/// <summary>
/// The form of a log entry: <c>[format, leader's time in Unix ms, [mutation, …]]</c>, each mutation as bytes of its own, so that one
/// that cannot be read does not spoil the others, and a leader packs what a follower encoded without reading it.
/// </summary>
/// <remarks>Thread-safe: no state.</remarks>
public static class EntryFormat
{
    /// <summary>The format that this library writes, and the newest that it reads.</summary>
    public const uint Newest = 1;

    // Array and format, time, the header of the list; and the header of each mutation.
    private const int HeaderBytesMax = 20;
    private const int MutationHeaderBytesMax = 5;

    /// <summary>Writes an entry of encoded mutations; none makes a clock entry, which moves cluster time and sweeps.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="timeMs">The leader's time, Unix ms.</param>
    /// <param name="mutations">Each from <see cref="Proposal.Encode"/>.</param>
    public static void Write(IBufferWriter<byte> output, long timeMs, ReadOnlySpan<ReadOnlyMemory<byte>> mutations)
    {
        var w = new FieldWriter(output);
        w.WriteArrayHeader(3);
        w.Write(Newest);
        w.Write(timeMs);
        w.WriteArrayHeader(mutations.Length);
        foreach (var mutation in mutations) w.Write(mutation.Span);
        w.Flush();
    }

    /// <summary>Whether an entry of so many mutations with so many bytes in all keeps the limits.</summary>
    public static bool Fits(int mutationCount, int mutationBytes, Limits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (mutationCount == 1) return mutationBytes <= limits.MutationBytesMax;
        return mutationCount <= limits.EntryMutationsMax
            && HeaderBytesMax + mutationBytes + (long)mutationCount * MutationHeaderBytesMax <= limits.EntryBytesMax;
    }

    /// <summary>Reads the frame of an entry.</summary>
    /// <returns>False when the bytes are no entry: such an entry changes nothing.</returns>
    /// <exception cref="UnsupportedFormatException">A newer format: the replica must stop before it applies anything.</exception>
    internal static bool TryRead(in ReadOnlySequence<byte> bytes, Limits limits, out EntryFrame frame)
    {
        frame = default;
        try
        {
            var r = new FieldReader(bytes.IsSingleSegment ? bytes.First : bytes.ToArray());
            var fields = r.ReadArrayHeader(int.MaxValue);
            // The format comes before anything else is judged: a newer one may have more fields or be longer.
            var format = r.ReadUInt32();
            if (format > Newest) throw new UnsupportedFormatException("log entry", format, Newest);
            if (format == 0 || fields != 3 || bytes.Length > (long)limits.MutationBytesMax + HeaderBytesMax + MutationHeaderBytesMax)
                return false;
            frame = ReadFrame(ref r, limits);
            return true;
        }
        catch (FormatViolationException)
        {
            return false;
        }
    }

    private static EntryFrame ReadFrame(ref FieldReader r, Limits limits)
    {
        var time = r.ReadTime();
        var mutations = new ReadOnlyMemory<byte>[r.ReadArrayHeader(limits.EntryMutationsMax)];
        for (var i = 0; i < mutations.Length; i++) mutations[i] = r.ReadBytesInPlace();
        r.ReadEnd();
        return new(time, mutations);
    }
}

/// <summary>An entry whose mutations are still encoded.</summary>
internal readonly record struct EntryFrame(long Time, ReadOnlyMemory<byte>[] Mutations);
