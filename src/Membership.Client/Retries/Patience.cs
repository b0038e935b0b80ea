namespace Membership.Client;

/// <summary>
/// How long one request is waited for, with all its attempts: until its time is over or its caller gives up. It costs no timer and no
/// token source of its own as long as it waits for nothing but an answer.
/// </summary>
/// <remarks>Thread-safe, except that disposing is for whoever waits.</remarks>
internal sealed class Patience : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Deadlines? _deadlines;
    private CancellationTokenRegistration _ofCaller;
    private CancellationTokenSource? _source;
    private PendingAnswer? _awaited;
    private bool _isOver;

    /// <param name="deadlines">Where it stands in line; null for a time of its own.</param>
    private Patience(Deadlines? deadlines) => _deadlines = deadlines;

    /// <summary>Begins to wait.</summary>
    /// <param name="limit">The time.</param>
    /// <param name="usual">The times of requests that have the usual limit.</param>
    /// <param name="cancel">The caller's.</param>
    public static Patience Begin(TimeSpan limit, Deadlines usual, CancellationToken cancel)
    {
        var patience = new Patience(limit == usual.Limit ? usual : null);
        if (patience._deadlines is { } line) line.Add(patience);
        else patience._source = patience.MakeSource(limit, usual.Time);
        if (cancel.CanBeCanceled) patience._ofCaller = cancel.UnsafeRegister(static self => ((Patience)self!).End(), patience);
        return patience;
    }

    /// <summary>Its place in line: when it is over, as a timestamp, and its neighbours.</summary>
    public long Due { get; set; }

    public Patience? Sooner { get; set; }

    public Patience? Later { get; set; }

    /// <summary>Whether it is over.</summary>
    public bool IsOver
    {
        get
        {
            // A source with a time of its own tells whoever waits for it before it tells us.
            lock (_gate) return _isOver || _source is { IsCancellationRequested: true };
        }
    }

    /// <summary>Cancelled when it is over: for waits that are not for an answer, and so are rare.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                _source ??= new();
                if (_isOver) _source.Cancel();
                return _source.Token;
            }
        }
    }

    /// <summary>From now on it is for this answer that the request waits; when it is over, that one is given up.</summary>
    public void WaitFor(PendingAnswer pending)
    {
        lock (_gate)
        {
            _awaited = pending;
            if (!_isOver) return;
        }

        pending.GiveUp();
    }

    /// <summary>It is over.</summary>
    public void End()
    {
        PendingAnswer? awaited;
        lock (_gate)
        {
            if (_isOver) return;
            _isOver = true;
            awaited = _awaited;

            // Whoever hears of it hears it elsewhere, without the lock.
            if (_source is { IsCancellationRequested: false }) _ = _source.CancelAsync();
        }

        awaited?.GiveUp();
    }

    public void Dispose()
    {
        _deadlines?.Remove(this);
        _ofCaller.Dispose();
        lock (_gate)
        {
            _isOver = true;
            _source?.Dispose();
        }
    }

    private CancellationTokenSource MakeSource(TimeSpan limit, TimeProvider time)
    {
        var source = new CancellationTokenSource(limit, time);
        source.Token.UnsafeRegister(static self => ((Patience)self!).End(), this);
        return source;
    }
}
