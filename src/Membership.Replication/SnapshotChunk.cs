namespace Membership.Replication;

/// <summary>A part of a snapshot file that a replica holds, and which file it is of. Immutable.</summary>
/// <param name="Index">The last log index applied within.</param>
/// <param name="Size">Bytes of the whole file.</param>
/// <param name="Sha256">SHA-256 of the whole file, as it was written: 64 lower-case hex digits.</param>
/// <param name="Offset">Where in the file <paramref name="Data"/> begins.</param>
/// <param name="Data">The bytes; empty behind the end.</param>
public sealed record SnapshotChunk(long Index, long Size, string Sha256, long Offset, ReadOnlyMemory<byte> Data)
{
    /// <summary>Whether the file goes on behind <see cref="Data"/>.</summary>
    public bool HasMore => Offset < Size && Offset + Data.Length < Size;
}
