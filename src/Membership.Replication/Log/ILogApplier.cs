using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Membership.Replication.Log;

/// <summary>What a log applies its committed entries to. The log calls it for one entry or snapshot at a time.</summary>
internal interface ILogApplier
{
    /// <summary>The snapshot that the log may begin behind; null for none. For any thread.</summary>
    ISnapshot? Snapshot { get; }

    /// <summary>Applies a committed entry; neither the package's empty ones nor configurations come here.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="token">The log is being closed.</param>
    /// <remarks>An exception is the end of the log: no entry after this one is ever applied.</remarks>
    ValueTask ApplyAsync(LogEntry entry, CancellationToken token);

    /// <summary>Installs a leader's snapshot; <see cref="Snapshot"/> is that one when it returns.</summary>
    /// <param name="snapshot">What the leader sent.</param>
    /// <param name="index">Its index.</param>
    /// <param name="token">The request is given up.</param>
    /// <remarks>An exception fails this request alone: the leader will come again.</remarks>
    ValueTask InstallAsync(IRaftLogEntry snapshot, long index, CancellationToken token);
}
