namespace Membership.Client;

/// <summary>A mutation as it was sent, to be sent again byte for byte, with how its answer is read.</summary>
internal sealed record SentMutation<T>(SealedRequest Request, Func<AnswerReader, T> Read);
