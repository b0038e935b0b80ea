namespace Membership.Registry.Wire;

/// <summary>
/// The place of a mutation behind others of its connection that are still on their way. It begins when all of those are proposed; what is
/// behind it begins when it is proposed in its turn, or answered.
/// </summary>
/// <param name="owed">The answers of its connection.</param>
/// <param name="before">The mark of those before it.</param>
/// <remarks>Thread-safe. Most mutations need nobody's answer, and are proposed before anybody looks: for those nothing is made but this.</remarks>
internal sealed class MutationTurn(OwedAnswers owed, long before)
{
    private readonly Lock _sync = new();
    private TaskCompletionSource? _waiting;
    private bool _isPassed;

    /// <summary>Returns when all before it are decided: for what has to know what became of them.</summary>
    public Task WaitForThoseBeforeAsync() => owed.UntilMadeAsync(before);

    /// <summary>Ends when it is proposed.</summary>
    public Task Proposed
    {
        get
        {
            lock (_sync)
            {
                if (_isPassed) return Task.CompletedTask;
                _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                return _waiting.Task;
            }
        }
    }

    /// <summary>Says that it is proposed, in a way that keeps it before whatever is proposed next.</summary>
    public void Pass()
    {
        lock (_sync)
        {
            _isPassed = true;
            _waiting?.TrySetResult();
        }
    }
}
