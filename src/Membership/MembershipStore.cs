using System.Buffers;
using Membership.Snapshots;
using Membership.State;

namespace Membership;

/// <summary>
/// Holds the present state of a replica. Readers take <see cref="Current"/> and keep a consistent state as long as they like; the one
/// writer applies log entries or replaces the whole state by one reference write.
/// </summary>
/// <remarks>
/// <para>
/// Thread safety: any number of readers; <see cref="Apply"/> and <see cref="ReplaceState(MembershipState)"/> only from one thread at a
/// time.
/// </para>
/// <para>
/// A state that a reader has is never changed: the next entry copies what it has to change of it. A state that nobody asked for is changed
/// in place, which is several times cheaper. So whoever reads after a while without readers waits for the entry that is being applied, a few
/// milliseconds at most; from then on, and as long as there are readers, each state is made to be read and none waits.
/// </para>
/// </remarks>
public sealed class MembershipStore
{
    // For so many entries after a read, the next read finds a state that it need not wait for.
    private const int ReadableEntries = 64;

    private readonly object _publication = new();
    private MembershipState _current = null!;
    private Draft _draft = null!;
    private EntryRun _run = null!;
    private ReadOnlyMemory<byte>[] _mutations = [];
    private int _readableEntries;
    private int _waiting;
    private volatile Exception? _failure;

    /// <summary>Starts from this state.</summary>
    public MembershipStore(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        GoOnFrom(state);
    }

    /// <summary>The present state.</summary>
    /// <exception cref="InvalidOperationException">An entry could not be applied to its end: there is no state to be shown.</exception>
    public MembershipState Current
    {
        get
        {
            var state = Volatile.Read(ref _current);
            if (!state.TryShare()) state = WaitForNext();
            if (Volatile.Read(ref _readableEntries) != ReadableEntries) Volatile.Write(ref _readableEntries, ReadableEntries);
            return state;
        }
    }

    /// <summary>Index of the last applied log entry; 0 before the first.</summary>
    public long AppliedIndex => Volatile.Read(ref _current).AppliedIndex;

    /// <summary>The revision given out last.</summary>
    public ulong Revision => Volatile.Read(ref _current).Revision;

    /// <summary>What is known of the present state without looking into it; costs the applying of entries nothing.</summary>
    public StateSummary Summary => StateSummary.Of(Volatile.Read(ref _current));

    /// <summary>
    /// How many records of a kind there are; costs the applying of entries nothing. The figures are read one after another, and while an entry
    /// is being applied they may be of a moment within it.
    /// </summary>
    public StateCounts Counts => StateCounts.Of(Volatile.Read(ref _current));

    /// <summary>Applies a log entry and publishes the state after it.</summary>
    /// <param name="index">The entry's log index.</param>
    /// <param name="term">The entry's term.</param>
    /// <param name="entry">The bytes, as <see cref="EntryFormat"/> describes them.</param>
    /// <exception cref="UnsupportedFormatException">
    /// The entry has a newer format, or brings a newer state version, than this library knows: stop the replica. Nothing was applied.
    /// </exception>
    /// <exception cref="InvalidOperationException">An entry before could not be applied to its end.</exception>
    public AppliedEntry Apply(long index, long term, in ReadOnlySequence<byte> entry)
    {
        if (_failure is { } failure) throw new InvalidOperationException("An entry could not be applied to its end.", failure);
        var before = _current;
        RequireKnown("state", before.Version, before.Limits);
        var isReadable = EntryFormat.TryRead(entry, before.Limits, ref _mutations, out var frame);
        if (frame.StateVersion is { } version) RequireKnown("state version", version, before.Limits);
        _draft.Continue(before);
        try
        {
            var applied = isReadable ? _run.Run(frame) : new AppliedEntry([], [], IsReadable: false);
            Publish(_draft.Publish(index, term));
            return applied;
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
        finally
        {
            // They are slices of the log's memory, which they would keep until an entry as large comes.
            if (frame.Batch is { } batch) batch.Mutations.AsSpan().Clear();
            else if (!isReadable) Array.Clear(_mutations);
        }
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
        GoOnFrom(state);
    }

    private static void RequireKnown(string what, uint version, Limits limits)
    {
        if (version > limits.NewestStateVersion) throw new UnsupportedFormatException(what, version, limits.NewestStateVersion);
    }

    private void GoOnFrom(MembershipState state)
    {
        // Whoever passed it may look at it any time.
        if (!state.TryShare()) throw new ArgumentException("Another store is changing the state.", nameof(state));
        _draft = new(state);
        _run = new(_draft);
        Publish(state);
    }

    private void Publish(MembershipState state)
    {
        if (_readableEntries > 0)
        {
            state.TryShare();
            _readableEntries--;
        }

        // A full fence: either the reader that begins to wait sees this state, or it is seen here.
        Interlocked.Exchange(ref _current, state);
        if (Volatile.Read(ref _waiting) == 0) return;
        lock (_publication)
        {
            state.TryShare();
            Monitor.PulseAll(_publication);
        }
    }

    // No state will follow: who waits for one is told so.
    private void Fail(Exception e)
    {
        lock (_publication)
        {
            _failure = e;
            Monitor.PulseAll(_publication);
        }
    }

    private MembershipState WaitForNext()
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            lock (_publication)
            {
                MembershipState state;
                while (!(state = Volatile.Read(ref _current)).TryShare())
                {
                    if (_failure is { } failure) throw new InvalidOperationException("An entry could not be applied to its end.", failure);
                    Monitor.Wait(_publication);
                }

                return state;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
