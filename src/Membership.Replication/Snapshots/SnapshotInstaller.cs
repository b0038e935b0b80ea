using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Snapshots;

/// <summary>
/// Makes what a leader's pointer names ready to be installed. Until it is, the leader is told to come again, and meanwhile the bytes come
/// over the peer channel.
/// </summary>
/// <remarks>For one caller at a time, as the log is.</remarks>
internal sealed class SnapshotInstaller(
    SnapshotTransfer transfer, Func<SnapshotPointer, IReadOnlyList<ISnapshotSource>> sources, ILogger logger) : IAsyncDisposable
{
    /// <summary>
    /// How long a leader is held before it is told to come again: it does at once, over a new connection, and would do so a thousand times a
    /// second. Well below a request's timeout, as nothing else reaches this replica meanwhile.
    /// </summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private volatile Fetch? _fetch;

    /// <summary>Whether a snapshot is on its way.</summary>
    public bool IsFetching => _fetch is { Result.IsCompleted: false };

    /// <summary>The index of the last snapshot that was taken from a peer since the start; 0 for none.</summary>
    public long TakenIndex { get; private set; }

    /// <summary>The snapshot, when it is here and verified.</summary>
    /// <exception cref="SnapshotNotReadyException">It is not here yet. The fetch goes on.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version of the library wrote it.</exception>
    public async ValueTask<LoadedSnapshot> TakeAsync(SnapshotPointer pointer)
    {
        if (_fetch is { } other && other.Pointer.Hash != pointer.Hash) await GiveUpAsync(other);
        var fetch = _fetch ??= Begin(pointer);
        await ((Task)fetch.Result).WaitAsync(Hold).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!fetch.Result.IsCompleted) throw new SnapshotNotReadyException($"Snapshot {pointer.Index} is being fetched.");
        _fetch = null;
        fetch.Cancel.Dispose();
        try
        {
            var loaded = await fetch.Result;
            TakenIndex = pointer.Index;
            return loaded;
        }
        catch (Exception e) when (e is SnapshotTransferException)
        {
            throw new SnapshotNotReadyException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_fetch is { } fetch) await GiveUpAsync(fetch);
        _stop.Dispose();
    }

    private Fetch Begin(SnapshotPointer pointer)
    {
        logger.FetchesSnapshot(pointer.Index, pointer.Length);
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        return new(pointer, Task.Run(() => transfer.FetchAsync(pointer, sources(pointer), cancel.Token)), cancel);
    }

    private async Task GiveUpAsync(Fetch fetch)
    {
        await fetch.Cancel.CancelAsync();
        await ((Task)fetch.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        fetch.Cancel.Dispose();
        _fetch = null;
    }

    private sealed record Fetch(SnapshotPointer Pointer, Task<LoadedSnapshot> Result, CancellationTokenSource Cancel);
}
