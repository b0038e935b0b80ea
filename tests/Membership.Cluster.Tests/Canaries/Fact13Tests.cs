using System.Net;
using DotNext.Buffers;
using DotNext.Buffers.Binary;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 13: what becomes of the configuration of a cluster.</summary>
public sealed class Fact13Tests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Fact13_Added_member_is_forgotten_at_a_restart_unless_stored(bool stored, int membersAfterRestart)
    {
        await using var cluster = new TestCluster(2);
        var (first, second) = (cluster.Nodes[0], cluster.Nodes[1]);
        await first.StartAsync([first.Address], coldStart: true, Storage(cluster, first, stored));
        await second.StartAsync([], coldStart: false, Storage(cluster, second, stored));
        var leader = await cluster.LeaderAsync();
        Assert.True(await first.Raft.AddMemberAsync(second.Address).WaitAsync(Logs.Soon));
        await leader.ReplicateAsync("together");

        // The list of members follows the configuration that was applied by a task of its own.
        await Wait.UntilAsync(() => first.Raft.Members.Count == 2, "both members");
        var snapshot = first.Machine.Publish(first.Applied, await first.Log.LastTermAsync());

        await first.StopAsync();
        await first.StartAsync([first.Address], coldStart: false, Storage(cluster, first, stored), snapshot);

        Assert.Equal(membersAfterRestart, first.Raft.Members.Count);
    }

    [Fact]
    public async Task Fact13_Only_the_leader_changes_the_cluster()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();

        await Assert.ThrowsAsync<NotLeaderException>(
            () => cluster.Others(leader)[0].Raft.AddMemberAsync(LoopbackPorts.Take(1)[0]).WaitAsync(Logs.Soon));
    }

    private static FileStorage? Storage(TestCluster cluster, TestNode node, bool stored) =>
        stored ? new FileStorage(cluster.Folder[$"members-{Array.IndexOf(cluster.Nodes, node)}"]) : null;

    private sealed class FileStorage(string file) : PersistentClusterConfigurationStorage<EndPoint>(file)
    {
        protected override void Encode(EndPoint address, ref BufferWriterSlim<byte> output) =>
            output.WriteLittleEndian(((IPEndPoint)address).Port);

        protected override EndPoint Decode(ref SequenceReader reader) =>
            new IPEndPoint(IPAddress.Loopback, reader.ReadLittleEndian<int>());
    }
}
