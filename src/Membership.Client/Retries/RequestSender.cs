using Membership.Protocol.Answers;

namespace Membership.Client;

/// <summary>Sends a request until it is decided or its time is over.</summary>
/// <remarks>Source: command specification, sections 5 and 7: what a client must tell apart. Thread-safe.</remarks>
internal sealed class RequestSender(ReplicaLinks links, MembershipClientOptions options)
{
    private readonly Deadlines _usual = new(
        options.RequestLimit < MembershipClientOptions.RepeatLimit ? options.RequestLimit : MembershipClientOptions.RepeatLimit, options.TimeProvider);

    private long _retryCount;

    /// <summary>Attempts beyond the first of each request.</summary>
    public long RetryCount => Interlocked.Read(ref _retryCount);

    /// <summary>Sends it.</summary>
    /// <param name="next">Gives the request for each attempt: for a mutation the same one always.</param>
    /// <param name="mayHaveHappened">Whether it was sent before without an answer. Stays false for queries, which change nothing.</param>
    /// <param name="limit">The time for all attempts together.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public async Task<Verdict> SendAsync(Func<SealedRequest> next, bool mayHaveHappened, TimeSpan limit, CancellationToken cancel)
    {
        using var patience = Patience.Begin(limit, _usual, cancel);
        var why = Rejection.From(Code.Unavailable);
        var backOff = new BackOff(options);
        for (var attempts = 1; !patience.IsOver; attempts++)
        {
            if (attempts > 1) Interlocked.Increment(ref _retryCount);
            var (index, request) = (links.Present, next());
            Attempt attempt;
            try
            {
                attempt = await links[index].SendAsync(request, patience);
            }
            catch (ObjectDisposedException) when (attempts > 1)
            {
                // The client was disposed meanwhile: an exception would hide that the request may have happened.
                break;
            }

            if (attempt.Answer is { IsError: false } success) return new(success, null);
            if (attempt.Answer is { } error)
            {
                why = Rejection.From(error);
                if (!IsTransient(why)) return End(why, mayHaveHappened);
            }
            else
            {
                why = Rejection.From(attempt.WasSent ? Code.OutcomeUnknown : Code.Unavailable);
            }

            mayHaveHappened |= why.Code == Code.OutcomeUnknown && request.Id is not null;
            if (why.Code != Code.RateLimited) links.MoveOnFrom(index);
            if (attempts >= links.Count || why.Code is Code.Overloaded or Code.RateLimited) await PauseAsync(backOff.Next(), patience.Token);
        }

        cancel.ThrowIfCancellationRequested();
        return End(why, mayHaveHappened);
    }

    // Only what the session stores says anything about an earlier attempt.
    private static Verdict End(Rejection why, bool mayHaveHappened)
    {
        if (mayHaveHappened && !why.IsOutcome) return Verdict.Unknown;
        return new(null, why.Code == Code.OutcomeUnknown ? Rejection.From(Code.Unavailable) : why);
    }

    private static bool IsTransient(Rejection why) => why.MayRetry || why.Code == Code.OutcomeUnknown;

    private async Task PauseAsync(TimeSpan pause, CancellationToken giveUp)
    {
        try
        {
            await Task.Delay(pause, options.TimeProvider, giveUp);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
