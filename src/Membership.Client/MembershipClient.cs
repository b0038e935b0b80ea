using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Membership.Client;

/// <summary>
/// A client of a registry's replicas. Each method is one command; a mutation is sent under one request id, the same bytes each time, until
/// a replica says what became of it or <see cref="MembershipClientOptions.RequestLimit"/> is over.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. Requests that are made without waiting for each other may be decided in any order. Connections are opened when they are
/// needed.
/// </para>
/// <para>
/// May I retry? <see cref="Done{T}"/>: no need. <see cref="Rejected{T}"/>: nothing happened; a new request may fare better where
/// <see cref="Rejected{T}.MayRetry"/> says so, otherwise something else must change first. <see cref="Unknown{T}"/>: only by
/// <see cref="RepeatAsync"/>, or after reading the state. An <see cref="OperationCanceledException"/> leaves a mutation unknown, too.
/// </para>
/// <para>
/// Every method may be rejected for its credential (<c>signature_required</c>, <c>signature_invalid</c>, <c>unknown_signer</c>,
/// <c>wrong_cluster</c>, <c>stale_credential</c>, <c>admin_token_invalid</c>, <c>admin_disabled</c>, <c>tls_required</c>), for a field
/// (<c>invalid_argument</c>), every mutation of a network with <c>backbone</c> for network 0; what is listed at a method comes on top.
/// Every method throws a <see cref="PlaintextTokenException"/> before a token would go to another machine in plain text, an
/// <see cref="ArgumentException"/> for a request longer than 4 MiB, an <see cref="InvalidDataException"/> for a success without its
/// fields, and an <see cref="ObjectDisposedException"/> after the client was disposed.
/// </para>
/// </remarks>
public sealed partial class MembershipClient : IAsyncDisposable
{
    private readonly MembershipClientOptions _options;
    private readonly ReplicaLinks _links;
    private readonly ClientSession _session;
    private readonly RequestSender _sender;
    private readonly TimeSpan _limit;
    private readonly bool _isOwner;

    /// <summary>A client with connections and a session of its own.</summary>
    /// <param name="options">Where the replicas are, and how long to try.</param>
    /// <param name="identity">As whom to ask.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public MembershipClient(MembershipClientOptions options, ClientIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identity);
        options.Check();
        (_options, Identity, _limit, _isOwner) = (options, identity, options.RequestLimit, true);
        _links = new(options, options.AnswerLimit);
        _session = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), options.OutcomesKept);
        _sender = new(_links, options);
    }

    private MembershipClient(MembershipClient of, ClientIdentity identity, TimeSpan limit)
    {
        (_options, _links, _session, _sender) = (of._options, of._links, of._session, of._sender);
        (Identity, _limit) = (identity, limit);
    }

    /// <summary>As whom it asks.</summary>
    public ClientIdentity Identity { get; }

    /// <summary>How often a request was sent again, by this client and all that share its connections.</summary>
    public long RetryCount => _sender.RetryCount;

    /// <summary>The same client as somebody else. It shares connections and session, and ends with this one; disposing it does nothing.</summary>
    public MembershipClient As(ClientIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return new(this, identity, _limit);
    }

    /// <summary>The same client with another time for each request, above 0. It shares connections and session, as with <see cref="As"/>.</summary>
    public MembershipClient Within(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        return new(this, Identity, limit);
    }

    /// <summary>
    /// Sends a mutation of this client once more under the same id, to hear again what became of it, or to have it carried out if it was
    /// not. Never makes it happen twice.
    /// </summary>
    /// <param name="outcome">The outcome of one of the last <see cref="MembershipClientOptions.OutcomesKept"/> mutations.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// Unknown once the replicas have forgotten it; for a mutation with a token, which says no time of issue, as soon as
    /// <see cref="MembershipClientOptions.RepeatLimit"/> is over, without asking.
    /// </returns>
    /// <exception cref="ArgumentException">It is the outcome of a query, or of another client's mutation.</exception>
    public async Task<ClientOutcome<T>> RepeatAsync<T>(ClientOutcome<T> outcome, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.Sent is not { Request.Id: { } id } sent) throw new ArgumentException("A query has no id: ask it anew.", nameof(outcome));
        if (id.Client != _session.Client) throw new ArgumentException("It is a request of another client.", nameof(outcome));
        if (!sent.Request.IsSigned && RepeatTimeLeft(sent.Request) <= TimeSpan.Zero) return new Unknown<T>(sent);
        _session.Reopen(id);
        try
        {
            var verdict = await _sender.SendAsync(() => sent.Request, mayHaveHappened: outcome is not Rejected<T>, _limit, cancel);
            return ToOutcome(verdict, sent.Read, sent);
        }
        finally
        {
            _session.End(id);
        }
    }

    /// <summary>Closes the connections; requests under way end as unknown or unavailable.</summary>
    public ValueTask DisposeAsync()
    {
        if (_isOwner) _links.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ClientOutcome<T>> MutateAsync<T>(
        string type, Action<RequestWriter> write, Func<AnswerReader, T> read, CancellationToken cancel)
    {
        var stamp = await _session.BeginAsync(cancel);
        try
        {
            var request = Identity.Seal(new(type, write), stamp, _options.Cluster, _options.TimeProvider);
            var limit = _limit < MembershipClientOptions.RepeatLimit ? _limit : MembershipClientOptions.RepeatLimit;
            var verdict = await _sender.SendAsync(() => request, mayHaveHappened: false, limit, cancel);
            return ToOutcome(verdict, read, new(request, read));
        }
        finally
        {
            _session.End(stamp.Id);
        }
    }

    private async Task<ClientOutcome<T>> AskAsync<T>(
        RequestSender sender, WireCommand command, Func<AnswerReader, T> read, TimeSpan limit, CancellationToken cancel)
    {
        // Signed anew for each attempt: a query has no id, and its signature is fresh for two minutes only.
        var verdict = await sender.SendAsync(
            () => Identity.Seal(command, stamp: null, _options.Cluster, _options.TimeProvider), mayHaveHappened: false, limit, cancel);
        return ToOutcome(verdict, read, sent: null);
    }

    private Task<ClientOutcome<T>> AskAsync<T>(
        string type, Action<RequestWriter> write, QueryOptions? options, Func<AnswerReader, T> read, CancellationToken cancel)
    {
        var command = new WireCommand(type, fields =>
        {
            write(fields);
            options?.Write(fields);
        });
        return AskAsync(_sender, command, read, _limit, cancel);
    }

    private static async IAsyncEnumerable<T> EnumerateAsync<T>(
        Func<ListOptions, CancellationToken, Task<ListPage<T>>> list,
        QueryOptions? options,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        PageCursor? after = null;
        do
        {
            var part = new ListOptions
            {
                Limit = ListOptions.LimitMax,
                After = after,
                Consistency = options?.Consistency ?? default,
                MaxLagMs = options?.MaxLagMs,
                MinRevision = options?.MinRevision,
            };
            var page = await list(part, cancel);
            foreach (var item in page.Items) yield return item;
            after = page.Next;
        }
        while (after is not null);
    }

    private TimeSpan RepeatTimeLeft(SealedRequest request) =>
        MembershipClientOptions.RepeatLimit - _options.TimeProvider.GetElapsedTime(request.SealedAt);

    private static ClientOutcome<T> ToOutcome<T>(Verdict verdict, Func<AnswerReader, T> read, SentMutation<T>? sent) => verdict switch
    {
        { Success: { } success } => new Done<T>(read(new(success.Fields)), success.Revision, sent),
        { Rejection: { } why } => new Rejected<T>(why, sent),
        _ => new Unknown<T>(sent!),
    };
}
