using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Membership.Replication.Log;

/// <summary>Applies committed entries in their order, one at a time, and tells who waits for an index.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ApplyLoop : IAsyncDisposable
{
    private readonly ILogApplier _applier;
    private readonly Func<long, LogEntry?> _read;
    private readonly Func<IClusterConfigurationStorage?> _configuration;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _sync = new();
    private readonly List<Waiter> _waiters = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private long _applied;
    private long _committed;
    private bool _isRunning;
    private bool _isOpen;

    /// <param name="applier">What entries are applied to.</param>
    /// <param name="applied">The index up to which they are.</param>
    /// <param name="committed">The index up to which they may be.</param>
    /// <param name="read">Gets an entry.</param>
    /// <param name="configuration">Where configurations go; null before there is a cluster.</param>
    public ApplyLoop(ILogApplier applier, long applied, long committed, Func<long, LogEntry?> read, Func<IClusterConfigurationStorage?> configuration)
    {
        _applier = applier;
        _applied = applied;
        _committed = committed;
        _read = read;
        _configuration = configuration;
        _stopped = _stop.Token;
    }

    /// <summary>The last index that was applied, or that a snapshot brought.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>The last index that is committed, as far as this replica knows.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Fails with the failure after which nothing is applied any more.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Begins. Until then nothing is applied.</summary>
    public void Open()
    {
        lock (_sync) _isOpen = true;
        Wake();
    }

    /// <summary>Entries up to an index may be applied.</summary>
    /// <returns>How many that are more than before.</returns>
    public long Commit(long index)
    {
        lock (_sync)
        {
            var more = index - _committed;
            if (more <= 0) return 0;
            Volatile.Write(ref _committed, index);
            Wake();
            return more;
        }
    }

    /// <summary>Returns when an index was applied.</summary>
    /// <exception cref="LogFailedException">It never will be.</exception>
    public Task WaitAsync(long index, CancellationToken token)
    {
        if (index <= Applied) return Task.CompletedTask;
        Waiter waiter;
        lock (_sync)
        {
            if (index <= _applied) return Task.CompletedTask;
            if (_failed.Task.IsFaulted) return _failed.Task;
            waiter = WaiterFor(index);
        }

        return waiter.Task.WaitAsync(token);
    }

    /// <summary>Installs a snapshot between two entries.</summary>
    /// <param name="install">Does it, and says up to which index it reaches.</param>
    /// <param name="token">Gives up.</param>
    public async ValueTask InstallAsync(Func<ValueTask<long>> install, CancellationToken token)
    {
        await _gate.WaitAsync(token);
        try
        {
            var index = await install();
            lock (_sync) Volatile.Write(ref _committed, long.Max(_committed, index));
            if (index > Applied) OnApplied(index);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Applies nothing more; returns when the last entry is through. Who waits for more hears that the log was closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _gate.WaitAsync(CancellationToken.None);
        Fail(new LogFailedException("The log was closed.", new ObjectDisposedException(nameof(DurableLog))));
        _gate.Release();
        _stop.Dispose();
        _gate.Dispose();
    }

    // Waiters of an index share one: readers that come together wait for the same.
    private Waiter WaiterFor(long index)
    {
        foreach (var waiter in _waiters) if (waiter.Index == index) return waiter;
        var added = new Waiter(index);
        _waiters.Add(added);
        return added;
    }

    private void Wake()
    {
        lock (_sync)
        {
            if (_isRunning || _stopped.IsCancellationRequested || !_isOpen || _applied >= _committed || _failed.Task.IsFaulted) return;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.RunAsync(), this, preferLocal: true);
    }

    private async Task RunAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            while (Next() is { } index)
            {
                await ApplyAsync(index);
                OnApplied(index);
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Fail(new LogFailedException($"An entry cannot be applied: {e.Message}", e));
        }
        finally
        {
            _gate.Release();
        }
    }

    private long? Next()
    {
        lock (_sync)
        {
            if (_applied < _committed && !_stopped.IsCancellationRequested) return _applied + 1;
            _isRunning = false;
            return null;
        }
    }

    private async ValueTask ApplyAsync(long index)
    {
        var entry = _read(index) ?? throw new InvalidOperationException($"Entry {index} is committed and not in the log.");
        if (entry.IsConfiguration)
        {
            if (_configuration() is { } storage) await storage.SaveConfigurationAsync(entry, index, _stopped);
        }
        else if (entry.CommandId is not null || entry.Payload.Length > 0)
        {
            await _applier.ApplyAsync(entry, _stopped);
            entry.Context = null;
        }
    }

    private void OnApplied(long index)
    {
        List<Waiter>? done = null;
        lock (_sync)
        {
            Volatile.Write(ref _applied, index);
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Index > index) continue;
                (done ??= []).Add(_waiters[i]);
                _waiters.RemoveAt(i);
            }
        }

        done?.ForEach(waiter => waiter.SetResult());
    }

    private void Fail(LogFailedException failure)
    {
        Waiter[] waiters;
        lock (_sync)
        {
            if (_failed.TrySetException(failure)) _ = _failed.Task.Exception;
            waiters = [.. _waiters];
            _waiters.Clear();
        }

        foreach (var waiter in waiters)
        {
            waiter.SetException(failure);
            _ = waiter.Task.Exception;
        }
    }

    private sealed class Waiter(long index) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Index => index;
    }
}
