namespace Membership.Replication.Proposals;

/// <summary>
/// Answers proposals whose time is over. All have the same limit, so they come due in the order in which they came, and one timer serves
/// them all: a timer and a token for each were a tenth of what a proposal costs.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ProposalDeadlines : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    // Each that comes takes so many answered ones along, so that the queue keeps alive what is on its way and not much more.
    private const int ForgottenAtOnceMax = 4;

    private readonly Queue<(Deadline Deadline, PendingProposal Proposal)> _due = new();
    private readonly Lock _sync = new();
    private readonly TimeSpan _limit;
    private readonly CancellationToken _fence;
    private readonly CancellationTokenRegistration _fencing;
    private readonly Timer _timer;

    /// <param name="limit">The time of each.</param>
    /// <param name="fence">Ends the time of all.</param>
    public ProposalDeadlines(TimeSpan limit, CancellationToken fence)
    {
        _limit = limit;
        _fence = fence;
        _timer = new(static self => ((ProposalDeadlines)self!).Sweep(), this, Period, Period);
        _fencing = fence.UnsafeRegister(static self => ((ProposalDeadlines)self!).Sweep(), this);
    }

    /// <summary>
    /// The time of a proposal begins; at its end it is answered with <see cref="Code.OutcomeUnknown"/>. False when there is no time any more:
    /// it must not be sent, and is answered with <see cref="Code.Unavailable"/>.
    /// </summary>
    public bool TryBegin(PendingProposal proposal, out Deadline deadline)
    {
        deadline = Deadline.After(_limit);
        if (_fence.IsCancellationRequested)
        {
            proposal.TryAnswer(new(Code.Unavailable, 0));
            return false;
        }

        lock (_sync)
        {
            for (var i = 0; i < ForgottenAtOnceMax && _due.TryPeek(out var oldest) && oldest.Proposal.IsAnswered; i++) _due.Dequeue();
            _due.Enqueue((deadline, proposal));
        }

        if (_fence.IsCancellationRequested) Sweep();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fencing.Dispose();
        _timer.Dispose();
    }

    private void Sweep()
    {
        lock (_sync)
        {
            while (_due.TryPeek(out var due))
            {
                var isOver = due.Deadline.IsOver || _fence.IsCancellationRequested;
                if (!isOver && !due.Proposal.IsAnswered) return;
                due.Proposal.TryAnswer(new(Code.OutcomeUnknown, 0));
                _due.Dequeue();
            }
        }
    }
}

/// <summary>A moment of the system's monotonic clock, ms.</summary>
internal readonly record struct Deadline(long AtMs)
{
    /// <summary>Whether it has passed.</summary>
    public bool IsOver => Environment.TickCount64 >= AtMs;

    /// <summary>What is left until it, 0 and more.</summary>
    public TimeSpan Left => TimeSpan.FromMilliseconds(Math.Max(0, AtMs - Environment.TickCount64));

    /// <summary>So long from now.</summary>
    public static Deadline After(TimeSpan limit) => new(Environment.TickCount64 + (long)limit.TotalMilliseconds);
}
