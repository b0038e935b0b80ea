using Membership.Replication.Configuration;
using Membership.Replication.Peers;
using Membership.Replication.Proposals;
using Membership.Replication.Snapshots;

namespace Membership.Replication.Hosting;

/// <summary>Answers other replicas. It listens before the replica takes part: a starting replica has to be told whether the cluster lives.</summary>
/// <param name="self">Who answers.</param>
/// <param name="hasPast">Whether the replica's folder held a log before this start.</param>
/// <param name="time">The clock that peers compare theirs with.</param>
internal sealed class PeerService(PeerIdentity self, bool hasPast, TimeProvider time) : IPeerService
{
    // Below the time that a peer waits for an answer: it asks again.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    private volatile ReplicaEngine? _engine;
    private volatile ReplicaEngine? _reported;
    private volatile bool _hasPast = hasPast;

    /// <summary>From now on the replica takes part.</summary>
    public void Serve(ReplicaEngine engine)
    {
        _hasPast = true;
        _engine = _reported = engine;
    }

    /// <summary>The replica takes no part any more, and still says why.</summary>
    public void Fence() => _engine = null;

    /// <summary>The replica is being closed and says nothing any more.</summary>
    public void Close() => _engine = _reported = null;

    /// <inheritdoc/>
    public async ValueTask<ForwardResult> ForwardAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> proposals, IReadOnlyList<int> groups, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (_engine is not { } engine) return ForwardResult.Refused("not started");
        if (engine.Fence.IsUp) return ForwardResult.Refused("its state is in doubt");
        if (engine.Leadership.Current is not { } proposer) return ForwardResult.NotLeader(engine.LeaderId);
        var pending = proposals.Select(proposal => new PendingProposal(proposal)).ToArray();
        Enqueue(proposer, pending, groups);
        try
        {
            var outcomes = await Task.WhenAll(pending.Select(proposal => proposal.Answer)).WaitAsync(deadline, cancellationToken);
            return ForwardResult.Decided([.. outcomes]);
        }
        catch (TimeoutException)
        {
            return ForwardResult.Unknown("no outcome in time");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReadIndexResult> ConfirmReadIndexAsync(CancellationToken cancellationToken)
    {
        if (_engine is not { } engine) return new(null);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(AnswerLimit);
        try
        {
            return new(await engine.Reads.TryConfirmIndexAsync(end.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<PeerStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        _reported?.GetPeerStatusAsync(cancellationToken)
        ?? new(new PeerStatus { ReplicaId = self.ReplicaId, Incarnation = self.Incarnation, IsClosed = _hasPast });

    /// <inheritdoc/>
    public long GetClock() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public bool HasSnapshot(SnapshotHash hash) => _engine is { Fence.IsUp: false } engine && engine.Snapshots.Has(hash);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> ReadSnapshotChunkAsync(
        SnapshotHash hash, long offset, int length, CancellationToken cancellationToken) =>
        _engine is { Fence.IsUp: false } engine
            ? engine.Snapshots.ReadAsync(hash, offset, length, cancellationToken)
            : new((ReadOnlyMemory<byte>?)null);

    /// <inheritdoc/>
    public async ValueTask<ClusterChangeAnswer> ChangeClusterAsync(ClusterChange change, CancellationToken cancellationToken)
    {
        if (_engine is not { } engine) return new((int)Code.NotLeader, "not started");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(AnswerLimit);
        try
        {
            await engine.Changes.RunAsync(change, end.Token);
            return new((int)Code.Ok);
        }
        catch (ClusterChangeException e)
        {
            return new((int)e.Code, e.Message);
        }
        catch (ReplicaUnavailableException e)
        {
            return new((int)Code.NotLeader, e.Message);
        }
        catch (OperationCanceledException)
        {
            return new((int)Code.OutcomeUnknown, "Under way: a replica that is added has to catch up first.");
        }
    }

    /// <inheritdoc/>
    public ValueTask<string[]> ExchangeReplicasAsync(IReadOnlyList<string> known, CancellationToken cancellationToken) =>
        new(_engine?.ExchangeReplicas(known) ?? []);

    /// <inheritdoc/>
    public ValueTask<bool> HandOverAsync(HandOverNotice notice, CancellationToken cancellationToken) =>
        _engine is { } engine ? new(engine.Elections.OnHandOverAsync(notice, cancellationToken)) : new(false);

    /// <inheritdoc/>
    public ValueTask OnRemovedAsync(RemovedNotice notice, CancellationToken cancellationToken) =>
        notice.Incarnation == self.Incarnation && _engine is { } engine ? engine.OnRemovedAsync(notice, cancellationToken) : default;

    /// <inheritdoc/>
    public ValueTask<bool> AdmitAsync(VoteOffer offer, CancellationToken cancellationToken) =>
        new(offer.Incarnation == self.Incarnation && _engine is { } engine && engine.Admit(offer));

    /// <inheritdoc/>
    public PeerCheckpoint[] GetCheckpoints() => _engine is { } engine ? [.. engine.Checkpoints.Own.Select(PeerCheckpoint.Of)] : [];

    /// <inheritdoc/>
    public bool RequestCheckpoint()
    {
        if (_engine is not { Leadership.Current: not null } engine) return false;
        engine.Checkpoints.Request();
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<SnapshotPointer?> OfferSnapshotAsync(long index, CancellationToken cancellationToken) =>
        _engine is { } engine ? await engine.OfferSnapshotAsync(index, cancellationToken) : null;

    // As callers here would have: each group by itself, so that networks that came in one batch share it as if they had come alone.
    private static void Enqueue(Proposer proposer, PendingProposal[] pending, IReadOnlyList<int> groups)
    {
        var from = 0;
        foreach (var length in groups)
        {
            if (length == 1) proposer.Enqueue(pending[from]);
            else proposer.Enqueue(new ArraySegment<PendingProposal>(pending, from, length));
            from += length;
        }
    }
}
