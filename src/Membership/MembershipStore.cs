using System.Buffers;
using Membership.Snapshots;
using Membership.State;

namespace Membership;

/// <summary>
/// Holds the present state of a replica. Readers take <see cref="Current"/> and keep a consistent state as long as they like; the one
/// writer applies log entries or replaces the whole state by one reference write.
/// </summary>
/// <remarks>
/// Thread safety: any number of readers; <see cref="Apply"/> and <see cref="ReplaceState(MembershipState)"/> only from one thread at a
/// time.
/// </remarks>
public sealed class MembershipStore
{
    private volatile MembershipState _current;

    /// <summary>Starts from this state.</summary>
    public MembershipStore(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _current = state;
    }

    /// <summary>The present state.</summary>
    public MembershipState Current => _current;

    /// <summary>Applies a log entry and publishes the state after it.</summary>
    /// <param name="index">The entry's log index.</param>
    /// <param name="term">The entry's term.</param>
    /// <param name="entry">The bytes, as <see cref="EntryFormat"/> describes them.</param>
    /// <exception cref="UnsupportedFormatException">The entry has a newer format: stop the replica. Nothing was applied.</exception>
    public AppliedEntry Apply(long index, long term, in ReadOnlySequence<byte> entry)
    {
        var applied = StateMachine.Apply(_current, index, term, entry);
        _current = applied.State;
        return applied;
    }

    /// <summary>
    /// Reads and verifies a whole snapshot, then swaps the state by one reference write. A snapshot with anything wrong changes
    /// nothing.
    /// </summary>
    /// <param name="snapshot">A stream at the first byte of a snapshot; read to its end.</param>
    /// <returns>The state now.</returns>
    /// <exception cref="SnapshotFormatException">Says what is wrong with the snapshot, and where.</exception>
    /// <exception cref="UnsupportedFormatException">The snapshot has a newer format.</exception>
    public MembershipState ReplaceState(Stream snapshot)
    {
        var state = SnapshotReader.Read(snapshot, _current.Limits);
        ReplaceState(state);
        return state;
    }

    /// <summary>Swaps in a state that was read from a snapshot before.</summary>
    /// <exception cref="ArgumentException">The state is of another cluster. Nothing changed.</exception>
    public void ReplaceState(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.ClusterId != _current.ClusterId)
            throw new ArgumentException($"The state is of cluster '{state.ClusterId}', not '{_current.ClusterId}'.", nameof(state));
        _current = state;
    }
}
