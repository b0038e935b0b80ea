namespace Membership.Snapshots;

/// <summary>
/// A snapshot is not whole or not what its checksums say. Nothing was changed; do not retry with the same bytes, fetch them again.
/// </summary>
public sealed class SnapshotFormatException : Exception
{
    /// <summary>Says what is wrong and where.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="offset">The byte of the snapshot at which the faulty part begins.</param>
    public SnapshotFormatException(string problem, long offset)
        : base($"Snapshot refused: {problem} (at byte {offset}).") => Offset = offset;

    /// <summary>The byte of the snapshot at which the faulty part begins.</summary>
    public long Offset { get; }
}
