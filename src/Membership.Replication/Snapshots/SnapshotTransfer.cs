using System.Diagnostics;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Membership.Replication.Snapshots;

/// <summary>
/// Fetches a snapshot file by its hash, in chunks, from whichever peer holds it, and goes on where an earlier attempt stopped. Only when
/// the bytes have the hash, make a sound state and are on disk under their name does the file count as present.
/// </summary>
/// <remarks>Thread-safe; one fetch at a time, others wait.</remarks>
internal sealed class SnapshotTransfer(SnapshotStore store, ILogger? logger = null, ReplicaMeter? meter = null) : IDisposable
{
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly SemaphoreSlim _fetching = new(1, 1);

    /// <summary>Fetches the file, or reads it when it is here already.</summary>
    /// <param name="pointer">Which file.</param>
    /// <param name="sources">Whom to ask, in this order.</param>
    /// <param name="cancellationToken">Ends the fetch; the next one goes on from there.</param>
    /// <returns>The file and its state, to be installed by <see cref="SnapshotStore.InstallAsync"/>.</returns>
    /// <exception cref="SnapshotTransferException">Nobody had all of it, or what they had was bad. Retry later.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version of the library wrote it. Do not retry.</exception>
    /// <exception cref="IOException">It cannot be written here.</exception>
    public async Task<LoadedSnapshot> FetchAsync(
        SnapshotPointer pointer, IReadOnlyList<ISnapshotSource> sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        ArgumentNullException.ThrowIfNull(sources);
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (await Task.Run(() => store.TryLoad(pointer.Hash), cancellationToken) is { } present) return present;
            var began = Stopwatch.GetTimestamp();
            var fetched = await FetchMissingAsync(pointer, sources, cancellationToken);
            meter?.SnapshotFetchDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
            return fetched;
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>To be called when no fetch is under way any more.</summary>
    public void Dispose() => _fetching.Dispose();

    private async Task<LoadedSnapshot> FetchMissingAsync(
        SnapshotPointer pointer, IReadOnlyList<ISnapshotSource> sources, CancellationToken cancellationToken)
    {
        var partial = store.PartialPath(pointer.Hash);
        if (!await FillAsync(partial, pointer, sources, cancellationToken))
            throw new SnapshotTransferException($"Snapshot {pointer.Hash} stands at {LengthOf(partial)} of {pointer.Length} bytes.");
        if (await TakeInAsync(partial, pointer) is { } whole) return whole;

        // Some of those bytes were bad, nobody knows whose: each source again, alone and from the beginning.
        foreach (var source in sources)
        {
            if (await FillAsync(partial, pointer, [source], cancellationToken) && await TakeInAsync(partial, pointer) is { } alone)
                return alone;
        }

        throw new SnapshotTransferException($"Snapshot {pointer.Hash} could not be had whole and sound from anyone.");
    }

    private async Task<bool> FillAsync(
        string partial, SnapshotPointer pointer, IReadOnlyList<ISnapshotSource> sources, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            try
            {
                if (await FillFromAsync(partial, pointer, source, cancellationToken)) return true;
            }
            catch (PeerUnavailableException e)
            {
                _logger.SnapshotBrokeOff(pointer.Hash, source.Name, e.Message);
            }
        }

        return LengthOf(partial) == pointer.Length;
    }

    private static async Task<bool> FillFromAsync(
        string partial, SnapshotPointer pointer, ISnapshotSource source, CancellationToken cancellationToken)
    {
        if (LengthOf(partial) < pointer.Length && !await source.HasSnapshotAsync(pointer.Hash, cancellationToken)) return false;
        using var file = File.OpenHandle(partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous);
        var offset = RandomAccess.GetLength(file);
        while (offset < pointer.Length)
        {
            var length = (int)Math.Min(PeerEndpoint.ChunkBytesMax, pointer.Length - offset);
            if (await source.ReadSnapshotChunkAsync(pointer.Hash, offset, length, cancellationToken) is not { Length: > 0 } chunk)
                return false;
            await RandomAccess.WriteAsync(file, chunk, offset, cancellationToken);
            offset += chunk.Length;
        }

        return true;
    }

    private async Task<LoadedSnapshot?> TakeInAsync(string partial, SnapshotPointer pointer)
    {
        try
        {
            return await Task.Run(() => store.TakeIn(partial, pointer));
        }
        catch (InvalidDataException e)
        {
            _logger.SnapshotReceivedBad(pointer.Hash, e.Message);
            File.Delete(partial);
            return null;
        }
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}

/// <summary>A snapshot could not be fetched now. What was received of it is kept: retry later, with the same or other peers.</summary>
internal sealed class SnapshotTransferException(string message) : IOException(message);
