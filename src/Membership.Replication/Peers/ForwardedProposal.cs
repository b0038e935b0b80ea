namespace Membership.Replication.Peers;

/// <summary>A proposal on its way through a forwarder: it waits, then it is either sent or abandoned, never both.</summary>
internal sealed class ForwardedProposal(ReadOnlyMemory<byte> proposal, TimeSpan deadline, TimeProvider time)
{
    private const int Waiting = 0;
    private const int Sent = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<ForwardedOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _since = time.GetTimestamp();
    private int _stage = Waiting;

    public ReadOnlyMemory<byte> Proposal => proposal;

    public Task<ForwardedOutcome> Outcome => _outcome.Task;

    /// <summary>How much of its deadline is left.</summary>
    public TimeSpan Left => deadline - time.GetElapsedTime(_since);

    /// <summary>False when its caller gave up before.</summary>
    public bool TrySend() => Interlocked.CompareExchange(ref _stage, Sent, Waiting) == Waiting;

    /// <summary>False when it was sent before.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _stage, Abandoned, Waiting) == Waiting;

    public void Complete(in ForwardedOutcome outcome) => _outcome.TrySetResult(outcome);
}
