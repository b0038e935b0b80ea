using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Membership.State;

namespace Membership.Benchmarks.Core;

/// <summary>A state that grows by real log entries, all asked for by one admin client that settles what it has heard.</summary>
internal sealed class World
{
    /// <summary>As a busy leader gathers.</summary>
    public const int MutationsPerEntry = 256;
    private const long StartTime = 1_760_000_000_000;

    private readonly MembershipStore _store = new(MembershipState.Founded("bench"));
    private ulong _sequence;
    private long _index;

    public MembershipState State => _store.Current;

    /// <summary>Whether somebody reads the state after each entry: what was read is not changed in place any more.</summary>
    public bool IsReadBetween { get; set; }

    /// <summary>Registers so many nodes and answers the first of them; their ids are consecutive.</summary>
    public NodeId Register(int count)
    {
        var first = State.NodeCount + 1;
        Apply(Enumerable.Range(first, count).Select(i => (Mutation)new RegisterNode(KeyOf(i))));
        return new((uint)first);
    }

    public NetworkId Create(NodeId owner, string name, JoinRule rule = JoinRule.Open)
    {
        Apply([new CreateNetwork { Creator = owner, Name = name, JoinRule = rule, Enterprise = true }]);
        return new((ushort)State.NetworkCount);
    }

    /// <summary>Applies mutations, many to an entry, and requires that each succeeds.</summary>
    /// <returns>How long applying alone took; encoding is not in it.</returns>
    public TimeSpan Apply(IEnumerable<Mutation> mutations) => ApplyAs(mutations.Select(static mutation => (Actor.Admin(), mutation)));

    /// <summary>The same with an actor for each mutation.</summary>
    public TimeSpan ApplyAs(IEnumerable<(Actor Actor, Mutation Mutation)> mutations)
    {
        var total = TimeSpan.Zero;
        foreach (var chunk in mutations.Chunk(MutationsPerEntry)) total += Apply(Encode(chunk));
        return total;
    }

    /// <summary>Applies an entry and requires that each of its mutations succeeds.</summary>
    /// <returns>How long it took.</returns>
    public TimeSpan Apply(in ReadOnlySequence<byte> entry)
    {
        var start = ThreadTime.Now;
        var applied = _store.Apply(++_index, 1, entry);
        var took = ThreadTime.Now - start;
        if (IsReadBetween) _ = State;
        foreach (var outcome in applied.Outcomes)
        {
            if (!outcome.IsOk) throw new InvalidOperationException($"{outcome.Code} at revision {outcome.Revision}");
        }

        return took;
    }

    /// <summary>Entries of an admin's mutations, still to be applied.</summary>
    public List<ReadOnlySequence<byte>> EncodeAll(IEnumerable<Mutation> mutations, int perEntry = MutationsPerEntry) =>
        [.. mutations.Select(static mutation => (Actor.Admin(), mutation)).Chunk(perEntry).Select(chunk => Encode(chunk))];

    private ReadOnlySequence<byte> Encode(IEnumerable<(Actor Actor, Mutation Mutation)> mutations)
    {
        var encoded = mutations
            .Select(m => (ReadOnlyMemory<byte>)new Proposal(new(1, ++_sequence), new(_sequence, 0), m.Actor, m.Mutation)
            {
                Settled = _sequence - 1,
            }.Encode())
            .ToArray();
        var bytes = new ArrayBufferWriter<byte>();
        EntryFormat.Write(bytes, StartTime + _index, encoded);
        return new(bytes.WrittenSpan.ToArray());
    }

    private static PublicKey KeyOf(int number)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        // Keys are spread like real ones, or the map by key would grow at its end alone.
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)number * 0x9E37_79B9_7F4A_7C15);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], number);
        return new(bytes);
    }
}
