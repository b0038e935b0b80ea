using System.Net;
using System.Net.Sockets;
using System.Text;
using Membership.Replication;
using Membership.Replication.Peers;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Whoever is no replica of this cluster gets nowhere at its Raft port, and disturbs nothing.</summary>
public sealed class ForeignConnectionTests(ITestOutputHelper output)
{
    private const int NotTheReplica = 160;
    private const int RaftConnectionRefused = 161;
    private const int PeerConnectionEnded = 166;
    private const int PeerUnreachable = 167;

    [Fact]
    public async Task A_replica_of_another_cluster_is_refused_and_term_and_leader_stay()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var before = leader.Status;

        // Founded on the same addresses, but for its own: it asks the group's replicas for their votes.
        await using var stranger = new ReplicaGroup(output, 3, "beta");
        var options = stranger.OptionsOf("r1");
        options.Replicas[1] = group.Addresses[1];
        options.Replicas[2] = group.Addresses[2];
        options.RequestLimitMs = 1_000;
        await using var replica = new MembershipReplica(options, stranger.Log.For("beta r1"));
        await replica.StartAsync();
        await Wait.UntilAsync(
            () => group.Log.Lines.Count(line => line.Contains("refused", StringComparison.Ordinal) && line.Contains("beta/r1", StringComparison.Ordinal)) >= 4,
            "refusals in the log");

        // At the port for peers, too: both say in words and by a number why.
        var log = group.Log;
        await Wait.UntilAsync(
            () => log.Events.Any(e => e.Id == PeerConnectionEnded && e.Message.Contains("beta/r1", StringComparison.Ordinal) && e.Message.Contains("another cluster", StringComparison.Ordinal)),
            "a refusal at the port for peers");
        Assert.Contains(log.Events, e => e.Id == RaftConnectionRefused && e.Message.Contains("beta/r1", StringComparison.Ordinal));
        Assert.Contains(stranger.Log.Events, e => e.Id == PeerUnreachable && e.Message.Contains("another cluster", StringComparison.Ordinal));
        Assert.Contains(stranger.Log.Events, e => e.Id == NotTheReplica && e.Message.Contains("another cluster", StringComparison.Ordinal));
        Assert.Equal(Code.Unavailable, (await replica.RegisterAsync()).Code);

        Assert.True((await leader.RegisterAsync()).IsOk);
        Assert.Equal((before.Term, before.Leader), (leader.Status.Term, leader.Status.Leader));
        Assert.Null(replica.Status.Leader);
    }

    [Fact]
    public async Task A_replica_that_nobody_added_gets_no_vote_and_term_and_leader_stay()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var before = leader.Status;

        // It founds the same cluster with two of its members, who know nothing of it, before there is a change that would tell it better.
        await using var stranger = new ReplicaGroup(output, 1);
        var r9 = stranger.NewReplica("r9", group.Addresses[1]);
        var options = stranger.OptionsOf("r9");
        options.Replicas.Add(group.Addresses[2]);
        await using var replica = new MembershipReplica(options, stranger.Log.For("r9"));
        await replica.StartAsync();
        await Wait.UntilAsync(
            () => stranger.Log.Lines.Count(line => line.Contains("Transition to Candidate state has started", StringComparison.Ordinal)) >= 3,
            "elections that it does not win");

        Assert.True((await leader.RegisterAsync()).IsOk);
        Assert.Equal((before.Term, before.Leader), (leader.Status.Term, leader.Status.Leader));
        Assert.NotEqual(ReplicaRole.Leader, replica.Status.Role);
        Assert.DoesNotContain(await leader.ClusterStatusAsync(), report => report.Address == r9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    public async Task Who_does_not_say_who_it_is_is_shut_out_within_two_seconds(string bytes)
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        using var socket = await ConnectAsync(group);
        if (bytes.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(bytes));
        Assert.True(await IsClosedAsync(socket, TimeSpan.FromSeconds(4)));
        Assert.True((await replica.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task A_hundred_silent_connections_do_not_keep_a_replica_out()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        await group.LeaderAsync();
        var silent = new List<Socket>();
        foreach (var _ in Enumerable.Range(0, 100)) silent.Add(await ConnectAsync(group));
        await group.StopAsync("r2");
        await group.StartAsync("r2", bootstrap: false);
        await Wait.UntilAsync(() => group["r2"].Status.Leader is not null, "a leader");
        Assert.True((await group["r2"].RegisterAsync()).IsOk);
        await group.AgreeAsync(1);
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task One_that_claims_to_be_the_replica_itself_is_refused()
    {
        await using var group = new ReplicaGroup(output, 1);
        await group.StartAsync("r1");
        using var socket = await ConnectAsync(group);
        await using var stream = new NetworkStream(socket);
        var twin = new PeerIdentity("alpha", "r1", 1);
        await Preamble.ConnectAsync(stream, PreambleProtocol.Raft, twin, "r1", TimeSpan.FromSeconds(2), default);
        Assert.True(await IsClosedAsync(socket, TimeSpan.FromSeconds(4)));
    }

    private static async Task<Socket> ConnectAsync(ReplicaGroup group)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync((IPEndPoint)group.Addresses[0].RaftEndPoint);
        return socket;
    }

    private static async Task<bool> IsClosedAsync(Socket socket, TimeSpan limit)
    {
        try
        {
            using var end = new CancellationTokenSource(limit);
            return await socket.ReceiveAsync(new byte[1], end.Token) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
