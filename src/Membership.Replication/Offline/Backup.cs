using System.Security.Cryptography;
using Membership.Replication.Disk;
using Membership.Replication.Snapshots;
using Membership.Snapshots;
using Membership.State;

namespace Membership.Replication.Offline;

/// <summary>A snapshot in a file of its own: what a backup is, and what a replica keeps in its folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its bytes, 64 lower-case hex digits.</param>
/// <param name="Header">What it says of itself; it was checked that the state is so.</param>
/// <param name="State">The whole state.</param>
public sealed record Backup(string Path, long Bytes, string Sha256, SnapshotHeader Header, MembershipState State)
{
    /// <summary>
    /// Reads a file and trusts none of it: every checksum, the digest and every invariant are checked, and where the file has the name that a
    /// replica gives it, the name as well.
    /// </summary>
    /// <param name="file">The file; it is not changed.</param>
    /// <exception cref="OfflineException">
    /// <see cref="OfflineProblem.SnapshotDamaged"/>, <see cref="OfflineProblem.NewerFormat"/> or <see cref="OfflineProblem.IoFailed"/>.
    /// </exception>
    public static Backup Read(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return OfflineException.Guard(() => ReadChecked(System.IO.Path.GetFullPath(file)));
    }

    /// <summary>Writes a state; the file is whole or not there, whenever the machine stops.</summary>
    /// <param name="state">The state.</param>
    /// <param name="file">Where to. One that is there is not replaced.</param>
    /// <exception cref="OfflineException"><see cref="OfflineProblem.IoFailed"/>: there is such a file, or it cannot be written.</exception>
    public static Backup Write(MembershipState state, string file)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(file);
        return OfflineException.Guard(() =>
        {
            var path = System.IO.Path.GetFullPath(file);
            if (File.Exists(path)) throw new IOException($"'{path}' is there already.");
            var temporary = $"{path}.{Environment.ProcessId}.tmp";
            try
            {
                return WriteAs(state, temporary, path);
            }
            finally
            {
                // Gone under this name when all went well.
                File.Delete(temporary);
            }
        });
    }

    private static Backup WriteAs(MembershipState state, string temporary, string path)
    {
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            SnapshotWriter.Write(state, stream);
            stream.Flush(flushToDisk: true);
        }

        var written = ReadChecked(temporary);
        DurableFile.Rename(temporary, path);
        return written with { Path = path };
    }

    private static Backup ReadChecked(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 * 1024, FileOptions.SequentialScan);
        var hash = new SnapshotHash(SHA256.HashData(stream));
        var named = SnapshotFile.TryOpen(new(path));
        if (named is not null && named.Hash != hash) throw Damaged(path, "its SHA-256 is another than its name says");
        stream.Position = 0;
        try
        {
            var state = SnapshotReader.Read(stream);
            if (named is not null && (named.Index, named.Term) != (state.AppliedIndex, state.AppliedTerm))
                throw Damaged(path, $"it was taken at index {state.AppliedIndex} of term {state.AppliedTerm}, and its name says another");
            return new(path, stream.Length, hash.ToString(), SnapshotWriter.HeaderOf(state), state);
        }
        catch (SnapshotFormatException e)
        {
            throw Damaged(path, e.Message, e);
        }
        catch (UnsupportedFormatException e)
        {
            throw new OfflineException(OfflineProblem.NewerFormat, $"'{path}': {e.Message}", e);
        }
    }

    private static OfflineException Damaged(string path, string reason, Exception? e = null) =>
        new(OfflineProblem.SnapshotDamaged, $"'{path}': {reason}", e);
}
