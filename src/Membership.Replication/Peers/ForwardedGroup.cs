using System.Diagnostics;
using Membership.Replication.Telemetry;

namespace Membership.Replication.Peers;

/// <summary>
/// Proposals that travel in one batch, in their order, on their way through a forwarder: they wait, then they are either sent or abandoned,
/// never both.
/// </summary>
internal sealed class ForwardedGroup(IReadOnlyList<ReadOnlyMemory<byte>> proposals, TimeSpan deadline, TimeProvider time)
{
    private const int Waiting = 0;
    private const int Sent = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<ForwardResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _since = time.GetTimestamp();
    private int _stage = Waiting;

    public IReadOnlyList<ReadOnlyMemory<byte>> Proposals => proposals;

    /// <summary>What its caller is within, for a trace; null while nobody listens.</summary>
    public Activity? Origin { get; } = ProposalTrace.Origin;

    public long Bytes { get; } = proposals.Sum(static proposal => (long)proposal.Length);

    /// <summary>That of its batch, with the outcomes of its own proposals when it is decided.</summary>
    public Task<ForwardResult> Result => _result.Task;

    /// <summary>How much of its deadline is left.</summary>
    public TimeSpan Left => deadline - time.GetElapsedTime(_since);

    /// <summary>False when its caller gave up before.</summary>
    public bool TrySend() => Interlocked.CompareExchange(ref _stage, Sent, Waiting) == Waiting;

    /// <summary>False when it was sent before.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _stage, Abandoned, Waiting) == Waiting;

    public void Complete(ForwardResult result) => _result.TrySetResult(result);
}
