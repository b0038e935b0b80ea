namespace Membership.Replication.Snapshots;

// A file that is read stays for a while.
internal sealed partial class SnapshotStore
{
    /// <summary>The file of this index, or the newest one, which stays for a while, so that it can be read; null when it is not here.</summary>
    public SnapshotFile? Find(long? index)
    {
        lock (_gate)
        {
            var file = index is null ? Newest : _files.FirstOrDefault(file => file.Index == index);
            if (file is not null) _leases.Touch(file.Hash);
            return file;
        }
    }

    /// <summary>Whether a file of this hash is here; if so it stays for a while, so that it can be read.</summary>
    public bool Has(SnapshotHash hash) => Lease(hash) is not null;

    /// <summary>Reads from a file and keeps it for a while.</summary>
    /// <param name="hash">Which file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">At most so many bytes.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The bytes, fewer at the end of the file, none beyond it; null when the file is not here.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        SnapshotHash hash, long offset, int length, CancellationToken cancellationToken = default)
    {
        if (Lease(hash) is not { } file) return null;
        using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Clamp(file.Length - offset, 0, length)];
        var read = 0;
        while (read < bytes.Length)
        {
            var count = await RandomAccess.ReadAsync(handle, bytes.AsMemory(read), offset + read, cancellationToken);
            if (count == 0) break;
            read += count;
        }

        return bytes.AsMemory(0, read);
    }

    /// <summary>Reads a file of this hash when it is here and good; sets it aside when it is bad.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal LoadedSnapshot? TryLoad(SnapshotHash hash)
    {
        if (Lease(hash) is not { } file) return null;
        try
        {
            return file.Load(_clusterId, _limits);
        }
        catch (InvalidDataException e)
        {
            _changing.Wait();
            try
            {
                SetAside(file, e.Message);
                Settle(_files);
            }
            finally
            {
                _changing.Release();
            }

            return null;
        }
    }

    private SnapshotFile? Lease(SnapshotHash hash)
    {
        lock (_gate)
        {
            var file = _files.FirstOrDefault(file => file.Hash == hash);
            if (file is not null) _leases.Touch(hash);
            return file ?? (_received is { } received && received.Hash == hash ? received : null);
        }
    }
}
