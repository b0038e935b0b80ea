using System.Buffers;
using System.Runtime.InteropServices;
using Membership.Audit;
using Membership.State;
using Xunit;

namespace Membership.Tests.Audit;

/// <summary>Records come at the end and go at the beginning; the memory of those that went is used again, but never under the eyes of a reader.</summary>
public sealed class AuditTrailTests
{
    // So many to a page that each test goes through several.
    private const int RecordBytes = 1_000;
    private const int Records = 500;
    private const int Held = 50;

    private readonly AuditTrailBuilder _builder = new(default);
    private readonly HashSet<byte[]> _arrays = [];

    [Fact]
    public void The_arrays_of_dropped_records_are_used_again()
    {
        AddAll(_builder, _ => _builder.Trim(Held));
        Assert.InRange(_arrays.Count, 1, 12);
    }

    [Fact]
    public void What_somebody_may_look_at_is_not_written_over()
    {
        var seen = new List<AuditTrail>();
        AddAll(_builder, number =>
        {
            if (number % 40 == 0)
            {
                _builder.Share();
                seen.Add(_builder.Trail);
            }

            _builder.Trim(Held);
        });
        Assert.All(seen, CheckRecords);
        CheckRecords(_builder.Trail);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_goes_and_is_looked_at_each_trail_is_the_list_that_it_should_be(int seed)
    {
        var random = new Random(seed);
        var (held, seen) = (new Queue<(ulong Number, byte[] Bytes)>(), new List<(AuditTrail Trail, (ulong Number, byte[] Bytes)[] Held)>());
        for (ulong number = 7; number < 5_000; number++)
        {
            var bytes = new byte[random.Next(100) == 0 ? random.Next(70_000) : random.Next(600)];
            random.NextBytes(bytes);
            Assert.True(_builder.TryAdd(number, 2 * number, bytes));
            held.Enqueue((number, bytes));
            if (random.Next(20) == 0)
            {
                var max = random.Next(1, random.Next(10) == 0 ? 20 : 800);
                _builder.Trim(max);
                while (held.Count > max) held.Dequeue();
            }

            if (random.Next(random.Next(10) == 0 ? 5 : 300) != 0) continue;
            _builder.Share();
            seen.Add((_builder.Trail, [.. held]));
        }

        seen.Add((_builder.Trail, [.. held]));
        Assert.All(seen, s =>
        {
            Assert.Equal((s.Held.Length, s.Held[0].Number, s.Held[^1].Number + 1), (s.Trail.Count, s.Trail.First, s.Trail.Next));
            Assert.Equal(s.Held.Select(r => (r.Number, 2 * r.Number)), s.Trail.From(0).Select(r => (r.Key, r.Value.Revision)));
            var from = s.Held[random.Next(s.Held.Length)].Number;
            Assert.Equal(s.Held.Where(r => r.Number >= from).Select(r => r.Bytes), s.Trail.From(from).Select(r => r.Value.Encoded.ToArray()));
            Assert.All(s.Held, r => Assert.True(s.Trail.TryGet(r.Number, out var record) && record.Encoded.Span.SequenceEqual(r.Bytes)));
            Assert.False(s.Trail.TryGet(s.Trail.First - 1, out _));
            Assert.False(s.Trail.TryGet(s.Trail.Next, out _));
            Assert.Empty(s.Trail.From(s.Trail.Next));
        });
    }

    // Two stores may go on from one state: neither may write where the other does, or where readers look.
    [Fact]
    public void Two_that_go_on_from_one_trail_do_not_meet()
    {
        AddAll(_builder, _ => { });
        var common = _builder.Trail;
        var (left, right) = (new AuditTrailBuilder(common), new AuditTrailBuilder(common));
        for (var i = 0UL; i < 100; i++)
        {
            Assert.True(left.TryAdd(common.Next + i, 0, new byte[] { 1 }));
            Assert.True(right.TryAdd(common.Next + i, 0, new byte[] { 2 }));
            Assert.True(_builder.TryAdd(common.Next + i, 0, new byte[] { 3 }));
        }

        Assert.All(left.Trail.From(common.Next), record => Assert.Equal(1, record.Value.Encoded.Span[0]));
        Assert.All(right.Trail.From(common.Next), record => Assert.Equal(2, record.Value.Encoded.Span[0]));
        Assert.All(_builder.Trail.From(common.Next), record => Assert.Equal(3, record.Value.Encoded.Span[0]));
        CheckRecords(common);
    }

    [Fact]
    public void A_record_of_another_number_than_the_next_is_not_taken()
    {
        Assert.True(_builder.TryAdd(9, 1, new byte[] { 1 }));
        Assert.False(_builder.TryAdd(9, 1, new byte[] { 1 }));
        Assert.False(_builder.TryAdd(11, 1, new byte[] { 1 }));
        Assert.True(_builder.TryAdd(10, 1, new byte[] { 1 }));
        Assert.Equal((9UL, 11UL), (_builder.Trail.First, _builder.Trail.Next));
        Assert.False(new AuditTrailBuilder(default).TryAdd(ulong.MaxValue, 1, new byte[] { 1 }));
    }

    [Fact]
    public void No_trail_has_no_records()
    {
        AuditTrail none = default;
        Assert.Equal(0, none.Count);
        Assert.Empty(none.From(0));
        Assert.False(none.TryGet(0, out _));
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

    private void AddAll(AuditTrailBuilder builder, Action<ulong> afterEach)
    {
        var bytes = new byte[RecordBytes];
        for (ulong number = 1; number <= Records; number++)
        {
            bytes.AsSpan().Fill((byte)number);
            Assert.True(builder.TryAdd(number, number, bytes));
            Assert.True(builder.Trail.TryGet(number, out var record));
            Assert.True(MemoryMarshal.TryGetArray(record.Encoded, out var segment));
            _arrays.Add(segment.Array!);
            afterEach(number);
        }
    }

    private static void CheckRecords(AuditTrail trail) => Assert.All(trail.From(0), record =>
    {
        Assert.Equal(record.Key, record.Value.Revision);
        Assert.Equal(RecordBytes, record.Value.Encoded.Length);
        Assert.All(record.Value.Encoded.ToArray(), b => Assert.Equal((byte)record.Key, b));
    });
}
