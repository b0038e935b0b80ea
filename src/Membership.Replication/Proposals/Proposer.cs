using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Leadership;
using Membership.Replication.Telemetry;

namespace Membership.Replication.Proposals;

/// <summary>
/// Takes what waits, makes one entry of it, and sees it through before it takes again. While one entry is on its way the next one grows:
/// batches find their size by themselves. A second entry in flight makes them smaller, and costs more than it gains.
/// </summary>
/// <remarks>Any thread may enqueue; one task runs it. It lives as long as one leadership.</remarks>
internal sealed class Proposer
{
    // How soon an idle leader notices that it has something of its own to propose.
    private static readonly TimeSpan IdlePeriodMax = TimeSpan.FromMilliseconds(250);

    private readonly ReplicaCluster _cluster;
    private readonly LeadershipEpoch _epoch;
    private readonly EpochClock _clock;
    private readonly Limits _limits;
    private readonly TimeSpan _clockEntryPeriod;
    private readonly TimeSpan _idlePeriod;
    private readonly FairQueue _queue;
    private readonly ArrayBufferWriter<byte> _entry = new();
    private readonly List<ReadOnlyMemory<byte>> _mutations = [];
    private readonly LeaderEntries _own;
    private readonly TimeProvider _time;
    private readonly ReplicaMeter _meter;
    private Task _arrival = Task.CompletedTask;
    private volatile bool _isClosed;

    /// <param name="cluster">Replicates the entries.</param>
    /// <param name="epoch">The leadership.</param>
    /// <param name="clock">The leadership's time.</param>
    /// <param name="own">What the leader proposes of itself.</param>
    /// <param name="options">The bound of the queue, the limits of an entry, the period of clock entries.</param>
    /// <param name="time">For waiting.</param>
    /// <param name="meter">Measures the entries.</param>
    public Proposer(
        ReplicaCluster cluster, LeadershipEpoch epoch, EpochClock clock, LeaderEntries own, MembershipReplicaOptions options, TimeProvider time, ReplicaMeter meter)
    {
        _cluster = cluster;
        _epoch = epoch;
        _clock = clock;
        _own = own;
        _time = time;
        _meter = meter;
        _limits = options.Limits;
        _clockEntryPeriod = TimeSpan.FromMilliseconds(options.ClockEntryPeriodMs);
        _idlePeriod = _clockEntryPeriod < IdlePeriodMax ? _clockEntryPeriod : IdlePeriodMax;
        _queue = new(options.QueueLengthMax, options.Limits);
    }

    /// <summary>Proposals that wait.</summary>
    public int Waiting => _queue.Length;

    /// <summary>
    /// Puts a proposal into the queue, or answers it at once: when no entry can hold it, the queue is full or the leadership is over.
    /// </summary>
    public void Enqueue(PendingProposal proposal)
    {
        if (!EntryFormat.Fits(1, proposal.Encoded.Length, _limits)) proposal.TryAnswer(new(Code.InvalidArgument, 0));
        else if (_queue.Add([proposal]) == 0) Refuse(proposal);
    }

    /// <summary>Puts proposals into the queue that have an order. Behind one for which it has no room it takes none of them.</summary>
    public void Enqueue(IReadOnlyList<PendingProposal> proposals)
    {
        var sound = new List<PendingProposal>(proposals.Count);
        foreach (var proposal in proposals)
        {
            if (EntryFormat.Fits(1, proposal.Encoded.Length, _limits)) sound.Add(proposal);
            else proposal.TryAnswer(new(Code.InvalidArgument, 0));
        }

        for (var i = _queue.Add(CollectionsMarshal.AsSpan(sound)); i < sound.Count; i++) Refuse(sound[i]);
    }

    /// <summary>Runs until the leadership ends, an entry fails, the token is cancelled, or it has finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_epoch.Token, stop);
        while (await WaitForWorkAsync(end.Token))
        {
            var began = Stopwatch.GetTimestamp();
            var batch = await ReplicateAsync(_queue.Take(), end.Token);
            var turnsMax = Delivery.LimitOf(Stopwatch.GetElapsedTime(began));

            // Behind an entry of this leadership, which has been applied: the state here is the latest that there is.
            _entry.ResetWrittenCount();
            if (_own.TryWrite(_entry)) await ReplicateAsync(_entry.WrittenMemory, new Batch(_epoch.Term, []), end.Token);

            // What those ask next who were answered goes into the next entry.
            if (batch.Delivery is { } delivery) await delivery.WaitAsync(turnsMax, end.Token);
        }
    }

    /// <summary>Takes no more; what waits is still proposed, and then it ends.</summary>
    public void Finish()
    {
        _isClosed = true;
        _queue.Complete();
    }

    /// <summary>Takes no more; whatever waits was never proposed.</summary>
    public void Close()
    {
        Finish();
        while (!_queue.IsEmpty)
        {
            foreach (var proposal in _queue.Take()) proposal.TryAnswer(new(Code.NotLeader, 0));
        }
    }

    private void Refuse(PendingProposal proposal) => proposal.TryAnswer(new(_isClosed ? Code.NotLeader : Code.Overloaded, 0));

    // Returns without work after a while, too: an entry without mutations moves cluster time and sweeps.
    private async ValueTask<bool> WaitForWorkAsync(CancellationToken end)
    {
        var since = _time.GetTimestamp();
        while (_queue.IsEmpty && !_isClosed && !_own.AreDue && _time.GetElapsedTime(since) < _clockEntryPeriod)
        {
            end.ThrowIfCancellationRequested();
            if (_arrival.IsCompleted) _arrival = _queue.WaitAsync(CancellationToken.None).AsTask();
            await _arrival.WaitAsync(_idlePeriod, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        end.ThrowIfCancellationRequested();
        return !_isClosed || !_queue.IsEmpty;
    }

    private async Task<Batch> ReplicateAsync(List<PendingProposal> proposals, CancellationToken end)
    {
        using var entry = ProposalTrace.Entry(proposals, _epoch.Term);
        if (proposals.Count > 0) _meter.CommitBatch.Record(proposals.Count);
        var batch = new Batch(_epoch.Term, proposals) { Entry = entry };
        await ReplicateAsync(Write(proposals), batch, end);
        return batch;
    }

    // The append carries the leadership's own token and no other; only the waiting for its end is given up earlier.
    private async Task ReplicateAsync(ReadOnlyMemory<byte> content, Batch batch, CancellationToken end)
    {
        try
        {
            // Returns when the entry was applied here; the answers come from there, as only there the entry's term is known.
            var entry = new BinaryLogEntry { Term = _epoch.Term, CommandId = StateMachineHost.EntryId, Content = content, Context = batch };
            var began = Stopwatch.GetTimestamp();
            await _cluster.ReplicateAsync(entry, _epoch.Token).AsTask().WaitAsync(end);
            _meter.CommitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        finally
        {
            batch.Abandon();
        }
    }

    // The buffer serves the next entry, too: the log copies it, and the next one begins when this one is done.
    private ReadOnlyMemory<byte> Write(List<PendingProposal> proposals)
    {
        _entry.ResetWrittenCount();
        _mutations.Clear();
        foreach (var proposal in proposals) _mutations.Add(proposal.Encoded);
        EntryFormat.Write(_entry, _clock.NowMs, CollectionsMarshal.AsSpan(_mutations));
        return _entry.WrittenMemory;
    }
}
