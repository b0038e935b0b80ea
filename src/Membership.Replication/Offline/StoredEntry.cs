namespace Membership.Replication.Offline;

/// <summary>What an entry of the log is.</summary>
public enum StoredEntryKind
{
    /// <summary>Mutations of clients, or none: then it moves cluster time.</summary>
    Mutations,

    /// <summary>A leader's digest, by which the others compare their states.</summary>
    Checkpoint,

    /// <summary>A newer state version.</summary>
    StateVersion,

    /// <summary>The voters of the cluster.</summary>
    Configuration,

    /// <summary>Empty: a leader's first.</summary>
    Empty,

    /// <summary>Bytes that are no entry: it changes nothing.</summary>
    Unreadable,
}

/// <summary>An entry as it stands in the log, its hash checked.</summary>
/// <param name="Index">Its place, from 1.</param>
/// <param name="Term">The term of the leader that made it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Content">What they say; null for one of the package's own and for one that cannot be read.</param>
public sealed record StoredEntry(long Index, long Term, StoredEntryKind Kind, ReadOnlyMemory<byte> Payload, EntryContent? Content);
