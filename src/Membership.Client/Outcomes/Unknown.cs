namespace Membership.Client;

/// <summary>
/// The mutation was sent, and nobody said within the limit what became of it: it happened once, or not at all.
/// <see cref="MembershipClient.RepeatAsync"/> asks again under the same request id; otherwise read the state.
/// </summary>
/// <typeparam name="T">What a success would have answered.</typeparam>
public sealed class Unknown<T> : ClientOutcome<T>
{
    internal Unknown(SentMutation<T> sent)
        : base(sent)
    {
    }

    /// <inheritdoc/>
    public override Code? Code => Membership.Code.OutcomeUnknown;

    /// <inheritdoc/>
    public override T Require() => throw new MembershipRequestException(Rejection.From(Membership.Code.OutcomeUnknown), RequestId);

    /// <summary>The request id.</summary>
    public override string ToString() => $"unknown: request {RequestId}";
}
