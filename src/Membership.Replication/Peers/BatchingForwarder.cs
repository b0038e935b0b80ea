using System.Threading.Channels;

namespace Membership.Replication.Peers;

/// <summary>Sends a batch somewhere: <see cref="PeerClient.ForwardAsync"/>.</summary>
internal delegate Task<ForwardResult> SendBatch(
    IReadOnlyList<ReadOnlyMemory<byte>> proposals, TimeSpan deadline, CancellationToken cancellationToken);

/// <summary>
/// Gathers the proposals of many callers into batches for one peer: what waits goes together, so batches grow with the load and a lone
/// proposal waits for nobody.
/// </summary>
/// <remarks>Thread-safe. Proposals are in no order beyond that of one batch.</remarks>
internal sealed class BatchingForwarder : IAsyncDisposable
{
    private readonly SendBatch _send;
    private readonly TimeProvider _time;
    private readonly Channel<ForwardedProposal> _waiting;
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
        _waiting = Channel.CreateBounded<ForwardedProposal>(
            new BoundedChannelOptions(options.ForwardsWaitingMax) { SingleReader = true });
        _inFlightMax = options.ForwardBatchesInFlightMax;
        _inFlight = new(_inFlightMax);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Forwards one proposal.</summary>
    /// <param name="proposal">From <see cref="Proposal.Encode"/>, at most <see cref="ProposalBatch.ProposalBytesMax"/> bytes.</param>
    /// <param name="deadline">How long to wait, above 0 and at most a minute.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Never an exception for what happens on the way, the end of the wait included.</returns>
    /// <exception cref="ArgumentException">The proposal or the deadline is out of bounds.</exception>
    public async Task<ForwardedOutcome> ForwardAsync(
        ReadOnlyMemory<byte> proposal, TimeSpan deadline, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deadline, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deadline.TotalMilliseconds, PeerEndpoint.DeadlineMsMax);
        if (!ProposalBatch.Fits(1, proposal.Length)) throw new ArgumentException("The proposal is too long.", nameof(proposal));
        var forwarded = new ForwardedProposal(proposal, deadline, _time);
        if (!_waiting.Writer.TryWrite(forwarded)) return new(ForwardVerdict.Refused, Reason: "not sent: too many wait, or stopping");
        try
        {
            return await forwarded.Outcome.WaitAsync(deadline, _time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return forwarded.TryAbandon()
                ? new(ForwardVerdict.Refused, Reason: "not sent in time")
                : new(ForwardVerdict.Unknown, Reason: "no answer in time");
        }
    }

    /// <summary>Refuses what still waits; what was sent ends as unknown unless its answer is there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete()) return;
        await _stop.CancelAsync();
        await _running;
        while (_waiting.Reader.TryRead(out var left)) left.Complete(new(ForwardVerdict.Refused, Reason: "not sent: stopping"));
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
                _ = SendAsync(Take());
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private List<ForwardedProposal> Take()
    {
        var batch = new List<ForwardedProposal>();
        long bytes = 0;
        while (_waiting.Reader.TryPeek(out var next) && ProposalBatch.Fits(batch.Count + 1, bytes + next.Proposal.Length))
        {
            _waiting.Reader.TryRead(out _);
            if (!next.TrySend()) continue;
            batch.Add(next);
            bytes += next.Proposal.Length;
        }

        return batch;
    }

    private async Task SendAsync(List<ForwardedProposal> batch)
    {
        try
        {
            if (batch.Count > 0) Complete(batch, await _send(batch.ConvertAll(static p => p.Proposal), LongestWait(batch), _stop.Token));
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

    // The batch may take as long as the most patient of its callers waits; the others give up by themselves.
    private static TimeSpan LongestWait(List<ForwardedProposal> batch)
    {
        var longest = TimeSpan.FromMilliseconds(1);
        foreach (var proposal in batch)
        {
            if (proposal.Left > longest) longest = proposal.Left;
        }

        return longest;
    }

    private static void Complete(List<ForwardedProposal> batch, ForwardResult result)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var outcome = result.Verdict == ForwardVerdict.Decided ? result.Outcomes[i] : default;
            batch[i].Complete(new(result.Verdict, outcome, result.LeaderHint, result.Reason));
        }
    }
}
