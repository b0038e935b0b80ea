using System.Buffers;

namespace Membership.State;

/// <summary>
/// The state machine: the next state is a pure function of the present one and a log entry. Total and deterministic; no command makes
/// it throw.
/// </summary>
/// <remarks>Source: command specification, section 2. Thread-safe: no state of its own.</remarks>
public static class StateMachine
{
    /// <summary>Applies the log entry at this index.</summary>
    /// <param name="state">The state before; it stays as it is.</param>
    /// <param name="index">The entry's log index.</param>
    /// <param name="term">The entry's term.</param>
    /// <param name="entry">The bytes, as <see cref="EntryFormat"/> describes them. Bytes that are no entry change nothing.</param>
    /// <exception cref="UnsupportedFormatException">
    /// The entry has a newer format, or brings a newer state version, than this library knows: do not retry, stop the replica. Nothing was
    /// applied.
    /// </exception>
    public static Transition Apply(MembershipState state, long index, long term, in ReadOnlySequence<byte> entry)
    {
        ArgumentNullException.ThrowIfNull(state);
        var store = new MembershipStore(state);
        var applied = store.Apply(index, term, entry);
        return new(store.Current, applied);
    }
}
