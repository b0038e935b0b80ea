using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Membership.Replication.Disk;
using Membership.Replication.Telemetry;
using Membership.Snapshots;
using Membership.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Membership.Replication.Snapshots;

/// <summary>
/// The folder of snapshot files. It keeps two: the newest, from which a start takes the state, and the one before it, which is published
/// to Raft. The log is cut at the published one alone, so when the newest turns out bad, the older one and the log still make the whole.
/// A file that a peer reads stays until it is read.
/// </summary>
/// <remarks>
/// A kill at any moment leaves a folder from which the next start comes to the same or an older snapshot that the log reaches back to:
/// names appear by rename alone, after the bytes are on disk; the mark of what is published is on disk before it is published; a file
/// goes after that. Thread-safe, but for <see cref="LoadNewest"/>, which comes before anything else.
/// </remarks>
internal sealed partial class SnapshotStore : IDisposable
{
    private const string TemporaryExtension = ".tmp";
    private const string PartialExtension = ".partial";
    private const string BadExtension = ".bad";
    private const int BadKept = 2;
    private const int WriteBufferBytes = 128 * 1024;

    // Peers read one snapshot each, operators another; more than these are beyond any good reason and must not fill the disk.
    private const int LeasedMax = 4;

    // So many snapshots are taken before one that a peer reads is no longer the published one: until then the log reaches back to it.
    private const int HeldMax = 8;

    private readonly string _folder;
    private readonly string _clusterId;
    private readonly Limits _limits;
    private readonly ILogger _logger;
    private readonly ReplicaMeter? _meter;
    private readonly PublishedMark _mark;
    private readonly SnapshotLeases _leases;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Lock _gate = new();
    private ImmutableArray<SnapshotFile> _files;
    private volatile SnapshotFile? _received;
    private volatile Heads _heads;
    private int _held;

    /// <summary>Opens the folder, which one store at a time uses, and clears what a kill left half-written.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <param name="clusterId">A snapshot of any other cluster is refused.</param>
    /// <param name="limits">Null for <see cref="Limits.Production"/>.</param>
    /// <param name="time">Null for the system's; for leases alone.</param>
    /// <param name="logger">Null for none.</param>
    /// <param name="meter">Measures what is written; null for nobody.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public SnapshotStore(
        string folder, string clusterId, Limits? limits = null, TimeProvider? time = null, ILogger? logger = null, ReplicaMeter? meter = null)
    {
        _folder = Path.GetFullPath(folder);
        _clusterId = clusterId;
        _limits = limits ?? Limits.Production;
        _logger = logger ?? NullLogger.Instance;
        _meter = meter;
        _leases = new(time ?? TimeProvider.System);
        Directory.CreateDirectory(_folder);
        DurableFile.FlushFolder(Path.GetDirectoryName(_folder)!);
        foreach (var left in Directory.EnumerateFiles(_folder, "*" + TemporaryExtension).ToArray()) File.Delete(left);
        _mark = new(_folder);
        _files = [.. List()];
        _heads = HeadsOf(_files);
    }

    /// <summary>The newest file; null for none.</summary>
    public SnapshotFile? Newest => _heads.Newest;

    /// <summary>
    /// The file that Raft may know of, and at which the log may be cut; null for none yet. It is the one before the newest, or the newest
    /// where the log does not reach back any further.
    /// </summary>
    public SnapshotFile? Published => _heads.Published;

    /// <summary>All files, oldest first.</summary>
    public IReadOnlyList<SnapshotFile> Files
    {
        get
        {
            lock (_gate) return _files;
        }
    }

    /// <summary>
    /// Reads the newest file that is good and sets bad ones aside, under their name and <c>.bad</c>: at the start, before anything else.
    /// </summary>
    /// <exception cref="UnsupportedFormatException">
    /// A newer version of the library wrote the newest file, which is whole. Older ones are not tried: start again with that version.
    /// </exception>
    /// <exception cref="IOException">A bad file cannot be set aside.</exception>
    public SnapshotLoad LoadNewest()
    {
        var faults = ImmutableArray.CreateBuilder<SnapshotFault>();
        LoadedSnapshot? loaded = null;
        foreach (var file in _files.Reverse())
        {
            if (file.Index < _mark.Index)
            {
                // The log does not reach back to it. When it is not needed it is just an old file.
                if (loaded is null) faults.Add(new(file.Path, $"the log begins after index {_mark.Index}"));
                continue;
            }

            try
            {
                if (loaded is null) loaded = file.Load(_clusterId, _limits);
                else file.Verify();
            }
            catch (InvalidDataException e)
            {
                faults.Add(new(file.Path, e.Message));
                SetAside(file, e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It may be whole: leave it where it is, for the next start.
                faults.Add(new(file.Path, e.Message));
                Forget(file);
            }
        }

        // With nothing to begin with, nothing is tidied up either: what is left may be all there is.
        if (loaded is null) _heads = new(null, null);
        else Settle(_files);
        return new(loaded, faults.ToImmutable(), IsLost: loaded is null && _mark.Index > 0);
    }

    /// <summary>Writes a snapshot of the state, publishes the one before it, and removes what is older and not being read.</summary>
    /// <param name="state">Any applied state; entries may be applied meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait for another write; a write once begun is finished.</param>
    /// <returns>The newest file: the one written, or the present one when it is not older than the state.</returns>
    /// <exception cref="ArgumentException">The state is of another cluster, or nothing was applied yet.</exception>
    /// <exception cref="IOException">The file may not be on disk; the store is as before. A full disk does not pass by itself.</exception>
    public async Task<SnapshotFile> WriteAsync(MembershipState state, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.ClusterId != _clusterId) throw new ArgumentException($"A state of cluster {state.ClusterId}.", nameof(state));
        ArgumentOutOfRangeException.ThrowIfLessThan(state.AppliedIndex, 1, nameof(state));
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (Newest is { } newest && newest.Index >= state.AppliedIndex) return newest;
            return await Task.Run(
                () =>
                {
                    var began = Stopwatch.GetTimestamp();
                    var file = Write(state);
                    _meter?.SnapshotDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
                    _meter?.SnapshotBytes.Add(file.Length);
                    Settle(_files.Add(file));
                    return file;
                },
                CancellationToken.None);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Makes a received file the newest and the published one: call it when the state is about to be replaced by the one within, before
    /// Raft learns that the snapshot is installed and cuts the log at it.
    /// </summary>
    /// <param name="file">From <see cref="SnapshotTransfer"/>.</param>
    /// <param name="cancellationToken">Ends the wait for a write.</param>
    /// <exception cref="IOException">It may not last: do not install.</exception>
    public async Task InstallAsync(SnapshotFile file, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _mark.Raise(file.Index);
            var isKnown = _files.Any(known => known.Hash == file.Hash);
            if (_received?.Hash == file.Hash) _received = null;
            Settle(isKnown ? _files : _files.Add(file));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Makes a received file the newest and the published one, as <see cref="InstallAsync"/> does, and removes those that are not newer: what
    /// is in them is not to be believed.
    /// </summary>
    /// <param name="file">From <see cref="SnapshotTransfer"/>.</param>
    /// <param name="cancellationToken">Ends the wait for a write.</param>
    /// <exception cref="IOException">Some may be left: try again.</exception>
    public async Task ReplaceAllAsync(SnapshotFile file, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            // Another snapshot may have come from a peer meanwhile and taken its place: without it nothing may go.
            if (!File.Exists(file.Path)) throw new FileNotFoundException("The snapshot that was fetched is gone.", file.Path);
            _mark.Raise(file.Index);
            foreach (var former in _files.Where(former => former.Index <= file.Index && former.Hash != file.Hash).ToArray())
            {
                File.Delete(former.Path);
                Forget(former);
            }

            if (_received?.Hash == file.Hash) _received = null;
            Settle(_files.Any(known => known.Hash == file.Hash) ? _files : _files.Add(file));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>To be called when nothing uses the store any more.</summary>
    public void Dispose() => _changing.Dispose();

    /// <summary>Where the file of this hash grows while it is fetched; those of all others are removed.</summary>
    internal string PartialPath(SnapshotHash hash)
    {
        var path = Path.Combine(_folder, hash + PartialExtension);
        foreach (var other in Directory.EnumerateFiles(_folder, "*" + PartialExtension).ToArray())
        {
            if (other != path) File.Delete(other);
        }

        return path;
    }

    /// <summary>Checks a fetched file, and when it is good makes it one of the folder's, to be installed.</summary>
    /// <exception cref="InvalidDataException">It is not what the pointer says; nothing was changed.</exception>
    internal LoadedSnapshot TakeIn(string partial, SnapshotPointer pointer)
    {
        var loaded = new SnapshotFile(partial, pointer.Index, pointer.Term, pointer.Length, pointer.Hash).Load(_clusterId, _limits);
        using (var handle = File.OpenHandle(partial, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(handle);
        var file = loaded.File with { Path = PathOf(pointer.Index, pointer.Term, pointer.Hash) };
        DurableFile.Rename(partial, file.Path);
        if (_received is { } former && former.Hash != file.Hash) File.Delete(former.Path);
        _received = file;
        return loaded with { File = file };
    }

    private SnapshotFile Write(MembershipState state)
    {
        var temporary = Path.Combine(_folder, state.AppliedIndex + TemporaryExtension);
        try
        {
            SnapshotHash hash;
            long length;
            using (var sha = SHA256.Create())
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, WriteBufferBytes))
            {
                using (var hashing = new CryptoStream(stream, sha, CryptoStreamMode.Write, leaveOpen: true))
                    SnapshotWriter.Write(state, hashing);
                stream.Flush(flushToDisk: true);
                (hash, length) = (new(sha.Hash), stream.Length);
            }

            var path = PathOf(state.AppliedIndex, state.AppliedTerm, hash);
            DurableFile.Rename(temporary, path);
            return new(path, state.AppliedIndex, state.AppliedTerm, length, hash);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    // The order matters: the mark, then what others see, then what goes.
    private void Settle(ImmutableArray<SnapshotFile> files)
    {
        files = files.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        var heads = Holding(HeadsOf(files), files);
        if (heads.Published is { } published) _mark.Raise(published.Index);
        ImmutableArray<SnapshotFile> kept;
        lock (_gate)
        {
            kept = KeptOf(files, heads);
            _files = kept;
            _heads = heads;
        }

        foreach (var file in files.Except(kept))
        {
            _logger.SnapshotNeedless(file.Path);
            File.Delete(file.Path);
        }
    }

    // A newer pointer would make a peer that fetches begin anew, and a slow one would never come to an end.
    private Heads Holding(Heads next, ImmutableArray<SnapshotFile> files)
    {
        var present = _heads.Published;
        if (present == next.Published) return next;
        var holds = present is not null && next.Published is not null && present.Index >= _mark.Index && files.Contains(present);
        lock (_gate) holds = holds && _held < HeldMax && _leases.Holds(present!.Hash);
        _held = holds ? _held + 1 : 0;
        return holds ? next with { Published = present } : next;
    }

    private Heads HeadsOf(ImmutableArray<SnapshotFile> files)
    {
        if (files.IsEmpty || files[^1].Index < _mark.Index) return new(null, null);
        var newest = files[^1];
        var reachable = files.Length > 1 && files[^2].Index >= _mark.Index ? files[^2] : null;
        return new(newest, reachable ?? (_mark.Index > 0 ? newest : null));
    }

    private ImmutableArray<SnapshotFile> KeptOf(ImmutableArray<SnapshotFile> files, Heads heads)
    {
        bool IsHead(SnapshotFile file) => file == heads.Newest || file == heads.Published;
        var leased = files.Where(file => !IsHead(file) && _leases.Holds(file.Hash))
            .OrderBy(file => _leases.LastRead(file.Hash)).TakeLast(LeasedMax).ToArray();
        foreach (var file in files.Where(file => !IsHead(file)).Except(leased)) _leases.Remove(file.Hash);
        return [.. files.Where(file => IsHead(file) || leased.Contains(file))];
    }

    private void SetAside(SnapshotFile file, string reason)
    {
        _logger.SnapshotBad(file.Path, reason);
        Forget(file);
        DurableFile.Rename(file.Path, file.Path + BadExtension);
        var kept = Directory.EnumerateFiles(_folder, "*" + BadExtension).OrderDescending(StringComparer.Ordinal);
        foreach (var old in kept.Skip(BadKept).ToArray()) File.Delete(old);
    }

    private void Forget(SnapshotFile file)
    {
        lock (_gate) _files = _files.Remove(file);
        if (_received == file) _received = null;
    }

    private IEnumerable<SnapshotFile> List() => new DirectoryInfo(_folder)
        .EnumerateFiles("*" + SnapshotFile.Extension)
        .Select(SnapshotFile.TryOpen)
        .OfType<SnapshotFile>()
        .OrderBy(static file => file.Index);

    private string PathOf(long index, long term, SnapshotHash hash) => Path.Combine(_folder, SnapshotFile.NameOf(index, term, hash));

    private sealed record Heads(SnapshotFile? Newest, SnapshotFile? Published);
}
