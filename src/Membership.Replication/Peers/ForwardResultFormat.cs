using System.Buffers;
using System.Collections.Immutable;
using MessagePack;

namespace Membership.Replication.Peers;

/// <summary>
/// The form of a <see cref="ForwardResult"/>: <c>[verdict, [outcome, …]]</c> when decided, else <c>[verdict, text or nil]</c>, the text
/// the leader hint or the reason.
/// </summary>
internal static class ForwardResultFormat
{
    public static byte[] Write(ForwardResult result)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var w = new MessagePackWriter(output);
        w.WriteArrayHeader(2);
        w.Write((byte)result.Verdict);
        if (result.Verdict == ForwardVerdict.Decided)
        {
            w.WriteArrayHeader(result.Outcomes.Length);
            foreach (var outcome in result.Outcomes) OutcomeFormat.Write(ref w, outcome);
        }
        else
        {
            w.Write(result.Verdict == ForwardVerdict.NotLeader ? result.LeaderHint : result.Reason);
        }

        w.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <param name="bytes">What the peer answered.</param>
    /// <param name="proposalCount">How many outcomes there have to be when it is decided.</param>
    /// <exception cref="InvalidDataException">It is of another form.</exception>
    public static ForwardResult Read(ReadOnlyMemory<byte> bytes, int proposalCount) => WireFormat.Read(bytes, "forward result", (ref r) =>
    {
        WireFormat.ReadArrayHeaderOf(ref r, 2);
        return (ForwardVerdict)r.ReadByte() switch
        {
            ForwardVerdict.Decided => ForwardResult.Decided(ReadOutcomes(ref r, proposalCount)),
            ForwardVerdict.NotLeader => ForwardResult.NotLeader(r.ReadString()),
            ForwardVerdict.Refused => ForwardResult.Refused(r.ReadString() ?? ""),
            ForwardVerdict.Unknown => ForwardResult.Unknown(r.ReadString() ?? ""),
            var verdict => throw new InvalidDataException($"verdict {(byte)verdict}"),
        };
    });

    private static ImmutableArray<Outcome> ReadOutcomes(ref MessagePackReader r, int count)
    {
        WireFormat.ReadArrayHeaderOf(ref r, count);
        var outcomes = ImmutableArray.CreateBuilder<Outcome>(count);
        for (var i = 0; i < count; i++) outcomes.Add(OutcomeFormat.Read(ref r));
        return outcomes.MoveToImmutable();
    }
}
