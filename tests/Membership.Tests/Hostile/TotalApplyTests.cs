using System.Buffers;
using System.Globalization;
using Membership.State;
using Membership.Tests.Model;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Tests.Hostile;

/// <summary>
/// Row 4 of the test plan for log entries: whatever bytes come out of the log, Apply answers, the same twice, within its memory.
/// Sizes: MEMBERSHIP_HOSTILE_INPUTS, MEMBERSHIP_SEED.
/// </summary>
public sealed class TotalApplyTests(ITestOutputHelper output)
{
    // Beside the input: the map nodes that a mutation copies; and a mutation of two bytes, header included, that cannot be decoded
    // costs an exception.
    private const long AllocatedBase = 512 * 1024;
    private const long AllocatedOfByte = 4 * 1024;

    [Fact]
    public void Any_bytes_are_applied_without_a_throw_within_bounds_and_to_the_same_end()
    {
        var (inputs, seed) = (Sizes.Of("MEMBERSHIP_HOSTILE_INPUTS", 200_000) * 4 / 5, Sizes.Seed());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{inputs} inputs, replay: MEMBERSHIP_SEED={seed} dotnet test tests/Membership.Tests --filter {nameof(TotalApplyTests)}"));
        var chance = new Chance(seed);
        var entries = new HostileEntries(chance, Sample.Of(seed, count: 24, operations: 160));
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        long allocatedMost = 0;
        for (var i = 0; i < inputs; i++)
        {
            var (state, bytes) = entries.Next();
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            var (verdict, after) = Apply(state, bytes);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;

            Assert.True(
                allocated <= AllocatedBase + AllocatedOfByte * bytes.Length,
                $"{allocated} bytes allocated for input {i} of {bytes.Length} bytes: {Hex(bytes)}");
            var (again, afterAgain) = Apply(state, bytes);
            Assert.True(
                verdict == again && after.Digest == afterAgain.Digest, $"Two verdicts, {verdict} and {again}, on input {i}: {Hex(bytes)}");
            if (i % 16 == 0) Assert.Empty(Invariants.Check(after));
            Assert.Empty(Invariants.CheckStep(state, after));
            allocatedMost = Math.Max(allocatedMost, allocated);
            var kind = verdict.Split(' ')[0];
            verdicts[kind] = verdicts.GetValueOrDefault(kind) + 1;
        }

        output.WriteLine($"At most {allocatedMost} bytes allocated; {string.Join(", ", verdicts.Select(v => $"{v.Key} {v.Value}"))}");
        Assert.Superset(new HashSet<string> { "applied", "unreadable", "unsupported" }, verdicts.Keys.ToHashSet());
    }

    private static (string Verdict, MembershipState After) Apply(MembershipState state, byte[] bytes)
    {
        try
        {
            var applied = StateMachine.Apply(state, state.AppliedIndex + 1, state.AppliedTerm, new ReadOnlySequence<byte>(bytes));
            if (applied.IsReadable) return ($"applied {string.Join(',', applied.Outcomes)}", applied.State);
            Assert.Equal((state.Revision, state.ClusterTime), (applied.State.Revision, applied.State.ClusterTime));
            return ("unreadable", applied.State);
        }
        catch (UnsupportedFormatException e)
        {
            return ($"unsupported {e.Format}", state);
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 4096)));
}

/// <summary>Bytes in place of a log entry, with a state to apply them to.</summary>
internal sealed class HostileEntries(Chance chance, List<Sample> samples)
{
    private readonly ByteMutator _mutator = new(chance);

    public (MembershipState State, byte[] Bytes) Next()
    {
        var (sample, other) = (chance.Pick(samples), chance.Pick(samples));
        var entry = chance.Between(0, sample.Next.Count - 1);
        var bytes = chance.Between(0, 999) switch
        {
            < 100 => _mutator.Random(64),
            < 400 => _mutator.Mutate(sample.NextEncoded[entry], chance.Pick(other.NextEncoded)),
            < 930 => WithSpoiltMutations(sample.Next[entry], other),
            < 960 => OfLeader(),
            < 999 => Deep(),
            _ => Many(sample.State.ClusterTime),
        };
        return (sample.State, bytes);
    }

    /// <summary>A sound entry around mutations that are spoilt one by one.</summary>
    private byte[] WithSpoiltMutations(LogEntry entry, Sample other)
    {
        var donor = chance.Pick(other.Next).Steps;
        var spoilt = entry.Steps.Select(step => (ReadOnlyMemory<byte>)_mutator.Mutate(
            step.Encode().Span, donor.IsEmpty ? [] : chance.Pick(donor).Encode().Span));
        var bytes = new ArrayBufferWriter<byte>();
        EntryFormat.Write(bytes, entry.Time, [.. spoilt]);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A checkpoint or a state version, whole or spoilt.</summary>
    private byte[] OfLeader()
    {
        var bytes = new ArrayBufferWriter<byte>();
        if (chance.Percent(50)) EntryFormat.WriteCheckpoint(bytes, new(chance.Between(0, 9), new((ulong)chance.Between(0, 1_000))));
        else EntryFormat.WriteStateVersion(bytes, (uint)chance.Between(0, 3));
        var whole = bytes.WrittenSpan.ToArray();
        return chance.Percent(50) ? whole : _mutator.Mutate(whole, []);
    }

    /// <summary>Lists in lists, or one that claims more than there is.</summary>
    private byte[] Deep()
    {
        var bytes = new byte[chance.Between(1, 20_000)];
        Array.Fill(bytes, chance.Pick<byte>(0x91, 0x93, 0x81, 0xDD, 0xDF, 0xC4));
        if (chance.Percent(50)) bytes[0] = 0x93;
        return bytes;
    }

    /// <summary>As many mutations as an entry takes and more, each of them nothing.</summary>
    private byte[] Many(long time)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var nothing = new ReadOnlyMemory<byte>[chance.Between(1, 5_000)];
        EntryFormat.Write(bytes, time, nothing);
        return bytes.WrittenSpan.ToArray();
    }
}
