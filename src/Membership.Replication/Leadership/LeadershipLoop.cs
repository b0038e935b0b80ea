using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Proposals;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>One proposer for each leadership of this replica, none in between.</summary>
internal sealed class LeadershipLoop(
    ReplicaCluster cluster, DurableLog log, Func<LeadershipEpoch, EpochClock, Proposer> newProposer, Func<EpochClock, CancellationToken, Task<bool>> mayLead,
    TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);
    private volatile Proposer? _current;

    /// <summary>The proposer of the present leadership; null while this replica does not lead.</summary>
    public Proposer? Current => _current;

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await LeadAsync(await LeadershipEpoch.EnterAsync(cluster, log, stop), stop);
            }
            catch (Exception e)
            {
                // Whatever ends a leadership, the next one begins anew. A log that has failed is for its watch to report.
                if (stop.IsCancellationRequested) return;
                if (e is not (OperationCanceledException or NotLeaderException or QuorumUnreachableException))
                    logger.LogWarning(e, "An entry could not be replicated.");
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private async Task LeadAsync(LeadershipEpoch epoch, CancellationToken stop)
    {
        var clock = new EpochClock(time);
        if (!await mayLead(clock, stop)) return;
        logger.LogInformation("Leads in term {Term}.", epoch.Term);
        var proposer = _current = newProposer(epoch, clock);
        try
        {
            await proposer.RunAsync(stop);
        }
        finally
        {
            _current = null;
            proposer.Close();
            logger.LogInformation("No longer leads in term {Term}.", epoch.Term);
        }
    }
}
