using Membership.Protocol.Answers;

namespace Membership.Client;

/// <summary>Why a request was rejected.</summary>
internal sealed record Rejection(Code? Code, string? CodeName, string? Field)
{
    public bool MayRetry => Code is Membership.Code.NotLeader or Membership.Code.Unavailable
        or Membership.Code.Overloaded or Membership.Code.RateLimited;

    /// <summary>
    /// Whether it is the outcome of the request as such. Other codes are given before the session is looked at, or without looking into
    /// it, and say only that one attempt did nothing.
    /// </summary>
    /// <remarks>Source: command specification, section 5: outcomes of step (5) alone are stored and repeated.</remarks>
    public bool IsOutcome => Code is >= Membership.Code.NotAuthorized and < Membership.Code.NotLeader;

    public static Rejection From(Answer answer) => new(answer.Code, answer.CodeName, answer.Field);

    public static Rejection From(Code code) => new(code, code.ToName(), null);
}
