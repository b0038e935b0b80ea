namespace Membership.Registry.Wire;

/// <summary>The answers that a client is owed: which are made, in whatever order, and how many are given, in the order of the requests.</summary>
/// <param name="max">So many are owed at a time at most.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class OwedAnswers(int max)
{
    private readonly Lock _sync = new();

    // Of the numbers from the least that is not made; there is one place more than are owed.
    private readonly bool[] _isMade = new bool[max + 1];
    private long _owed;
    private long _made;
    private long _given;
    private List<(long Mark, TaskCompletionSource Made)>? _awaited;

    /// <summary>How many were owed so far: the mark of those before whatever is owed next.</summary>
    public long Mark
    {
        get
        {
            lock (_sync) return _owed;
        }
    }

    /// <summary>Whether each was given.</summary>
    public bool AreAllGiven
    {
        get
        {
            lock (_sync) return _owed == _given;
        }
    }

    /// <summary>One more is owed.</summary>
    /// <returns>Its number, for <see cref="Make"/>.</returns>
    public long Owe()
    {
        lock (_sync) return _owed++;
    }

    /// <summary>The answer of this number is made, or will never be.</summary>
    public void Make(long number)
    {
        lock (_sync)
        {
            _isMade[number % _isMade.Length] = true;
            for (; _made < _owed && _isMade[_made % _isMade.Length]; _made++) _isMade[_made % _isMade.Length] = false;
            if (_awaited is null) return;
            foreach (var (_, made) in _awaited.Where(awaited => awaited.Mark <= _made)) made.SetResult();
            _awaited.RemoveAll(awaited => awaited.Mark <= _made);
            if (_awaited.Count == 0) _awaited = null;
        }
    }

    /// <summary>The next one goes out, or never will.</summary>
    public void Give()
    {
        lock (_sync) _given++;
    }

    /// <summary>Ends when all below a mark are made, whether the client has taken them or not.</summary>
    public Task UntilMadeAsync(long mark)
    {
        lock (_sync)
        {
            if (_made >= mark) return Task.CompletedTask;
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_awaited ??= []).Add((mark, made));
            return made.Task;
        }
    }
}
