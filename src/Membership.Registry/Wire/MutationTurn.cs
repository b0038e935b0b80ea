namespace Membership.Registry.Wire;

/// <summary>
/// The place of a mutation behind others of its connection that are still on their way. It begins when all of those are proposed; what is
/// behind it begins when it is proposed in its turn, or answered.
/// </summary>
/// <param name="before">Ends when all before it are answered.</param>
internal sealed class MutationTurn(Task before)
{
    private readonly TaskCompletionSource _proposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when all before it are answered: for what has to know what became of them.</summary>
    public Task Before => before;

    /// <summary>Ends when it is proposed.</summary>
    public Task Proposed => _proposed.Task;

    /// <summary>Says that it is proposed, in a way that keeps it before whatever is proposed next.</summary>
    public void Pass() => _proposed.TrySetResult();
}
