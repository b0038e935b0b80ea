using System.Buffers;
using System.Runtime.InteropServices;
using Membership.Audit;
using Membership.State;
using Xunit;

namespace Membership.Tests.Audit;

/// <summary>Memory of audit records is used again, but never under the eyes of a reader.</summary>
public sealed class RecordMemoryTests
{
    // So many to an array that each test goes through several.
    private const int RecordBytes = 1_000;
    private const int Records = 500;
    private const int Held = 50;

    private readonly RecordMemory _memory = new();
    private readonly HashSet<byte[]> _arrays = [];

    [Fact]
    public void The_arrays_of_dropped_records_are_used_again()
    {
        KeepAll(afterEach: number => _memory.Drop(number - Math.Min(number, Held)));
        Assert.InRange(_arrays.Count, 1, 12);
    }

    [Fact]
    public void What_somebody_may_look_at_is_not_written_over()
    {
        var kept = KeepAll(afterEach: number =>
        {
            if (number % 40 == 0) _memory.Share();
            _memory.Drop(number - Math.Min(number, Held));
        });
        Assert.All(kept.Index(), record => Assert.All(record.Item.ToArray(), b => Assert.Equal((byte)record.Index, b)));
    }

    [Fact]
    public void Held_records_are_not_written_over()
    {
        var kept = KeepAll(afterEach: number => _memory.Drop(number - Math.Min(number, Held)));
        Assert.All(kept.Index().TakeLast(Held), record => Assert.All(record.Item.ToArray(), b => Assert.Equal((byte)record.Index, b)));
    }

    [Fact]
    public void A_state_keeps_its_audit_records_while_later_ones_come_and_go()
    {
        var limits = Limits.Production with { AuditRecordsMax = 40 };
        var store = new MembershipStore(MembershipState.Founded("records", limits));
        var random = new Random(1);
        var taken = new List<MembershipState>();
        ulong sequence = 0;
        while (sequence < 8_000)
        {
            // Some entries alone have more records than a state holds.
            var mutations = Enumerable.Range(0, random.Next(10) == 0 ? 100 : 3).Select(_ => Register(++sequence)).ToArray();
            var entry = new ArrayBufferWriter<byte>();
            EntryFormat.Write(entry, 1_760_000_000_000, mutations);
            store.Apply(store.AppliedIndex + 1, term: 1, new(entry.WrittenMemory));
            // In the second half nobody looks for long, so that chunks are used again between those who do.
            if (random.Next(sequence < 4_000 ? 5 : 100) == 0) taken.Add(store.Current);
        }

        Assert.NotEmpty(taken);
        Assert.All(taken, state => Assert.Empty(Invariants.Check(state)));
        Assert.Empty(Invariants.Check(store.Current));
    }

    private static ReadOnlyMemory<byte> Register(ulong sequence)
    {
        var register = new RegisterNode(new([.. BitConverter.GetBytes(sequence), .. new byte[24]]));
        return new Proposal(new(1, sequence), new(sequence, 0), Actor.Admin(), register) { Settled = sequence - 1 }.Encode();
    }

    private List<ReadOnlyMemory<byte>> KeepAll(Action<ulong> afterEach)
    {
        var kept = new List<ReadOnlyMemory<byte>>();
        var bytes = new byte[RecordBytes];
        for (ulong number = 1; number <= Records; number++)
        {
            bytes.AsSpan().Fill((byte)(number - 1));
            kept.Add(_memory.Keep(number, bytes));
            Assert.True(MemoryMarshal.TryGetArray(kept[^1], out var segment));
            _arrays.Add(segment.Array!);
            afterEach(number);
        }

        return kept;
    }
}
