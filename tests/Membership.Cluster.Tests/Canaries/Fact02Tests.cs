using DotNext.Net.Cluster.Consensus.Raft;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 2: the term of a cluster may be the next leader's while this node still takes proposals.</summary>
public sealed class Fact02Tests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fact02_Proposal_stamped_with_the_clusters_term_diverges_and_one_with_the_epochs_term_does_not(bool epoch)
    {
        TermHold hold = null!;
        var patient = new ClusterSetup
        {
            RequestTimeout = TimeSpan.FromSeconds(20),
            Trail = log => TermHold.Between(log, out hold),
        };
        var others = new ClusterSetup { LowerElectionTimeout = 1500 };
        await using var cluster = await TestCluster.StartAsync(patient, others, others);
        var old = cluster.Nodes[0];
        await Wait.UntilAsync(() => old.Leads, "the first node to lead");
        await old.ReplicateAsync("before");
        var token = old.Raft.LeadershipToken;
        var term = await old.Log.LastTermAsync();

        // The old leader, whose requests time out late, still leads when the next one's first request reaches it.
        cluster.Isolate(old);
        var next = await cluster.LeaderAsync(except: old);
        Assert.True(old.Leads);
        hold.HoldNext();
        cluster.Links.Mend();

        // One more, or several: the others may have needed more than one election.
        var newTerm = await next.Log.LastTermAsync();
        Assert.True(newTerm > term);
        Assert.Equal(newTerm, await hold.Held.WaitAsync(Logs.Soon));
        Assert.Equal(newTerm, old.Raft.Term);
        Assert.False(token.IsCancellationRequested);
        var proposal = old.Raft.ReplicateAsync(Logs.Entry(epoch ? term : old.Raft.Term, "proposed"), token).AsTask();
        hold.Release();
        await Assert.ThrowsAsync<NotLeaderException>(() => proposal.WaitAsync(Logs.Soon));

        await next.ReplicateAsync("after");
        await Wait.UntilAsync(() => old.Machine.Payloads.Contains("after"), "the old leader to follow");
        Assert.Equal(["before", "after"], next.Machine.Payloads);
        Assert.Equal(epoch ? ["before", "after"] : ["before", "proposed", "after"], old.Machine.Payloads);
    }
}
