using System.Buffers;
using System.Collections.Immutable;
using Membership.Audit;
using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Sessions;

namespace Membership.State;

/// <summary>
/// The state machine: the next state is a pure function of the present one and a log entry. Total and deterministic; no command makes
/// it throw.
/// </summary>
/// <remarks>Source: command specification, section 2. Thread-safe: no state of its own.</remarks>
public static class StateMachine
{
    // How many expired sessions an entry removes beyond two for each of its mutations: it always gains on their making.
    private const int ExpiredSessionsBase = 256;

    /// <summary>Applies the log entry at this index.</summary>
    /// <param name="state">The state before; it stays as it is.</param>
    /// <param name="index">The entry's log index.</param>
    /// <param name="term">The entry's term.</param>
    /// <param name="entry">The bytes, as <see cref="EntryFormat"/> describes them. Bytes that are no entry change nothing.</param>
    /// <exception cref="UnsupportedFormatException">
    /// The entry has a newer format, or brings a newer state version, than this library knows: do not retry, stop the replica. Nothing was
    /// applied.
    /// </exception>
    public static AppliedEntry Apply(MembershipState state, long index, long term, in ReadOnlySequence<byte> entry)
    {
        ArgumentNullException.ThrowIfNull(state);
        RequireKnown("state", state.Version, state.Limits);
        var draft = new Draft(state);
        if (!EntryFormat.TryRead(entry, state.Limits, out var frame))
            return new(draft.Publish(index, term), [], [], IsReadable: false);
        if (frame.StateVersion is { } version) RaiseVersion(draft, version);
        if (frame.Batch is not { } batch)
            return new(draft.Publish(index, term), [], [], IsReadable: true) { Checkpoint = frame.Checkpoint };

        var run = new EntryRun(draft);
        run.MoveTime(batch.Time);
        run.Sweep();
        ExactlyOnce.RemoveExpired(draft, ExpiredSessionsBase + 2 * batch.Mutations.Length);
        var outcomes = ImmutableArray.CreateBuilder<Outcome>(batch.Mutations.Length);
        foreach (var mutation in batch.Mutations) outcomes.Add(run.Run(mutation));
        return new(draft.Publish(index, term), outcomes.MoveToImmutable(), run.Events.DrainToImmutable(), IsReadable: true);
    }

    // Upwards alone: a leader that comes late repeats what is in force.
    private static void RaiseVersion(Draft draft, uint version)
    {
        RequireKnown("state version", version, draft.Limits);
        draft.Counters.StateVersion = Math.Max(draft.Counters.StateVersion, version);
    }

    private static void RequireKnown(string what, uint version, Limits limits)
    {
        if (version > limits.NewestStateVersion) throw new UnsupportedFormatException(what, version, limits.NewestStateVersion);
    }

    /// <summary>One entry on its way through the state machine.</summary>
    private sealed class EntryRun(Draft state)
    {
        private readonly MutationContext _context = new(state);
        private readonly AuditChain _audit = new();

        public ImmutableArray<AppliedEvent>.Builder Events { get; } = ImmutableArray.CreateBuilder<AppliedEvent>();

        /// <summary>Cluster time (2.3): the greater of the leader's time and the present one, before anything else.</summary>
        public void MoveTime(long leaderTime)
        {
            ref var counters = ref state.Counters;
            if (counters.FoundedAt == 0) counters.FoundedAt = leaderTime;
            counters.Time = Math.Max(counters.Time, leaderTime);
        }

        /// <summary>The sweep (2.5): expired invites, oldest first, under one revision of its own if there are any.</summary>
        public void Sweep()
        {
            var swept = 0;
            while (swept < state.Limits.SweepMax
                && state.Tables.InvitesByAge.TryGetFirst(out var oldest)
                && oldest.Key.CreatedAt < state.LiveSince)
            {
                if (swept++ == 0) BeginSweep();
                var (_, network, target) = oldest.Key;
                state.TryGetHeldInvite(target, network, out var invite);
                state.RemoveInvite(target, network, invite);
                Publish(new InviteExpired(network, target), requestId: null);
            }
        }

        /// <summary>One mutation: its revision, then section 5's order, then its row.</summary>
        public Outcome Run(in ReadOnlySequence<byte> bytes)
        {
            state.Counters.Revision++;
            var reader = new FieldReader(bytes);
            if (!ProposalFormat.TryReadHeader(ref reader, out var header)
                || header.Settled >= header.RequestId.Sequence)
            {
                return new(Code.InvalidArgument, _context.Revision);
            }

            var decoded = ProposalFormat.TryReadFields(ref reader, header.Kind, state.Counters.StateVersion, out var mutation);
            _context.Begin(header.Actor);
            if (ExactlyOnce.Admit(_context, header, mutation) is { } outcome) return outcome;
            var code = decoded != Code.Ok ? decoded : mutation.CheckShape()?.Code ?? mutation.Apply(_context);
            outcome = new(code, _context.Revision, code == Code.Ok ? _context.Results : default);
            ExactlyOnce.Store(_context, header, outcome);
            if (code == Code.Ok) PublishAll(header.RequestId);
            return outcome;
        }

        private void BeginSweep()
        {
            state.Counters.Revision++;
            _context.Begin(Actor.System);
        }

        private void PublishAll(RequestId requestId)
        {
            foreach (var e in _context.EventsInOrder()) Publish(e, requestId);
        }

        private void Publish(Event e, RequestId? requestId)
        {
            var applied = new AppliedEvent(
                _context.Revision, _context.Now, _context.Actor, _context.ActorRole, requestId, e);
            Events.Add(applied);
            state.Append(_audit.Append(ref state.Counters, applied));
        }
    }
}
