using System.Buffers;
using System.Collections.Immutable;

namespace Membership;

/// <summary>What stands in a log entry, for whoever looks at a log rather than applies it. One of its members has a value.</summary>
/// <remarks>Immutable, so any thread may use it.</remarks>
public sealed record EntryContent
{
    /// <summary>The leader's time, Unix ms, of an entry of mutations; null for another one.</summary>
    public long? Time { get; private init; }

    /// <summary>The mutations, in order; none for a clock entry and for those that are the leader's own.</summary>
    public ImmutableArray<EntryMutation> Mutations { get; private init; } = [];

    /// <summary>What the leader found its state to be before this entry; null for an entry that says nothing of it.</summary>
    public StateCheckpoint? Checkpoint { get; private init; }

    /// <summary>The state version that the entry brings; null for an entry that brings none.</summary>
    public uint? StateVersion { get; private init; }

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The bytes, as <see cref="EntryFormat"/> describes them.</param>
    /// <param name="limits">The limits; null for <see cref="Limits.Production"/>.</param>
    /// <returns>Null when the bytes are no entry: such an entry changes nothing.</returns>
    /// <exception cref="UnsupportedFormatException">The entry has a newer format than this library knows.</exception>
    public static EntryContent? Read(ReadOnlyMemory<byte> entry, Limits? limits = null)
    {
        limits ??= Limits.Production;
        ReadOnlyMemory<byte>[] buffer = [];
        if (!EntryFormat.TryRead(new ReadOnlySequence<byte>(entry), limits, ref buffer, out var frame)) return null;
        return new()
        {
            Time = frame.Batch?.Time,
            Mutations = frame.Batch is { } batch ? [.. batch.Mutations.Select(bytes => EntryMutation.Read(bytes, limits))] : [],
            Checkpoint = frame.Checkpoint,
            StateVersion = frame.StateVersion,
        };
    }
}

/// <summary>A mutation of an entry.</summary>
/// <param name="Encoded">As it stands there.</param>
/// <param name="Proposal">What it says; null when that cannot be read or is of a kind that this library does not know: it is rejected then.</param>
public sealed record EntryMutation(ReadOnlyMemory<byte> Encoded, Proposal? Proposal)
{
    internal static EntryMutation Read(ReadOnlyMemory<byte> bytes, Limits limits)
    {
        var decoded = ProposalFormat.Read(bytes, limits.NewestStateVersion);
        if (decoded.Mutation is not { } mutation) return new(bytes, Proposal: null);
        var header = decoded.Header;
        return new(bytes, new(header.RequestId, header.Fingerprint, header.Actor, mutation) { Settled = header.Settled, IssuedAt = header.IssuedAt });
    }
}
