namespace Membership.Client;

/// <summary>
/// Thrown where a caller asked for the answer alone and there is none: by <see cref="ClientOutcome{T}.Require"/> and by the methods that
/// go through lists and events.
/// </summary>
/// <remarks>May I retry? <see cref="MayRetry"/> says.</remarks>
public sealed class MembershipRequestException : Exception
{
    internal MembershipRequestException(Rejection why, RequestId? requestId)
        : base(why.Field is null ? $"The request ended with {why.CodeName}." : $"The request ended with {why.CodeName}: {why.Field}.")
    {
        Code = why.Code;
        CodeName = why.CodeName;
        Field = why.Field;
        MayRetry = why.MayRetry;
        RequestId = requestId;
    }

    /// <summary>The code; null for one that this library does not know.</summary>
    public Code? Code { get; }

    /// <summary>The code as it was sent.</summary>
    public string? CodeName { get; }

    /// <summary>The field that <see cref="Membership.Code.InvalidArgument"/> names; else null.</summary>
    public string? Field { get; }

    /// <summary>Whether nothing happened and the same request may be made anew. Never true for an unknown outcome.</summary>
    public bool MayRetry { get; }

    /// <summary>The id of the mutation; null for a query.</summary>
    public RequestId? RequestId { get; }
}
