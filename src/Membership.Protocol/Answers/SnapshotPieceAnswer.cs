namespace Membership.Protocol.Answers;

/// <summary>A piece of a snapshot file, as <c>snapshot_read</c> answers it. Immutable.</summary>
/// <param name="Index">The log index of the snapshot.</param>
/// <param name="Size">Bytes of the whole file.</param>
/// <param name="Sha256">SHA-256 of the whole file: 64 lower-case hex digits.</param>
/// <param name="Offset">Where in the file <paramref name="Data"/> begins.</param>
/// <param name="Data">The bytes asked for; fewer at the end of the file, none behind it.</param>
/// <param name="HasMore">Whether the file goes on behind them.</param>
public sealed record SnapshotPieceAnswer(long Index, long Size, string Sha256, long Offset, ReadOnlyMemory<byte> Data, bool HasMore);
