using Membership.Protocol.Answers;

namespace Membership.Client;

/// <summary>How the attempts of a request ended: with a success, with a rejection, or with neither.</summary>
internal readonly record struct Verdict(Answer? Success, Rejection? Rejection)
{
    public static Verdict Unknown => default;
}
