using System.Net;
using System.Net.Sockets;
using Membership.Replication.Peers;
using Xunit;

namespace Membership.Cluster.Tests.Peers;

public sealed class PeerChannelTests
{
    [Fact]
    public async Task A_batch_comes_back_with_an_outcome_for_each_proposal()
    {
        await using var pair = new PeerPair();
        var outcome = new Outcome(Code.NameTaken, 9, Repeated: true);
        var made = new Outcome(Code.Ok, ulong.MaxValue, new(new(uint.MaxValue), new(7), Role.Owner, 3, true));
        IReadOnlyList<ReadOnlyMemory<byte>> seen = [];
        TimeSpan deadline = default;
        pair.Service.OnForward = (proposals, wait, _) =>
        {
            (seen, deadline) = (proposals, wait);
            return ValueTask.FromResult(ForwardResult.Decided([outcome, made]));
        };
        var result = await pair.NewClient().ForwardAsync(PeerPair.Batch(5, 6), TimeSpan.FromSeconds(3));
        Assert.Equal(ForwardVerdict.Decided, result.Verdict);
        Assert.Equal([outcome, made], result.Outcomes.ToArray());
        Assert.Equal(PeerPair.Batch(5, 6).Select(p => p.ToArray()), seen.Select(p => p.ToArray()));
        Assert.Equal(TimeSpan.FromSeconds(3), deadline);
    }

    [Fact]
    public async Task The_other_questions_are_answered()
    {
        await using var pair = new PeerPair();
        var status = new PeerStatus
        {
            ReplicaId = "r1",
            Incarnation = ulong.MaxValue,
            IsLeader = true,
            Leader = "r1",
            Term = 5,
            LastIndex = 9,
            CommitIndex = 8,
            AppliedIndex = 7,
            ConfigurationIndex = 2,
            Revision = 77,
            Fault = null,
        };
        pair.Service.OnStatus = () => status with { Digest = [4, 5] };
        var client = pair.NewClient();
        var answer = await client.GetStatusAsync();
        Assert.Equal(status, answer with { Digest = status.Digest });
        Assert.Equal([4, 5], answer.Digest);
        Assert.Equal(1_700_000_000_123, await client.GetClockAsync());
        Assert.Equal(new(42), await client.ConfirmReadIndexAsync());
        pair.Service.OnReadIndex = _ => ValueTask.FromResult(new ReadIndexResult(null));
        Assert.Equal(new(null), await client.ConfirmReadIndexAsync());
        await client.NotifyRemovedAsync(new(4, 99));
        Assert.Equal(new(4, 99), pair.Service.Removed);
        Assert.Equal(PeerPair.ServerIdentity, client.Peer);
    }

    [Fact]
    public async Task One_that_does_not_lead_says_so_and_names_the_leader()
    {
        await using var pair = new PeerPair();
        pair.Service.OnForward = (_, _, _) => ValueTask.FromResult(ForwardResult.NotLeader("r3"));
        var result = await pair.NewClient().ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline);
        Assert.Equal((ForwardVerdict.NotLeader, "r3"), (result.Verdict, result.LeaderHint));
        pair.Service.OnForward = (_, _, _) => ValueTask.FromResult(ForwardResult.NotLeader(null));
        Assert.Null((await pair.NewClient().ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline)).LeaderHint);
    }

    [Fact]
    public async Task Many_calls_share_one_connection_and_overtake_one_another()
    {
        await using var pair = new PeerPair();
        var release = new TaskCompletionSource();
        pair.Service.OnForward = async (proposals, _, _) =>
        {
            if (BitConverter.ToUInt64(proposals[0].Span) == 0) await release.Task;
            return ScriptedService.Echo(proposals);
        };
        var client = pair.NewClient();
        var slow = client.ForwardAsync(PeerPair.Batch(0), PeerPair.Deadline);
        var quick = await Task.WhenAll(
            Enumerable.Range(1, 100).Select(i => client.ForwardAsync(PeerPair.Batch((ulong)i), PeerPair.Deadline)));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (ulong)i), quick.Select(r => r.Outcomes[0].Revision));
        Assert.False(slow.IsCompleted);
        Assert.Equal(1, pair.Server.ConnectionCount);
        release.SetResult();
        Assert.Equal(ForwardVerdict.Decided, (await slow).Verdict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_channel_that_breaks_after_sending_leaves_the_outcome_unknown(bool isReset)
    {
        await using var peer = new SilentPeer { BreaksWhenSentTo = true, Resets = isReset };
        await using var client = new PeerClient(peer.Address, PeerPair.ClientIdentity);
        Assert.Equal(ForwardVerdict.Unknown, (await client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline)).Verdict);
        await peer.Closed;
        await Wait.UntilAsync(() => !client.IsConnected, "the end of the connection");
        Assert.Equal(ForwardVerdict.Refused, (await client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline)).Verdict);
    }

    [Fact]
    public async Task A_server_that_stops_leaves_the_outcome_unknown_and_is_found_again()
    {
        await using var pair = new PeerPair();
        var arrived = new TaskCompletionSource();
        pair.Service.OnForward = async (_, _, token) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException();
        };
        var client = pair.NewClient();
        var forward = client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline);
        await arrived.Task;
        var endPoint = pair.Server.EndPoint;
        await pair.Server.DisposeAsync();
        Assert.Equal(ForwardVerdict.Unknown, (await forward).Verdict);

        await Wait.UntilAsync(() => !client.IsConnected, "the end of the connection");
        // Nobody listens: now nothing is sent.
        Assert.Equal(ForwardVerdict.Refused, (await client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline)).Verdict);
        await Assert.ThrowsAsync<PeerUnavailableException>(() => client.GetClockAsync());

        await using var again = new PeerPair(endPoint: endPoint);
        await UntilAnsweredAsync(client);
        Assert.Equal(ForwardVerdict.Decided, (await client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline)).Verdict);
    }

    [Fact]
    public async Task A_peer_that_takes_a_batch_and_falls_silent_leaves_it_unknown_and_costs_the_connection()
    {
        await using var silent = new SilentPeer();
        var options = new PeerOptions { ForwardGrace = TimeSpan.FromMilliseconds(100) };
        await using var client = new PeerClient(silent.Address, PeerPair.ClientIdentity, options: options);
        var result = await client.ForwardAsync(PeerPair.Batch(1), TimeSpan.FromMilliseconds(200));
        Assert.Equal(ForwardVerdict.Unknown, result.Verdict);
        await silent.Closed.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_question_to_a_silent_peer_ends_in_time()
    {
        await using var silent = new SilentPeer();
        var options = new PeerOptions { CallTimeout = TimeSpan.FromMilliseconds(200) };
        await using var client = new PeerClient(silent.Address, PeerPair.ClientIdentity, options: options);
        await Assert.ThrowsAsync<PeerUnavailableException>(() => client.GetClockAsync());
        await silent.Closed.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_caller_that_gives_up_after_sending_does_not_know_and_harms_no_other()
    {
        await using var pair = new PeerPair();
        var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        pair.Service.OnForward = async (proposals, _, _) =>
        {
            arrived.TrySetResult();
            await release.Task;
            return ScriptedService.Echo(proposals);
        };
        var client = pair.NewClient();
        using var given = new CancellationTokenSource();
        var (first, other) = (
            client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline, given.Token),
            client.ForwardAsync(PeerPair.Batch(2), PeerPair.Deadline));
        await arrived.Task;
        await given.CancelAsync();
        Assert.Equal(ForwardVerdict.Unknown, (await first).Verdict);
        release.SetResult();
        Assert.Equal(2ul, (await other).Outcomes[0].Revision);
    }

    [Fact]
    public async Task A_service_that_throws_leaves_a_batch_unknown_and_the_connection_open()
    {
        await using var pair = new PeerPair();
        pair.Service.OnForward = (_, _, _) => throw new InvalidOperationException("secret");
        pair.Service.OnReadIndex = _ => throw new InvalidOperationException("secret");
        var client = pair.NewClient();
        var result = await client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline);
        Assert.Equal((ForwardVerdict.Unknown, nameof(InvalidOperationException)), (result.Verdict, result.Reason));
        var question = await Assert.ThrowsAsync<PeerUnavailableException>(() => client.ConfirmReadIndexAsync());
        Assert.DoesNotContain("secret", question.ToString(), StringComparison.Ordinal);
        await client.GetClockAsync();
        Assert.Equal(1, pair.Server.ConnectionCount);
    }

    [Fact]
    public async Task Too_few_outcomes_leave_a_batch_unknown()
    {
        await using var pair = new PeerPair();
        pair.Service.OnForward = (_, _, _) => ValueTask.FromResult(ForwardResult.Decided([default]));
        Assert.Equal(ForwardVerdict.Unknown, (await pair.NewClient().ForwardAsync(PeerPair.Batch(1, 2), PeerPair.Deadline)).Verdict);
    }

    [Fact]
    public async Task The_longest_batch_and_the_longest_proposal_pass_and_longer_ones_are_not_sent()
    {
        await using var pair = new PeerPair();
        var client = pair.NewClient();
        var longest = new ReadOnlyMemory<byte>[] { new byte[ProposalBatch.ProposalBytesMax] };
        Assert.Equal(ForwardVerdict.Decided, (await client.ForwardAsync(longest, PeerPair.Deadline)).Verdict);
        var many = Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[1024], 256).ToArray();
        Assert.Equal(256, (await client.ForwardAsync(many, PeerPair.Deadline)).Outcomes.Length);

        await Assert.ThrowsAsync<ArgumentException>(() => client.ForwardAsync([], PeerPair.Deadline));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ForwardAsync([.. many, new byte[8]], PeerPair.Deadline));
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.ForwardAsync([many[0], new byte[ProposalBatch.BytesMax]], PeerPair.Deadline));
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.ForwardAsync([new byte[ProposalBatch.ProposalBytesMax + 1]], PeerPair.Deadline));
    }

    [Fact]
    public async Task A_server_works_on_so_many_requests_of_a_connection_and_no_more()
    {
        await using var pair = new PeerPair(new() { RequestsPerConnectionMax = 4 });
        var release = new TaskCompletionSource();
        pair.Service.OnForward = async (proposals, _, _) =>
        {
            await release.Task;
            return ScriptedService.Echo(proposals);
        };
        var client = pair.NewClient();
        var calls = Enumerable.Range(0, 40).Select(i => client.ForwardAsync(PeerPair.Batch((ulong)i), PeerPair.Deadline)).ToArray();
        await Wait.UntilAsync(() => pair.Service.Forwards == 4, "four requests at work");
        release.SetResult();
        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(ForwardVerdict.Decided, result.Verdict));
        Assert.Equal(4, pair.Service.RunningMax);
    }

    [Fact]
    public async Task A_client_has_so_many_calls_under_way_and_refuses_more()
    {
        await using var pair = new PeerPair(new() { CallsMax = 2 });
        var release = new TaskCompletionSource();
        pair.Service.OnForward = async (proposals, _, _) =>
        {
            await release.Task;
            return ScriptedService.Echo(proposals);
        };
        var client = pair.NewClient();
        var calls = new[] { client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline), client.ForwardAsync(PeerPair.Batch(2), PeerPair.Deadline) };
        Assert.Equal(ForwardVerdict.Refused, (await client.ForwardAsync(PeerPair.Batch(3), PeerPair.Deadline)).Verdict);
        await Assert.ThrowsAsync<PeerUnavailableException>(() => client.GetClockAsync());
        release.SetResult();
        await Task.WhenAll(calls);
        await client.GetClockAsync();
    }

    [Fact]
    public async Task Attempts_to_connect_are_spaced()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var log = new LineLogger();
        var time = new ManualTime();
        await using var client = new PeerClient(
            new("r1", taken.LocalEndPoint!), PeerPair.ClientIdentity, time: time, logger: log);
        for (var i = 0; i < 20; i++) await Assert.ThrowsAsync<PeerUnavailableException>(() => client.GetClockAsync());
        Assert.Single(log.Lines);
        time.Advance(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < 20; i++) await Assert.ThrowsAsync<PeerUnavailableException>(() => client.GetClockAsync());
        Assert.Equal(2, log.Lines.Length);
        // Twice as long at least by now, half of which is sure.
        time.Advance(TimeSpan.FromMilliseconds(49));
        await Assert.ThrowsAsync<PeerUnavailableException>(() => client.GetClockAsync());
        Assert.Equal(2, log.Lines.Length);
    }

    [Fact]
    public async Task A_stopped_client_sends_nothing()
    {
        await using var pair = new PeerPair();
        var client = pair.NewClient();
        await client.GetClockAsync();
        await client.DisposeAsync();
        Assert.Equal(ForwardVerdict.Refused, (await client.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline)).Verdict);
        await Wait.UntilAsync(() => pair.Server.ConnectionCount == 0, "the end of the connection");
        Assert.Empty(pair.ServerLog.Lines);
    }

    private static async Task UntilAnsweredAsync(PeerClient client)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.GetClockAsync();
                return;
            }
            catch (PeerUnavailableException) when (attempt < 500)
            {
                await Task.Delay(10);
            }
        }
    }
}
