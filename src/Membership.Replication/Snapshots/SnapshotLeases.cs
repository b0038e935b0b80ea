namespace Membership.Replication.Snapshots;

/// <summary>Which snapshots peers and operators are reading: a lease begins with a question or a read and lasts a while after the last one.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SnapshotLeases(TimeProvider time)
{
    /// <summary>How long a file stays after it was last read: longer than a peer takes between two chunks, back-off included.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    private readonly Dictionary<SnapshotHash, long> _lastRead = [];

    /// <summary>Begins or prolongs a lease.</summary>
    public void Touch(SnapshotHash hash) => _lastRead[hash] = time.GetTimestamp();

    /// <summary>Whether somebody reads it.</summary>
    public bool Holds(SnapshotHash hash)
    {
        if (!_lastRead.TryGetValue(hash, out var lastRead)) return false;
        if (time.GetElapsedTime(lastRead) < Lasting) return true;
        _lastRead.Remove(hash);
        return false;
    }

    /// <summary>When a file that somebody reads was last read: later ones are greater.</summary>
    public long LastRead(SnapshotHash hash) => _lastRead[hash];

    /// <summary>Ends a lease.</summary>
    public void Remove(SnapshotHash hash) => _lastRead.Remove(hash);
}
