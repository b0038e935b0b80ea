using System.Buffers;
using System.Globalization;
using Membership.Snapshots;
using Membership.State;
using Membership.Tests.Model;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Tests.Hostile;

/// <summary>
/// Row 4 of the test plan for snapshots: whatever bytes a disk or a peer hands over, the reader refuses them in its documented way,
/// the same twice, within its memory. Sizes: MEMBERSHIP_HOSTILE_INPUTS, MEMBERSHIP_SEED.
/// </summary>
public sealed class HostileSnapshotTests(ITestOutputHelper output)
{
    // One block as stored and one unpacked, whatever lengths are claimed; then what the records themselves take.
    private const long AllocatedBase = 2L * SnapshotLayout.BlockRawMax + 1024 * 1024;
    private const long AllocatedOfByte = 512;

    [Fact]
    public void A_changed_cut_or_lengthened_snapshot_is_refused_at_every_byte_and_the_store_keeps_its_state()
    {
        var sample = Sample.Of(1, count: 1, operations: 30)[0];
        var store = new MembershipStore(MembershipState.Founded("laws", sample.State.Limits));
        var before = store.Current;
        foreach (var spoilt in EverySmallDamage(sample.Snapshot))
        {
            var refusal = Record.Exception(() => store.ReplaceState(new MemoryStream(spoilt)));
            Assert.True(refusal is SnapshotFormatException or UnsupportedFormatException, $"{refusal}");
            Assert.Same(before, store.Current);
        }

        store.ReplaceState(new MemoryStream(sample.Snapshot));
        Assert.Equal(sample.State.Digest, store.Current.Digest);
        output.WriteLine($"{sample.Snapshot.Length} bytes");
    }

    [Fact]
    public void Spoilt_snapshots_are_refused_in_the_documented_way_within_bounds()
    {
        var (inputs, seed) = Announce();
        var chance = new Chance(seed);
        var mutator = new ByteMutator(chance);
        var samples = Sample.Of(seed, count: 24, operations: 60);
        long allocatedMost = 0;
        for (var i = 0; i < inputs; i++)
        {
            var (sample, other) = (chance.Pick(samples), chance.Pick(samples));
            var bytes = chance.Between(0, 9) switch
            {
                0 => mutator.Random(64),
                < 6 => mutator.Mutate(sample.Snapshot, other.Snapshot),
                _ => Resealed(mutator, sample, other),
            };
            var (verdict, allocated) = Measure(bytes, sample.State.Limits);
            Assert.True(
                allocated <= AllocatedBase + AllocatedOfByte * bytes.Length,
                $"{allocated} bytes allocated for input {i} of {bytes.Length} bytes");
            Assert.Equal(verdict, Read(bytes, sample.State.Limits).Verdict);
            allocatedMost = Math.Max(allocatedMost, allocated);
        }

        output.WriteLine($"At most {allocatedMost} bytes allocated");
    }

    [Fact]
    public void A_forged_snapshot_is_refused_or_its_state_takes_every_entry()
    {
        var (inputs, seed) = Announce();
        var chance = new Chance(seed);
        var mutator = new ByteMutator(chance);
        var samples = Sample.Of(seed, count: 24, operations: 120);
        var (refused, taken) = (0, 0);
        for (var i = 0; i < inputs / 4; i++)
        {
            var (sample, other) = (chance.Pick(samples), chance.Pick(samples));
            var (header, blocks) = SnapshotForge.Open(sample.Snapshot);
            blocks[0] = mutator.Mutate(blocks[0], SnapshotForge.Open(other.Snapshot).Blocks[0]);
            if (SnapshotForge.Describe(header, blocks, sample.State.Limits) is not { } described) continue;
            if (Read(SnapshotForge.Seal(described, blocks), sample.State.Limits).State is { } state)
            {
                // Its indexes, too, which the reader has built and does not check.
                Assert.Empty(Invariants.Check(state));
                foreach (var entry in sample.NextEncoded)
                    state = StateMachine.Apply(state, state.AppliedIndex + 1, 1, new ReadOnlySequence<byte>(entry)).State;
                taken++;
            }
            else
            {
                refused++;
            }
        }

        output.WriteLine($"{refused} refused, {taken} taken");
        Assert.True(refused > 0 && taken > 0);
    }

    /// <summary>Three other values of each byte, each length that is shorter, one that is longer.</summary>
    private static IEnumerable<byte[]> EverySmallDamage(byte[] snapshot)
    {
        for (var at = 0; at < snapshot.Length; at++)
        {
            foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
            {
                var spoilt = snapshot.ToArray();
                spoilt[at] ^= change;
                yield return spoilt;
            }

            yield return snapshot[..at];
        }

        yield return [.. snapshot, 0];
    }

    /// <summary>Records or a header that are spoilt under checksums that fit.</summary>
    private static byte[] Resealed(ByteMutator mutator, Sample sample, Sample other)
    {
        var (header, blocks) = SnapshotForge.Open(sample.Snapshot);
        var (_, donor) = SnapshotForge.Open(other.Snapshot);
        blocks[0] = mutator.Mutate(blocks[0], donor[0]);
        return SnapshotForge.Seal(header, blocks);
    }

    private static (string Verdict, long Allocated) Measure(byte[] bytes, Limits limits)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (verdict, _) = Read(bytes, limits);
        return (verdict, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (string Verdict, MembershipState? State) Read(byte[] bytes, Limits limits)
    {
        try
        {
            var state = SnapshotReader.Read(new MemoryStream(bytes, writable: false), limits);
            return ($"read {state.Digest}", state);
        }
        catch (Exception e) when (e is SnapshotFormatException or UnsupportedFormatException)
        {
            return (e.Message, null);
        }
    }

    private (int Inputs, int Seed) Announce()
    {
        var (inputs, seed) = (Sizes.Of("MEMBERSHIP_HOSTILE_INPUTS", 200_000) / 5, Sizes.Seed());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{inputs} inputs, replay: MEMBERSHIP_SEED={seed} dotnet test tests/Membership.Tests --filter {nameof(HostileSnapshotTests)}"));
        return (inputs, seed);
    }
}
