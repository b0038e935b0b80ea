namespace Membership.Registry.Wire;

/// <summary>
/// The place of a mutation behind others of its connection that are still on their way. It begins when all of those are proposed; what is
/// behind it begins when it is proposed in its turn, or answered.
/// </summary>
/// <param name="before">Those before it, which end when they are answered.</param>
/// <remarks>
/// Thread-safe, except that <see cref="Before"/> is for the mutation's own handler. Most mutations are alone on their connection, or are
/// proposed before anybody looks: for those nothing is made but this.
/// </remarks>
internal sealed class MutationTurn(Task[] before)
{
    private readonly Lock _sync = new();
    private TaskCompletionSource? _waiting;
    private Task? _before;
    private bool _isPassed;

    /// <summary>Ends when all before it are answered: for what has to know what became of them.</summary>
    public Task Before => _before ??= Task.WhenAll(before);

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
