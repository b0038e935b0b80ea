using System.Buffers;
using System.Collections.Immutable;
using Membership.Snapshots;
using Membership.State;

namespace Membership.Tests.Scenarios;

/// <summary>
/// The state machine that a scenario plays against: its state, the log that led there, and the leader's clock. Every invariant is
/// checked after each entry.
/// </summary>
internal sealed class ScenarioCluster(Limits limits)
{
    private readonly List<byte[]> _log = [];

    public MembershipState State { get; private set; } = Found(limits);

    /// <summary>The clock whose time the next entry carries, Unix ms.</summary>
    public long ClockMs { get; set; } = ScenarioTime.StartMs;

    public int LogLength => _log.Count;

    /// <summary>Applies one entry of these mutations; of none, a clock entry.</summary>
    public AppliedEntry Apply(ImmutableArray<Proposal> proposals)
    {
        var bytes = new ArrayBufferWriter<byte>();
        EntryFormat.Write(bytes, ClockMs, [.. proposals.Select(proposal => (ReadOnlyMemory<byte>)proposal.Encode())]);
        return Apply(bytes.WrittenSpan.ToArray());
    }

    /// <summary>Applies whatever stands in the log.</summary>
    public AppliedEntry Apply(byte[] entry)
    {
        var before = State;
        var applied = StateMachine.Apply(before, before.AppliedIndex + 1, term: 1, new(entry));
        _log.Add(entry);
        State = applied.State;
        if (Invariants.Check(State).Concat(Invariants.CheckStep(before, State)).FirstOrDefault() is { } violation)
            throw new ScenarioException($"after this the state is broken: {violation}");

        return applied;
    }

    /// <summary>Goes on from a snapshot of the present state, which must have equal bytes and an equal digest.</summary>
    public void RestoreSnapshot()
    {
        var bytes = Snapshot(State);
        var restored = SnapshotReader.Read(new MemoryStream(bytes), limits);
        if (!bytes.AsSpan().SequenceEqual(Snapshot(restored)))
            throw new ScenarioException("the snapshot of the restored state has other bytes");
        if (restored.Digest != State.Digest) throw new ScenarioException("the restored state has another digest");

        State = restored;
    }

    /// <summary>The digest that the log leads to, applied from the beginning.</summary>
    public StateDigest Replay()
    {
        var state = Found(limits);
        foreach (var entry in _log) state = StateMachine.Apply(state, state.AppliedIndex + 1, term: 1, new(entry)).State;
        return state.Digest;
    }

    private static MembershipState Found(Limits limits) => MembershipState.Founded("scenario", limits);

    private static byte[] Snapshot(MembershipState state)
    {
        using var stream = new MemoryStream();
        SnapshotWriter.Write(state, stream);
        return stream.ToArray();
    }
}
