using Membership.Protocol.Answers;

namespace Membership.Client;

/// <summary>A request that was written to a connection, and whose answer is to come.</summary>
/// <param name="type">The command's word.</param>
internal sealed class PendingAnswer(string type) : TaskCompletionSource<Attempt>
{
    /// <summary>Whether the answer can be the one to this request.</summary>
    public bool Accepts(Answer answer) => answer.IsError || IsSuccess(answer.Type);

    /// <summary>The answer. Whoever waits goes on within this call.</summary>
    public void Arrive(Answer answer) => TrySetResult(new(WasSent: true, answer));

    /// <summary>No answer is waited for any more. Whoever waits goes on elsewhere.</summary>
    public void GiveUp() => ThreadPool.UnsafeQueueUserWorkItem(static pending => pending.TrySetResult(Attempt.Lost), this, preferLocal: false);

    private bool IsSuccess(string given) =>
        given.Length == type.Length + 3 && given.StartsWith(type, StringComparison.Ordinal) && given.EndsWith("_ok", StringComparison.Ordinal);
}
