using System.Buffers;
using System.Buffers.Binary;
using Membership.Formats;
using Membership.State;

namespace Membership;

/// <summary>
/// The form of a log entry: <c>[format, leader's time in Unix ms, [mutation, …]]</c>, each mutation as bytes of its own, so that one
/// that cannot be read does not spoil the others, and a leader packs what a follower encoded without reading it. Two more forms are the
/// leader's own: a checkpoint <c>[2, index, digest]</c>, which changes nothing, and a state version <c>[3, version]</c>.
/// </summary>
/// <remarks>Thread-safe: no state.</remarks>
public static class EntryFormat
{
    /// <summary>The newest format that this library reads.</summary>
    public const uint Newest = StateVersion;

    private const uint Mutations = 1;
    private const uint Checkpoint = 2;
    private const uint StateVersion = 3;
    private const int DigestLength = 16;

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
        w.Write(Mutations);
        w.Write(timeMs);
        w.WriteArrayHeader(mutations.Length);
        foreach (var mutation in mutations) w.Write(mutation.Span);
        w.Flush();
    }

    /// <summary>Writes a checkpoint, by which the other replicas compare their states with the leader's.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="checkpoint">Of the state before this entry.</param>
    public static void WriteCheckpoint(IBufferWriter<byte> output, StateCheckpoint checkpoint)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        BinaryPrimitives.WriteUInt128BigEndian(digest, checkpoint.Digest.Value);
        var w = new FieldWriter(output);
        w.WriteArrayHeader(3);
        w.Write(Checkpoint);
        w.Write(checkpoint.Index);
        w.Write(digest);
        w.Flush();
    }

    /// <summary>Writes an entry that raises the state version. One that is in force already, or an older one, changes nothing.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="version">The new version: every voter must know it.</param>
    public static void WriteStateVersion(IBufferWriter<byte> output, uint version)
    {
        var w = new FieldWriter(output);
        w.WriteArrayHeader(2);
        w.Write(StateVersion);
        w.Write(version);
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
    /// <param name="bytes">The entry.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="buffer">Where a batch's mutations are listed: as large as it has to be afterwards, for the next one to use again.</param>
    /// <param name="frame">What was read; a batch stands until the buffer is used again.</param>
    /// <returns>False when the bytes are no entry: such an entry changes nothing.</returns>
    /// <exception cref="UnsupportedFormatException">A newer format: the replica must stop before it applies anything.</exception>
    internal static bool TryRead(
        in ReadOnlySequence<byte> bytes, Limits limits, ref ReadOnlyMemory<byte>[] buffer, out EntryFrame frame)
    {
        frame = default;
        try
        {
            var r = new FieldReader(bytes.IsSingleSegment ? bytes.First : bytes.ToArray());
            var fields = r.ReadArrayHeader(int.MaxValue);
            // The format comes before anything else is judged: a newer one may have more fields or be longer.
            var format = r.ReadUInt32();
            if (format > Newest) throw new UnsupportedFormatException("log entry", format, Newest);
            if (bytes.Length > (long)limits.MutationBytesMax + HeaderBytesMax + MutationHeaderBytesMax) return false;
            frame = (format, fields) switch
            {
                (Mutations, 3) => new() { Batch = ReadBatch(ref r, limits, ref buffer) },
                (Checkpoint, 3) => new() { Checkpoint = ReadCheckpoint(ref r) },
                (StateVersion, 2) => new() { StateVersion = r.ReadUInt32() },
                _ => throw new FormatViolationException("wrong number of fields"),
            };
            r.ReadEnd();
            return true;
        }
        catch (FormatViolationException)
        {
            return false;
        }
    }

    private static EntryBatch ReadBatch(ref FieldReader r, Limits limits, ref ReadOnlyMemory<byte>[] buffer)
    {
        var time = r.ReadTime();
        var count = r.ReadArrayHeader(limits.EntryMutationsMax);
        if (buffer.Length < count) buffer = new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < count; i++) buffer[i] = r.ReadBytesInPlace();
        return new(time, new(buffer, 0, count));
    }

    private static StateCheckpoint ReadCheckpoint(ref FieldReader r)
    {
        var index = r.ReadInt64();
        Span<byte> digest = stackalloc byte[DigestLength];
        r.ReadBytesInto(digest);
        return new(index, new(BinaryPrimitives.ReadUInt128BigEndian(digest)));
    }
}

/// <summary>What an entry holds: one of these.</summary>
internal readonly record struct EntryFrame(EntryBatch? Batch, StateCheckpoint? Checkpoint, uint? StateVersion);

/// <summary>A batch of mutations, still encoded, with the leader's time.</summary>
internal readonly record struct EntryBatch(long Time, ArraySegment<ReadOnlyMemory<byte>> Mutations);
