using System.Diagnostics;
using System.Threading.Channels;

namespace Membership.Replication.Peers;

/// <summary>Sends a batch somewhere, with the lengths of its groups: a method of <see cref="PeerClient"/>.</summary>
internal delegate Task<ForwardResult> SendBatch(
    IReadOnlyList<ReadOnlyMemory<byte>> proposals, IReadOnlyList<int> groups, TimeSpan deadline, CancellationToken cancellationToken);

/// <summary>
/// Gathers the proposals of many callers into batches for one peer: what waits goes together, so batches grow with the load and a lone
/// proposal waits for nobody.
/// </summary>
/// <remarks>Thread-safe. Proposals are in no order beyond that of one group.</remarks>
internal sealed class BatchingForwarder : IAsyncDisposable
{
    private readonly SendBatch _send;
    private readonly TimeProvider _time;
    private readonly Channel<ForwardedGroup> _waiting;
    private readonly SemaphoreSlim _inFlight;
    private readonly int _inFlightMax;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <summary>Begins to forward.</summary>
    /// <param name="send">Sends a batch; it never throws for what happens on the way.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="time">Null for the system's.</param>
    public BatchingForwarder(SendBatch send, PeerOptions? options = null, TimeProvider? time = null)
    {
        options ??= new();
        _send = send;
        _time = time ?? TimeProvider.System;
        _waiting = Channel.CreateBounded<ForwardedGroup>(
            new BoundedChannelOptions(options.ForwardsWaitingMax) { SingleReader = true });
        _inFlightMax = options.ForwardBatchesInFlightMax;
        _inFlight = new(_inFlightMax);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Forwards proposals in one batch, which the leader proposes in their order.</summary>
    /// <param name="proposals">Each from <see cref="Proposal.Encode"/>; as many as <see cref="ProposalBatch.Fits"/> allows.</param>
    /// <param name="deadline">How long to wait, above 0 and at most a minute.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Never an exception for what happens on the way, the end of the wait included.</returns>
    /// <exception cref="ArgumentException">The proposals or the deadline are out of bounds.</exception>
    public async Task<ForwardResult> ForwardAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> proposals, TimeSpan deadline, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deadline, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deadline.TotalMilliseconds, PeerEndpoint.DeadlineMsMax);
        var group = new ForwardedGroup(proposals, deadline, _time);
        if (!ProposalBatch.Fits(proposals.Count, group.Bytes)) throw new ArgumentException("They fit no batch.", nameof(proposals));
        if (!_waiting.Writer.TryWrite(group)) return ForwardResult.Refused("not sent: too many wait, or stopping");
        try
        {
            return await group.Result.WaitAsync(deadline, _time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return group.TryAbandon() ? ForwardResult.Refused("not sent in time") : ForwardResult.Unknown("no answer in time");
        }
    }

    /// <summary>Refuses what still waits; what was sent ends as unknown unless its answer is there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete()) return;
        await _stop.CancelAsync();
        await _running;
        while (_waiting.Reader.TryRead(out var left)) left.Complete(ForwardResult.Refused("not sent: stopping"));
        for (var i = 0; i < _inFlightMax; i++) await _inFlight.WaitAsync();
        _inFlight.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                await _inFlight.WaitAsync(_stop.Token);

                // What the stop ended makes room, too.
                if (_stop.IsCancellationRequested)
                {
                    _inFlight.Release();
                    return;
                }

                _ = SendAsync(Take());
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private List<ForwardedGroup> Take()
    {
        var batch = new List<ForwardedGroup>();
        var (count, bytes) = (0, 0L);
        while (_waiting.Reader.TryPeek(out var next) && ProposalBatch.Fits(count + next.Proposals.Count, bytes + next.Bytes))
        {
            _waiting.Reader.TryRead(out _);
            if (!next.TrySend()) continue;
            batch.Add(next);
            (count, bytes) = (count + next.Proposals.Count, bytes + next.Bytes);
        }

        return batch;
    }

    private async Task SendAsync(List<ForwardedGroup> batch)
    {
        try
        {
            // Many groups, one call: it carries the trace of the first one that has any.
            if (batch.Find(static group => group.Origin is not null) is { } traced) Activity.Current = traced.Origin;
            if (batch.Count > 0) Complete(batch, await _send(ProposalsOf(batch), GroupsOf(batch), LongestWait(batch), _stop.Token));
        }
        catch (Exception e)
        {
            Complete(batch, ForwardResult.Unknown(e.Message));
        }
        finally
        {
            _inFlight.Release();
        }
    }

    private static ReadOnlyMemory<byte>[] ProposalsOf(List<ForwardedGroup> batch) => [.. batch.SelectMany(static group => group.Proposals)];

    private static int[] GroupsOf(List<ForwardedGroup> batch) => [.. batch.Select(static group => group.Proposals.Count)];

    // The batch may take as long as the most patient of its callers waits; the others give up by themselves.
    private static TimeSpan LongestWait(List<ForwardedGroup> batch)
    {
        var longest = TimeSpan.FromMilliseconds(1);
        foreach (var group in batch)
        {
            if (group.Left > longest) longest = group.Left;
        }

        return longest;
    }

    private static void Complete(List<ForwardedGroup> batch, ForwardResult result)
    {
        var from = 0;
        foreach (var group in batch)
        {
            var isDecided = result.Verdict == ForwardVerdict.Decided;
            group.Complete(isDecided ? ForwardResult.Decided(result.Outcomes.Slice(from, group.Proposals.Count)) : result);
            from += group.Proposals.Count;
        }
    }
}
