using System.Collections.Concurrent;
using Membership.Replication.Peers;
using Xunit;

namespace Membership.Cluster.Tests.Peers;

public sealed class BatchingForwarderTests
{
    private readonly ConcurrentQueue<int> _batches = [];
    private readonly ConcurrentQueue<int[]> _groups = [];

    [Fact]
    public async Task Every_caller_gets_its_own_outcome()
    {
        await using var pair = new PeerPair();
        await using var forwarder = new BatchingForwarder(pair.NewClient().ForwardAsync);
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 5000).Select(i => forwarder.ForwardAsync([BitConverter.GetBytes((ulong)i)], PeerPair.Deadline)));
        Assert.All(outcomes, o => Assert.Equal(ForwardVerdict.Decided, o.Verdict));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (ulong)i), outcomes.Select(o => Assert.Single(o.Outcomes).Revision));
        Assert.InRange(pair.Service.Forwards, 5000 / ProposalBatch.ProposalsMax, 2000);
    }

    [Fact]
    public async Task What_waits_goes_together_within_the_bounds_of_a_batch()
    {
        var gate = new TaskCompletionSource();
        await using var forwarder = new BatchingForwarder(HeldBy(gate.Task), new() { ForwardBatchesInFlightMax = 1 });
        var first = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await Wait.UntilAsync(() => !_batches.IsEmpty, "the first batch");
        var small = Enumerable.Range(0, 300).Select(_ => forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline)).ToArray();
        var half = Enumerable.Range(0, 3).Select(_ => forwarder.ForwardAsync([new byte[ProposalBatch.BytesMax / 2]], PeerPair.Deadline)).ToArray();
        var long1 = forwarder.ForwardAsync([new byte[ProposalBatch.ProposalBytesMax]], PeerPair.Deadline);
        gate.SetResult();
        await Task.WhenAll([first, .. small, .. half, long1]);
        // One; 256; the rest of the small with one half; two halves; the long one alone.
        Assert.Equal([1, 256, 45, 2, 1], _batches);
    }

    [Fact]
    public async Task A_group_travels_in_one_batch_in_its_order_and_gets_its_own_outcomes()
    {
        var gate = new TaskCompletionSource();
        await using var forwarder = new BatchingForwarder(HeldBy(gate.Task), new() { ForwardBatchesInFlightMax = 1 });
        var first = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await Wait.UntilAsync(() => !_batches.IsEmpty, "the first batch");
        var groups = Enumerable.Range(0, 4).Select(group => forwarder.ForwardAsync(
            [.. Enumerable.Range(0, 100).Select(i => (ReadOnlyMemory<byte>)BitConverter.GetBytes((ulong)(1000 * group + i)))], PeerPair.Deadline)).ToArray();
        gate.SetResult();
        await first;

        // Two whole groups and not the half of a third.
        for (var group = 0; group < 4; group++)
            Assert.Equal(Enumerable.Range(0, 100).Select(i => (ulong)(1000 * group + i)), (await groups[group]).Outcomes.Select(o => o.Revision));
        Assert.Equal([1, 200, 200], _batches);
    }

    [Fact]
    public async Task The_peer_hears_which_proposals_of_a_batch_belong_together()
    {
        var gate = new TaskCompletionSource();
        await using var forwarder = new BatchingForwarder(HeldBy(gate.Task), new() { ForwardBatchesInFlightMax = 1 });
        var first = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await Wait.UntilAsync(() => !_batches.IsEmpty, "the first batch");
        int[] lengths = [1, 3, 1, 2];
        var groups = lengths.Select(
            length => forwarder.ForwardAsync([.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[8], length)], PeerPair.Deadline)).ToArray();
        gate.SetResult();
        await Task.WhenAll([first, .. groups]);
        Assert.Equal([[1], lengths], _groups);
    }

    [Fact]
    public async Task So_many_wait_and_no_more()
    {
        var gate = new TaskCompletionSource();
        var options = new PeerOptions { ForwardBatchesInFlightMax = 1, ForwardsWaitingMax = 10 };
        await using var forwarder = new BatchingForwarder(HeldBy(gate.Task), options);
        var first = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await Wait.UntilAsync(() => !_batches.IsEmpty, "the first batch");
        var waiting = Enumerable.Range(0, 10).Select(_ => forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline)).ToArray();
        var beyond = await forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        Assert.Equal(ForwardVerdict.Refused, beyond.Verdict);
        gate.SetResult();
        Assert.All(await Task.WhenAll([first, .. waiting]), o => Assert.Equal(ForwardVerdict.Decided, o.Verdict));
    }

    [Fact]
    public async Task A_deadline_before_the_sending_is_a_refusal_and_nothing_is_sent()
    {
        var gate = new TaskCompletionSource();
        await using var forwarder = new BatchingForwarder(HeldBy(gate.Task), new() { ForwardBatchesInFlightMax = 1 });
        var first = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await Wait.UntilAsync(() => !_batches.IsEmpty, "the first batch");
        var late = await forwarder.ForwardAsync([new byte[8]], TimeSpan.FromMilliseconds(30));
        Assert.Equal(ForwardVerdict.Refused, late.Verdict);
        gate.SetResult();
        await first;
        await forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        Assert.Equal([1, 1], _batches);
    }

    [Fact]
    public async Task A_deadline_after_the_sending_leaves_it_unknown()
    {
        var gate = new TaskCompletionSource();
        await using var forwarder = new BatchingForwarder(HeldBy(gate.Task));
        var outcome = await forwarder.ForwardAsync([new byte[8]], TimeSpan.FromMilliseconds(100));
        Assert.Equal(ForwardVerdict.Unknown, outcome.Verdict);
        gate.SetResult();
    }

    [Theory]
    [InlineData((int)ForwardVerdict.NotLeader)]
    [InlineData((int)ForwardVerdict.Refused)]
    [InlineData((int)ForwardVerdict.Unknown)]
    public async Task What_becomes_of_the_batch_becomes_of_each_proposal(int verdict)
    {
        var result = (ForwardVerdict)verdict switch
        {
            ForwardVerdict.NotLeader => ForwardResult.NotLeader("r3"),
            ForwardVerdict.Refused => ForwardResult.Refused("why"),
            _ => ForwardResult.Unknown("why"),
        };
        await using var forwarder = new BatchingForwarder((_, _, _, _) => Task.FromResult(result));
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline)));
        Assert.All(outcomes, o => Assert.Same(result, o));
    }

    [Fact]
    public async Task A_sender_that_throws_leaves_its_batch_unknown_and_the_forwarder_alive()
    {
        var calls = 0;
        await using var forwarder = new BatchingForwarder((proposals, _, _, _) =>
            calls++ == 0 ? throw new InvalidOperationException() : Task.FromResult(ScriptedService.Echo(proposals)));
        Assert.Equal(ForwardVerdict.Unknown, (await forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline)).Verdict);
        Assert.Equal(ForwardVerdict.Decided, (await forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline)).Verdict);
    }

    [Fact]
    public async Task Stopping_refuses_what_waits_and_leaves_what_was_sent_unknown()
    {
        await using var pair = new PeerPair();
        pair.Service.OnForward = async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException();
        };
        var forwarder = new BatchingForwarder(pair.NewClient().ForwardAsync, new() { ForwardBatchesInFlightMax = 1 });
        var sent = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await Wait.UntilAsync(() => pair.Service.Forwards == 1, "the batch at the peer");
        var waiting = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await forwarder.DisposeAsync();
        Assert.Equal(ForwardVerdict.Unknown, (await sent).Verdict);
        Assert.Equal(ForwardVerdict.Refused, (await waiting).Verdict);
        Assert.Equal(ForwardVerdict.Refused, (await forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline)).Verdict);
    }

    // What the stop ends makes room: not for one more.
    [Fact]
    public async Task What_the_stop_ends_makes_no_room_for_what_waits()
    {
        var (answer, sends) = (new TaskCompletionSource<ForwardResult>(), 0);
        CancellationToken stop = default;
        var forwarder = new BatchingForwarder(
            (_, _, _, token) =>
            {
                stop = token;
                sends++;
                return answer.Task;
            },
            new() { ForwardBatchesInFlightMax = 1 });
        var sent = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await Wait.UntilAsync(() => Volatile.Read(ref sends) == 1, "the first batch");
        var waiting = forwarder.ForwardAsync([new byte[8]], PeerPair.Deadline);
        await using var ending = stop.Register(() => answer.SetResult(ForwardResult.Unknown("stopped")));
        await forwarder.DisposeAsync();
        Assert.Equal(ForwardVerdict.Unknown, (await sent).Verdict);
        Assert.Equal(ForwardVerdict.Refused, (await waiting).Verdict);
        Assert.Equal(1, sends);
    }

    private SendBatch HeldBy(Task gate) => async (proposals, groups, _, token) =>
    {
        _batches.Enqueue(proposals.Count);
        _groups.Enqueue([.. groups]);
        await gate.WaitAsync(token);
        return ScriptedService.Echo(proposals);
    };
}
