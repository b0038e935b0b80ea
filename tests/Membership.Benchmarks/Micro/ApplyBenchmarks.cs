using System.Buffers;
using BenchmarkDotNet.Attributes;
using Membership.Benchmarks.Core;

namespace Membership.Benchmarks.Micro;

/// <summary>Entries of 256 leaves and joins, applied one after another at a million memberships.</summary>
public class ApplyBenchmarks
{
    private const int MutationsPerEntry = World.MutationsPerEntry;
    private const int Entries = 128;

    private Memberships _memberships = null!;
    private MembershipStore _store = null!;
    private List<ReadOnlySequence<byte>> _entries = [];
    private long _index;

    /// <summary>A million memberships.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _memberships = Memberships.Make();
        _store = new(_memberships.World.State);
        _index = _store.Current.AppliedIndex;
    }

    /// <summary>Entries that were not applied yet: an entry changes something once.</summary>
    [IterationSetup]
    public void MakeEntries()
    {
        var (leaves, joins) = _memberships.LeaveAndJoin(Entries * MutationsPerEntry / 2);
        _entries = _memberships.World.EncodeAll(leaves.Concat(joins));
    }

    /// <summary>A mutation of an entry.</summary>
    [Benchmark(OperationsPerInvoke = Entries * MutationsPerEntry)]
    public ulong ApplyEntry()
    {
        foreach (var entry in _entries) _store.Apply(++_index, 1, entry);
        return _store.Current.Revision;
    }
}
