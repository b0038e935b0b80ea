using System.Text;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Replication.Log;
using Xunit;
using static DotNext.Net.Cluster.Consensus.Raft.StateMachine.WriteAheadLog;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Opens and uses logs as a cluster does.</summary>
internal static class Logs
{
    /// <summary>The limit of every wait for something that has to happen.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    /// <summary>The package's log, as it is; only its chunks are larger, for the sake of time.</summary>
    public static WriteAheadLog Stock(
        string location, IStateMachine machine, MemoryManagementStrategy memory = MemoryManagementStrategy.PrivateMemory) =>
        FlushStall.Construct(() => new WriteAheadLog(
            new Options { Location = location, MemoryManagement = memory, ChunkSize = 16 << 20 }, machine));

    public static DurableLog Durable(string location, ListStateMachine machine) =>
        DurableLog.Open(location, machine, beforeWrite: machine.Stall.HoldWriter);

    public static BinaryLogEntry Entry(long term, string payload) => new() { Term = term, Content = Encoding.UTF8.GetBytes(payload) };

    /// <summary>Appends as a follower does for its leader: one request, one entry a term, payloads named after index and term.</summary>
    public static Task FollowAsync(this IPersistentState log, long startIndex, params long[] terms) =>
        log.FollowAsync(new LogEntryProducer<BinaryLogEntry>([.. terms.Select((term, i) => Entry(term, $"{startIndex + i}@{term}"))]), startIndex);

    public static async Task FollowAsync<TEntry>(this IPersistentState log, ILogEntryProducer<TEntry> entries, long startIndex)
        where TEntry : IRaftLogEntry =>
        await log.AppendAsync(entries, startIndex, skipCommitted: true);

    public static async Task SetTermAsync(this IPersistentState log, long term) =>
        await log.UpdateTermAsync(term, resetLastVote: true, CancellationToken.None);

    public static async Task<long> LastTermAsync(this IPersistentState log) =>
        log.LastEntryIndex is var last and not 0 ? (await log.ReadTermsAsync(last, last))[0] : 0;

    /// <summary>Compares the terms of all entries from the first one on.</summary>
    public static async Task AssertTermsAsync(this IPersistentState log, params long[] terms) =>
        Assert.Equal(terms, await log.ReadTermsAsync(1, log.LastEntryIndex));

    public static async Task<long[]> ReadTermsAsync(this IPersistentState log, long first, long last) =>
        await log.ReadAsync(new Terms(), first, last);

    private sealed class Terms : ILogEntryConsumer<IRaftLogEntry, long[]>
    {
        public ValueTask<long[]> ReadAsync<TEntry, TList>(TList entries, long? snapshotIndex, CancellationToken token)
            where TEntry : IRaftLogEntry
            where TList : IReadOnlyList<TEntry> => new([.. entries.Select(entry => entry.Term)]);
    }
}
