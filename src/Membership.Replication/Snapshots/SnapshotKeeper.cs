using Membership.Replication.Faults;
using Membership.State;

namespace Membership.Replication.Snapshots;

/// <summary>
/// Takes a snapshot whenever enough of the log was applied since the last one. It is written beside the applying of entries, from a state
/// that no longer changes.
/// </summary>
/// <remarks><see cref="OnApplied"/> is for the applying thread; the rest is thread-safe.</remarks>
internal sealed class SnapshotKeeper(MembershipStore states, SnapshotStore store, long everyBytes, string sender, FaultSignal fault)
{
    private readonly Lock _sync = new();
    private long _bytes;
    private Task _writing = Task.CompletedTask;
    private Task _asked = Task.CompletedTask;
    private bool _isFinished;
    private volatile PublishedSnapshot? _published;

    /// <summary>The snapshot that Raft may know of; null for none yet.</summary>
    public PublishedSnapshot? Published
    {
        get
        {
            if (store.Published is not { } file) return null;
            var published = _published;
            if (published?.File != file) _published = published = new(file, sender);
            return published;
        }
    }

    /// <summary>Counts an applied entry, and begins a snapshot when it is time for one and none is being written.</summary>
    public void OnApplied(long bytes)
    {
        _bytes += bytes;
        if (_bytes < everyBytes || !_writing.IsCompleted) return;
        _bytes = 0;
        _writing = WriteAsync(states.Current);
    }

    /// <summary>A snapshot of the present state or a later one, because somebody asks for it: written now if there is none.</summary>
    /// <exception cref="ReplicaUnavailableException">The replica is being stopped.</exception>
    /// <exception cref="IOException">It cannot be written; nothing else is the worse for it.</exception>
    public Task<SnapshotFile> TakeAsync()
    {
        lock (_sync)
        {
            if (_isFinished) throw new ReplicaUnavailableException("The replica is being stopped.");
            var asked = store.WriteAsync(states.Current);
            _asked = _asked.IsCompleted ? asked : Task.WhenAll(_asked, asked);
            return asked;
        }
    }

    /// <summary>Returns when no snapshot is being written. No further entry may be applied.</summary>
    public async ValueTask FinishAsync()
    {
        lock (_sync) _isFinished = true;
        await SettleAsync();
    }

    /// <summary>Returns when no snapshot is being written, as long as no entry is applied and nobody asks for one.</summary>
    public async ValueTask SettleAsync()
    {
        await _writing;

        // Who asked has heard of a failure.
        await _asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(MembershipState state)
    {
        try
        {
            await store.WriteAsync(state);
        }
        catch (Exception e)
        {
            // The log is cut at snapshots alone: without them it grows until the disk is full, if that is not what has happened.
            fault.Raise(new(DiskFull.KindOf(e, ReplicaFaultKind.SnapshotFailed), $"A snapshot cannot be written: {e.Message}", e));
        }
    }
}
