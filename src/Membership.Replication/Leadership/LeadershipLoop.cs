using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Proposals;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>One proposer for each leadership of this replica, none in between.</summary>
internal sealed class LeadershipLoop(
    ReplicaCluster cluster, DurableLog log, Func<LeadershipEpoch, EpochClock, Proposer> newProposer, Func<EpochClock, CancellationToken, Task<bool>> mayLead,
    Action changed, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);
    private readonly Lock _sync = new();
    private volatile Proposer? _current;
    private TaskCompletionSource? _held;
    private Task _leading = Task.CompletedTask;

    /// <summary>The proposer of the present leadership; null while this replica does not lead.</summary>
    public Proposer? Current => _current;

    /// <summary>
    /// Takes no more proposals, and returns when those that were taken are through; there is no proposer until the result is disposed. For one
    /// caller at a time.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before; proposals are taken again.</exception>
    public async Task<IDisposable> HoldAsync(CancellationToken token)
    {
        var hold = new Hold(this);
        Task leading;
        lock (_sync)
        {
            _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
            leading = _leading;
            _current?.Finish();
        }

        try
        {
            await leading.WaitAsync(token);
            return hold;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await WaitWhileHeldAsync(stop);
                await LeadAsync(await LeadershipEpoch.EnterAsync(cluster, log, stop), stop);
            }
            catch (Exception e)
            {
                // Whatever ends a leadership, the next one begins anew. A log that has failed is for its watch to report.
                if (stop.IsCancellationRequested) return;
                if (e is not (OperationCanceledException or NotLeaderException or QuorumUnreachableException))
                    logger.EntryFailed(e);
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private async Task LeadAsync(LeadershipEpoch epoch, CancellationToken stop)
    {
        var clock = new EpochClock(time);
        if (!await mayLead(clock, stop)) return;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var proposer = newProposer(epoch, clock);
        lock (_sync)
        {
            if (_held is not null) return;
            _leading = ended.Task;
            _current = proposer;
        }

        logger.Leads(epoch.Term);
        changed();
        try
        {
            await proposer.RunAsync(stop);
        }
        finally
        {
            _current = null;
            proposer.Close();
            ended.SetResult();
            logger.LeadsNoMore(epoch.Term);
            changed();
        }
    }

    private Task WaitWhileHeldAsync(CancellationToken stop)
    {
        lock (_sync) return _held?.Task.WaitAsync(stop) ?? Task.CompletedTask;
    }

    private void Release()
    {
        lock (_sync)
        {
            _held?.SetResult();
            _held = null;
        }
    }

    private sealed class Hold(LeadershipLoop loop) : IDisposable
    {
        public void Dispose() => loop.Release();
    }
}
