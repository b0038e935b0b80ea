using System.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 17: the timeout within which a voter grants nobody its vote is a field of the cluster, and nothing else keeps a copy of it.</summary>
public sealed class Fact17Tests
{
    [Fact]
    public async Task Fact17_The_election_timeout_can_be_reached_and_is_the_one_in_force()
    {
        using var folder = new TestFolder();
        await using var log = DurableLog.Open(folder["log"], new ListStateMachine());
        var configuration = new RaftCluster.TcpConfiguration(new IPEndPoint(IPAddress.Loopback, 0))
        {
            ConfigurationStorage = null!,
            LowerElectionTimeout = 300,
            UpperElectionTimeout = 600,
        };
        await using var cluster = new ReplicaCluster(configuration) { AuditTrail = log };
        Assert.InRange(cluster.ElectionTimeoutMs, 300, 600);
        cluster.ElectionTimeoutMs = 7;
        Assert.Equal(TimeSpan.FromMilliseconds(7), cluster.ElectionTimeout);
    }
}
