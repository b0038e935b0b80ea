using System.Collections.Immutable;
using Membership.Events;
using Membership.Mutations;
using Membership.Replication.Configuration;
using Membership.Replication.Hosting;
using Membership.Replication.Proposals;
using Membership.Replication.Telemetry;
using Membership.Replication.Watch;
using Membership.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Membership.Replication;

/// <summary>
/// One replica of the membership of overlay networks: it takes part in the cluster, holds the state in memory and on disk, and proposes
/// changes to it, whoever leads.
/// </summary>
/// <remarks>Thread-safe, except that starting and stopping are for one owner. It starts once; for another life make another one.</remarks>
public sealed class MembershipReplica : IAsyncDisposable
{
    private readonly MembershipReplicaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly OwnSessions _sessions = new();
    private readonly TaskCompletionSource<ReplicaFault> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReplicaEngine? _engine;

    /// <summary>A replica that is not started yet.</summary>
    /// <param name="options">How it runs; not to be changed any more.</param>
    /// <param name="loggers">Where it logs; null for nowhere.</param>
    /// <param name="time">Its clock; null for the system's.</param>
    public MembershipReplica(MembershipReplicaOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _time = time ?? TimeProvider.System;
        Meter = new(options.ClusterId, options.ReplicaId);
    }

    /// <summary>
    /// Completes when the replica has stopped for good by itself; never when it is stopped by its owner. It holds no leadership, votes no
    /// more and confirms nothing then. End the process, or dispose the replica.
    /// </summary>
    public Task<ReplicaFault> Fault => _fault.Task;

    /// <summary>The state as applied here at this moment: consistent in itself, perhaps behind. For a read that is not, <see cref="ReadAsync"/>.</summary>
    /// <exception cref="ReplicaUnavailableException">
    /// The state is in doubt, see <see cref="ReplicaStatus.Divergence"/>, or the replica has stopped for good.
    /// </exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public MembershipState State
    {
        get
        {
            var state = Serving.Store.Current;

            // Once more: an entry that was waited for may have put the state in doubt.
            _ = Serving;
            return state;
        }
    }

    /// <summary>Whether it was started, and <see cref="State"/> and <see cref="Status"/> can be asked for.</summary>
    public bool IsStarted => _engine is not null;

    /// <summary>What the replica says of itself at this moment.</summary>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public ReplicaStatus Status => Engine.Status;

    /// <summary>Hears of every applied entry.</summary>
    internal event Action<AppliedEntry>? Applied;

    /// <summary>Measures it, from its making to its stop.</summary>
    internal ReplicaMeter Meter { get; }

    /// <summary>As the options say.</summary>
    internal int ReadyLagMax => _options.ReadyLagMax;

    /// <summary>Networks that are known to have neither rules nor an expression policy, so that nobody has to look at a state for them.</summary>
    internal PlainNetworks PlainNetworks => Engine.PlainNetworks;

    /// <summary>Its parts.</summary>
    internal ReplicaEngine Engine => _engine ?? throw new InvalidOperationException("The replica is not started.");

    // Its parts, as long as its state may be shown.
    private ReplicaEngine Serving => Engine switch
    {
        { Fence.Current: { } divergence } => throw new ReplicaUnavailableException(divergence.Message),
        { Fault.Current: { } fault } => throw new ReplicaUnavailableException(fault.Message, fault.Exception),
        var engine => engine,
    };

    /// <summary>Opens the data folder and joins the cluster. Returns when the replica takes part; there may be no leader yet.</summary>
    /// <param name="token">Gives up starting.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="DataFolderException">The data folder is not this replica's, or cannot be used.</exception>
    /// <exception cref="Log.LogOpenException">The log is damaged.</exception>
    /// <exception cref="ReplicaFaultException">The log holds what this version of the library cannot apply.</exception>
    /// <exception cref="IOException">An address is in use.</exception>
    public async Task StartAsync(CancellationToken token = default)
    {
        if (_engine is not null) throw new InvalidOperationException("The replica was started before.");
        _engine = await ReplicaEngine.StartAsync(_options, _time, _loggers, Meter, applied => Applied?.Invoke(applied), token);
        _ = _engine.Fault.Raised.ContinueWith(
            raised => _fault.TrySetResult(raised.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    /// <summary>
    /// Leaves the cluster for a while and closes the data folder. A leader gives leadership away first, if that takes no longer than an
    /// election would. Does nothing the second time.
    /// </summary>
    public async ValueTask StopAsync()
    {
        if (_engine is { } engine) await engine.DisposeAsync();
        Meter.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => StopAsync();

    /// <summary>
    /// Proposes a change, in a session of the replica's own: it is applied once, whatever leaders come and go meanwhile. To repeat it after
    /// <see cref="Code.OutcomeUnknown"/> is a new request; a caller that must know passes a <see cref="Proposal"/> with its own id.
    /// </summary>
    /// <param name="mutation">What is asked.</param>
    /// <param name="actor">Who asks, as authenticated by the caller.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    /// <returns>As <see cref="ProposeAsync(Proposal, CancellationToken)"/> does.</returns>
    public Task<Outcome> ProposeAsync(Mutation mutation, Actor actor, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(mutation);
        return ProposalTrace.IsListenedTo
            ? _sessions.ProposeAsync(mutation, actor, proposal => ProposeTracedAsync(proposal, token))
            : CallerProposal.RunAsync(Engine.Proposals, _sessions, mutation, actor, token);
    }

    /// <summary>A way to propose in order without waiting for each outcome: one for each caller that has an order of its own.</summary>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public ProposalLane OpenLane() => new(Engine.Proposals, _sessions);

    /// <summary>The same for a client on the wire, see <see cref="ProposalLane.IsOfClient"/>.</summary>
    internal ProposalLane OpenClientLane() => new(Engine.Proposals, _sessions) { IsOfClient = true };

    /// <summary>Proposes a change under the caller's own request id, on whichever replica leads.</summary>
    /// <param name="proposal">What is asked, by whom, under which id.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    /// <returns>
    /// The outcome, once it is on the disks of a majority and applied here or on the leader. <see cref="Code.Overloaded"/> and
    /// <see cref="Code.Unavailable"/> with revision 0: nothing happened. <see cref="Code.OutcomeUnknown"/>: it may have happened or may
    /// still; repeat it under the same id.
    /// </returns>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public Task<Outcome> ProposeAsync(Proposal proposal, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        if (proposal.CheckShape() is { } shape) return Task.FromResult(new Outcome(shape.Code, 0));
        return ProposalTrace.IsListenedTo ? ProposeTracedAsync(proposal, token) : CallerProposal.RunAsync(Engine.Proposals, proposal.Encode(), token);
    }

    /// <summary>The state after every change that any replica acknowledged before the call.</summary>
    /// <param name="token">Gives up waiting.</param>
    /// <exception cref="ReplicaUnavailableException">No leader with a majority confirmed it in time. Retry.</exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public async Task<MembershipState> ReadAsync(CancellationToken token = default)
    {
        await Engine.Reads.ConfirmAsync(canGoElsewhere: false, token);
        return State;
    }

    /// <summary>The same for a client on the wire: it has other replicas to ask, and is not kept waiting while this one sees no leader.</summary>
    internal async Task<MembershipState> ReadForClientAsync(CancellationToken token)
    {
        await Engine.Reads.ConfirmAsync(canGoElsewhere: true, token);
        return State;
    }

    /// <summary>Reads from a snapshot file of this replica, led or not. What is being read stays for half a minute after the last read.</summary>
    /// <param name="index">Which: the last log index applied within; null for the newest.</param>
    /// <param name="offset">
    /// The first byte, 0 and more. At 0 without <paramref name="index"/> the newest is one of <see cref="State"/>: if there is none yet,
    /// it is written first.
    /// </param>
    /// <param name="length">At most so many bytes, 1 and more.</param>
    /// <param name="token">Gives up waiting.</param>
    /// <returns>Null when there is no such file: nothing was applied yet, or others have followed it.</returns>
    /// <exception cref="ReplicaUnavailableException">The replica's state is in doubt, or it has stopped or is being stopped.</exception>
    /// <exception cref="IOException">The file cannot be written or read.</exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public async Task<SnapshotChunk?> ReadSnapshotAsync(long? index, long offset, int length, CancellationToken token = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var engine = Serving;
        var isNew = index is null && offset == 0 && engine.Store.AppliedIndex > 0;
        var file = isNew ? await engine.Keeper.TakeAsync().WaitAsync(token) : engine.Snapshots.Find(index);
        return file is not null && await engine.Snapshots.ReadAsync(file.Hash, offset, length, token) is { } data
            ? new(file.Index, file.Length, file.Hash.ToString(), offset, data)
            : null;
    }

    /// <summary>
    /// Every event once and in order, from those that this replica has applied, without end. When the history that it asks for is gone it
    /// says so, goes through the present state, and goes on behind it; so one call always keeps its consumer in step.
    /// </summary>
    /// <remarks>
    /// A consumer may be as slow as it likes: it holds no events, and when the ring of them (<see cref="MembershipReplicaOptions.WatchEventsMax"/>,
    /// <see cref="MembershipReplicaOptions.WatchBytesMax"/>) has moved past it, it hears <see cref="HistoryGone"/> like any other. While it
    /// goes through the present state it holds that one state.
    /// </remarks>
    /// <param name="fromRevision">
    /// Events of this revision and later ones: <see cref="WatchItem.NextRevision"/> of the last item seen, on this replica or another
    /// one. Waits for one that is not reached yet; 0 begins with the first of all.
    /// </param>
    /// <param name="filter">Which events; null for all.</param>
    /// <param name="token">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ReplicaUnavailableException">
    /// The replica has stopped, or its state is in doubt, see <see cref="ReplicaStatus.Divergence"/>: watch another one, from the same revision.
    /// </exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public IAsyncEnumerable<WatchItem> WatchAsync(ulong fromRevision, WatchFilter? filter = null, CancellationToken token = default) =>
        new Watcher(Engine.Events, Engine.Store, filter ?? new(), Meter).RunAsync(fromRevision, token);

    /// <summary>Reads a page of the events that this replica has applied; for whoever serves watchers that are not in this process.</summary>
    /// <param name="fromRevision">Events of this revision and later ones; of one that is not reached yet the page is empty.</param>
    /// <param name="max">
    /// At most so many, 1 and more. A revision that does not fit is left for the next page; the first one comes whole, whatever its size.
    /// </param>
    /// <param name="selects">
    /// Which events. It is called after the end of the page is fixed: a <see cref="State"/> taken within it is not older than any of them.
    /// </param>
    /// <exception cref="ReplicaUnavailableException">The replica has stopped, or its state is in doubt.</exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public EventPage ReadEvents(ulong fromRevision, int max, Func<AppliedEvent, bool> selects)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentNullException.ThrowIfNull(selects);
        var page = Engine.Events.Read(fromRevision, max, selects);
        if (page.OldestRevision is not null) Meter.WatchCutOffs.Add(1);
        return page;
    }

    /// <summary>Returns once <see cref="ReadEvents"/> has something to say from this revision on.</summary>
    /// <param name="fromRevision">The next revision of the last page.</param>
    /// <param name="token">Gives up waiting.</param>
    /// <exception cref="ReplicaUnavailableException">The replica has stopped, or its state is in doubt.</exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public async ValueTask WaitForEventsAsync(ulong fromRevision, CancellationToken token = default)
    {
        Meter.WatchConsumers.Add(1);
        try
        {
            await Engine.Events.WaitAsync(fromRevision, token);
        }
        finally
        {
            Meter.WatchConsumers.Add(-1);
        }
    }

    /// <summary>
    /// Takes a replica's vote away, whoever leads: it is told so and stops with a fault. The first half of replacing one. A leader that is to
    /// be removed gives leadership away first. Does nothing when the replica has no vote.
    /// </summary>
    /// <param name="replicaId">The replica.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    /// <exception cref="ClusterChangeException">It may not be done now; nothing was changed.</exception>
    /// <exception cref="ReplicaUnavailableException">No leader answered in time: the change may have come about or not.</exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public Task RemoveReplicaAsync(string replicaId, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(replicaId);
        return Engine.ChangeRouter.RunAsync(ClusterChange.Remove(replicaId), token);
    }

    /// <summary>
    /// Gives a vote to a replica that runs on an empty folder, once it has caught up. The second half of replacing one: there are never more
    /// than three votes. Its addresses are kept with the cluster's configuration, so nobody's options have to name it. Does nothing when it
    /// has its vote.
    /// </summary>
    /// <param name="replica">The replica, and where the others reach it.</param>
    /// <param name="token">Gives up waiting; the attempt that is under way may still come about, and none is begun after it.</param>
    /// <exception cref="ArgumentException">The replica's id is not 1 to 64 of <c>a-z 0-9 -</c>.</exception>
    /// <exception cref="ClusterChangeException">It may not be done now; nothing was changed.</exception>
    /// <exception cref="ReplicaUnavailableException">No leader answered in time: the change may have come about or not.</exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public Task AddReplicaAsync(ReplicaAddress replica, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(replica);
        if (!MembershipState.IsClusterId(replica.Id)) throw new ArgumentException("A replica id is 1 to 64 of a-z, 0-9 and '-'.", nameof(replica));
        return Engine.ChangeRouter.RunAsync(ClusterChange.Add(replica), token);
    }

    /// <summary>
    /// Gives leadership to another voter, whoever leads. What is proposed meanwhile waits for the next leader. Returns when that one leads;
    /// does nothing when it does already.
    /// </summary>
    /// <param name="replicaId">To whom; null for whichever other one has most of the log.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    /// <exception cref="ClusterChangeException">That replica cannot lead now; nothing was changed.</exception>
    /// <exception cref="ReplicaUnavailableException">No leader answered in time: look who leads.</exception>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public Task TransferLeadershipAsync(string? replicaId = null, CancellationToken token = default) =>
        Engine.ChangeRouter.RunAsync(ClusterChange.Transfer(replicaId), token);

    /// <summary>How every replica is that has a vote or is known otherwise: asked of each one, so it takes up to a second.</summary>
    /// <param name="token">Gives up waiting.</param>
    /// <returns>By id, this replica included.</returns>
    /// <exception cref="InvalidOperationException">The replica is not started.</exception>
    public Task<ImmutableArray<ReplicaReport>> ClusterStatusAsync(CancellationToken token = default) => Engine.Report.AskAsync(token);

    /// <summary>As a stop begins, before those that use this replica are stopped. Does nothing when it does not lead, or there is nobody to take over.</summary>
    internal Task GiveLeadershipAwayAsync(CancellationToken token) => _engine?.GiveLeadershipAwayAsync(token) ?? Task.CompletedTask;

    private async Task<Outcome> ProposeTracedAsync(Proposal proposal, CancellationToken token)
    {
        if (proposal.CheckShape() is { } shape) return new(shape.Code, 0);
        using var trace = ProposalTrace.Propose(proposal.Mutation.Kind);
        var outcome = await CallerProposal.RunAsync(Engine.Proposals, proposal.Encode(), token);
        trace?.SetTag(MembershipTelemetry.CodeTag, outcome.Code.ToName());
        return outcome;
    }
}
