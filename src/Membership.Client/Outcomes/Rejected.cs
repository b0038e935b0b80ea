namespace Membership.Client;

/// <summary>
/// The request changed nothing. See <see cref="MayRetry"/> for whether a new one may fare better.
/// </summary>
/// <typeparam name="T">What a success would have answered.</typeparam>
public sealed class Rejected<T> : ClientOutcome<T>
{
    internal Rejected(Rejection why, SentMutation<T>? sent)
        : base(sent) => Why = why;

    /// <inheritdoc/>
    public override Code? Code => Why.Code;

    /// <summary>The code as it was sent, also one that this library does not know; null for an error without one.</summary>
    public string? CodeName => Why.CodeName;

    /// <summary>The field that <see cref="Membership.Code.InvalidArgument"/> names; else null.</summary>
    public string? Field => Why.Field;

    /// <summary>
    /// Whether it was the replicas and not the request: <c>not_leader</c>, <c>unavailable</c>, <c>overloaded</c> or
    /// <c>rate_limited</c> until the limit. The same request may be made anew.
    /// </summary>
    public bool MayRetry => Why.MayRetry;

    internal Rejection Why { get; }

    /// <inheritdoc/>
    public override T Require() => throw new MembershipRequestException(Why, RequestId);

    /// <summary>The code.</summary>
    public override string ToString() => Field is null ? $"rejected: {CodeName}" : $"rejected: {CodeName}, {Field}";
}
