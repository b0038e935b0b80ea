using System.Buffers;
using BenchmarkDotNet.Attributes;
using Membership.State;

namespace Membership.Benchmarks.Micro;

/// <summary>A mutation becomes bytes of an entry, and an entry becomes mutations again.</summary>
public class FormatBenchmarks
{
    private const int MutationsPerEntry = 256;

    private readonly Proposal[] _proposals =
    [
        .. Enumerable.Range(1, MutationsPerEntry).Select(i => new Proposal(
            new(1, (ulong)i), new((ulong)i, 0), Actor.Admin(), new JoinNetwork(new((uint)i), new(7))) { Settled = (ulong)i - 1 }),
    ];

    private readonly ArrayBufferWriter<byte> _written = new();
    private ReadOnlySequence<byte> _entry;
    private ReadOnlyMemory<byte>[] _mutations = [];

    /// <summary>The entry that is decoded.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        EncodeEntry();
        _entry = new(_written.WrittenMemory.ToArray());
    }

    /// <summary>Proposals and the entry around them.</summary>
    [Benchmark(OperationsPerInvoke = MutationsPerEntry)]
    public int EncodeEntry()
    {
        _written.ResetWrittenCount();
        EntryFormat.Write(_written, 1, Array.ConvertAll(_proposals, proposal => (ReadOnlyMemory<byte>)proposal.Encode()));
        return _written.WrittenCount;
    }

    /// <summary>The frame of the entry, and each proposal.</summary>
    [Benchmark(OperationsPerInvoke = MutationsPerEntry)]
    public int DecodeEntry()
    {
        if (!EntryFormat.TryRead(_entry, Limits.Production, ref _mutations, out var frame)) throw new InvalidOperationException("No entry.");
        var count = 0;
        foreach (var mutation in frame.Batch!.Value.Mutations)
        {
            if (ProposalFormat.Read(mutation, MembershipState.NewestVersion).Mutation is not null) count++;
        }

        return count == MutationsPerEntry ? count : throw new InvalidOperationException("Not every proposal was read.");
    }
}
