namespace Membership.Client;

/// <summary>
/// What became of a request: <see cref="Done{T}"/>, <see cref="Rejected{T}"/> or <see cref="Unknown{T}"/>, and nothing else.
/// </summary>
/// <typeparam name="T">What a success answers.</typeparam>
/// <remarks>Immutable, for any thread.</remarks>
public abstract class ClientOutcome<T>
{
    private protected ClientOutcome(SentMutation<T>? sent) => Sent = sent;

    /// <summary>
    /// <see cref="Membership.Code.Ok"/>, the code of the rejection (null for one that this library does not know), or
    /// <see cref="Membership.Code.OutcomeUnknown"/>.
    /// </summary>
    public abstract Code? Code { get; }

    /// <summary>The id under which it was sent; null for a query.</summary>
    public RequestId? RequestId => Sent?.Request.Id;

    internal SentMutation<T>? Sent { get; }

    /// <summary>The answer of a success.</summary>
    /// <exception cref="MembershipRequestException">It was rejected, or its outcome is not known.</exception>
    public abstract T Require();
}
