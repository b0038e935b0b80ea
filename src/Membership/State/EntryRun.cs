using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Membership.Audit;
using Membership.Events;
using Membership.Maps;
using Membership.Mutations;
using Membership.Sessions;

namespace Membership.State;

/// <summary>Runs the mutations of entries on a draft, in the order of the log.</summary>
/// <remarks>Source: command specification, section 2. One thread at a time.</remarks>
internal sealed class EntryRun(Draft state)
{
    // How many expired sessions an entry removes beyond two for each of its mutations: it always gains on their making.
    private const int ExpiredSessionsBase = 256;

    private readonly MutationContext _context = new(state);
    private readonly AuditChain _audit = new();
    private readonly Lookahead _lookahead = new(state);
    private readonly DecodedProposal[] _ahead = new DecodedProposal[Prefetch.KeysMax];
    private readonly ImmutableArray<AppliedEvent>.Builder _events = ImmutableArray.CreateBuilder<AppliedEvent>();

    /// <summary>One whole entry.</summary>
    public AppliedEntry Run(in EntryFrame entry)
    {
        if (entry.StateVersion is { } version) RaiseVersion(version);
        if (entry.Batch is not { } batch) return new([], [], IsReadable: true) { Checkpoint = entry.Checkpoint };

        MoveTime(batch.Time);
        Sweep();
        ReadOnlySpan<ReadOnlyMemory<byte>> mutations = batch.Mutations;
        ExactlyOnce.RemoveExpired(state, ExpiredSessionsBase + 2 * mutations.Length);
        var outcomes = new Outcome[mutations.Length];
        _events.Capacity = Math.Max(_events.Count, outcomes.Length);
        for (var start = 0; start < outcomes.Length; start += _ahead.Length)
        {
            var count = Math.Min(_ahead.Length, outcomes.Length - start);
            for (var i = 0; i < count; i++) _ahead[i] = ProposalFormat.Read(mutations[start + i], state.Counters.StateVersion);
            _lookahead.Look(_ahead.AsSpan(0, count));
            for (var i = 0; i < count; i++) outcomes[start + i] = Run(_ahead[i]);
        }

        state.TrimAudit();
        return new(ImmutableCollectionsMarshal.AsImmutableArray(outcomes), _events.DrainToImmutable(), IsReadable: true);
    }

    // Upwards alone: a leader that comes late repeats what is in force.
    private void RaiseVersion(uint version) => state.Counters.StateVersion = Math.Max(state.Counters.StateVersion, version);

    // Cluster time (2.3): the greater of the leader's time and the present one, before anything else.
    private void MoveTime(long leaderTime)
    {
        ref var counters = ref state.Counters;
        if (counters.FoundedAt == 0) counters.FoundedAt = leaderTime;
        counters.Time = Math.Max(counters.Time, leaderTime);
    }

    // The sweep (2.5): expired invites, oldest first, under one revision of its own if there are any.
    private void Sweep()
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

    private void BeginSweep()
    {
        state.Counters.Revision++;
        _context.Begin(Actor.System);
    }

    // One mutation: its revision, then section 5's order, then its row.
    private Outcome Run(in DecodedProposal proposal)
    {
        state.Counters.Revision++;
        var header = proposal.Header;
        if (!proposal.HasHeader || header.Settled >= header.RequestId.Sequence) return new(Code.InvalidArgument, _context.Revision);

        _context.Begin(header.Actor);
        var mutation = proposal.Mutation;
        if (ExactlyOnce.Admit(_context, header, mutation, out var session) is { } outcome) return outcome;
        var code = mutation is null ? proposal.Fault : mutation.CheckShape()?.Code ?? mutation.Apply(_context);
        outcome = new(code, _context.Revision, code == Code.Ok ? _context.Results : default);
        ExactlyOnce.Store(_context, header, session, outcome);
        if (code == Code.Ok) PublishAll(header.RequestId);
        return outcome;
    }

    private void PublishAll(RequestId requestId)
    {
        var events = _context.EventsInOrder();
        for (var i = 0; i < events.Count; i++) Publish(events[i], requestId);
    }

    private void Publish(Event e, RequestId? requestId)
    {
        var applied = new AppliedEvent(
            _context.Revision, _context.Now, _context.Actor, _context.ActorRole, requestId, e);
        _events.Add(applied);
        state.AppendAudit(_context.Revision, _audit.Append(ref state.Counters, applied));
    }
}
