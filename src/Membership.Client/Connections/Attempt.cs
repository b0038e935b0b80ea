using Membership.Protocol.Answers;

namespace Membership.Client;

/// <summary>What came of sending a request once.</summary>
/// <param name="WasSent">Whether any byte of it may have gone out.</param>
/// <param name="Answer">The answer; null when there is none.</param>
internal readonly record struct Attempt(bool WasSent, Answer? Answer)
{
    /// <summary>Nothing went out, so nothing happened.</summary>
    public static Attempt NotSent => default;

    /// <summary>The same, for whoever waits.</summary>
    public static Task<Attempt> NotSentTask { get; } = Task.FromResult(NotSent);

    /// <summary>It went out, and no answer came: it happened, or it did not.</summary>
    public static Attempt Lost => new(true, null);
}
