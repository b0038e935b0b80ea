using System.Collections;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Replication.Log;

/// <summary>
/// Hands a leader's replication no more of the log than one request can carry. The leader takes the number of entries it was handed as
/// the number it replicated, so the rest follows in later rounds and nothing commits early.
/// </summary>
/// <remarks>
/// Without it, all that a follower lacks goes into one request, which <c>RequestTimeout</c> bounds: a follower that is far behind never
/// catches up. A single entry larger than the cut still goes out, alone.
/// </remarks>
internal sealed class ReplicationCut<TResult>(ILogEntryConsumer<IRaftLogEntry, TResult> inner, long limitBytes)
    : ILogEntryConsumer<IRaftLogEntry, TResult>
{
    private const int OverheadBytes = 64; // so that a run of empty entries has an end, too

    /// <inheritdoc/>
    public bool LogEntryMetadataOnly => inner.LogEntryMetadataOnly;

    /// <inheritdoc/>
    public ValueTask<TResult> ReadAsync<TEntry, TList>(TList entries, long? snapshotIndex, CancellationToken token)
        where TEntry : IRaftLogEntry
        where TList : IReadOnlyList<TEntry>
    {
        if (snapshotIndex is not null)
            return inner.ReadAsync<TEntry, TList>(entries, snapshotIndex, token);
        var count = CountWithin<TEntry, TList>(entries);
        return count == entries.Count
            ? inner.ReadAsync<TEntry, TList>(entries, snapshotIndex, token)
            : inner.ReadAsync<TEntry, Prefix<TEntry, TList>>(new(entries, count), snapshotIndex, token);
    }

    private int CountWithin<TEntry, TList>(TList entries)
        where TEntry : IRaftLogEntry
        where TList : IReadOnlyList<TEntry>
    {
        var bytes = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            bytes += (entries[i].Length ?? 0) + OverheadBytes;
            if (bytes > limitBytes)
                return int.Max(i, 1);
        }

        return entries.Count;
    }

    private readonly struct Prefix<TEntry, TList>(TList entries, int count) : IReadOnlyList<TEntry>
        where TList : IReadOnlyList<TEntry>
    {
        public int Count => count;

        public TEntry this[int index] => index < count ? entries[index] : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<TEntry> GetEnumerator() => entries.Take(count).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
