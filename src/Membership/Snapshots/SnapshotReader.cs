using Membership.Formats;
using Membership.State;

namespace Membership.Snapshots;

/// <summary>
/// Reads a snapshot and trusts none of it: every block's checksum, the checksum of the whole, every record, the order of their kinds, the
/// counts, the digest and the invariants of the records are checked before a state comes out. Its indexes are made here, of these records.
/// </summary>
/// <remarks>Allocates no more than one block beyond the state itself, whatever lengths the bytes claim. Thread-safe.</remarks>
public static class SnapshotReader
{
    /// <summary>Reads a whole snapshot.</summary>
    /// <param name="input">A stream at the snapshot's first byte; it must end with the snapshot.</param>
    /// <param name="limits">The limits in force; null for <see cref="Limits.Production"/>.</param>
    /// <exception cref="SnapshotFormatException">Says what is wrong, and where.</exception>
    /// <exception cref="UnsupportedFormatException">The snapshot or its state has a newer format.</exception>
    public static MembershipState Read(Stream input, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var blocks = new SnapshotBlockReader(input);
        limits ??= Limits.Production;
        var header = ReadHeader(blocks, limits);
        var loader = new SnapshotLoader(header, limits);
        while (blocks.TryReadBlock(out var records))
        {
            try
            {
                loader.Load(records);
            }
            catch (FormatViolationException e)
            {
                throw new SnapshotFormatException($"record {loader.RecordCount + 1}: {e.Message}", blocks.BlockOffset);
            }
        }

        blocks.ReadFooter();
        return loader.Finish(blocks.BlockOffset);
    }

    /// <summary>Reads and checks the header alone.</summary>
    /// <exception cref="SnapshotFormatException">Says what is wrong, and where.</exception>
    /// <exception cref="UnsupportedFormatException">The snapshot or its state has a newer format.</exception>
    public static SnapshotHeader ReadHeader(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var blocks = new SnapshotBlockReader(input);
        return ReadHeader(blocks, Limits.Production);
    }

    private static SnapshotHeader ReadHeader(SnapshotBlockReader blocks, Limits limits)
    {
        blocks.ReadMagic();
        if (!blocks.TryReadBlock(out var bytes)) throw new SnapshotFormatException("no header", blocks.BlockOffset);
        SnapshotHeader header;
        try
        {
            header = SnapshotHeaderFormat.Read(bytes);
        }
        catch (FormatViolationException e)
        {
            throw new SnapshotFormatException($"header: {e.Message}", blocks.BlockOffset);
        }

        return header.StateVersion <= limits.NewestStateVersion
            ? header
            : throw new UnsupportedFormatException("state in the snapshot", header.StateVersion, limits.NewestStateVersion);
    }
}
