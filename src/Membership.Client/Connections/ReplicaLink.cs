namespace Membership.Client;

/// <summary>A connection to a replica, opened when it is needed and again when it broke.</summary>
/// <remarks>Thread-safe: whoever needs the connection while it is being opened waits for the same one.</remarks>
internal sealed class ReplicaLink(ReplicaEndPoint replica, MembershipClientOptions options, TimeSpan answerLimit) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private volatile ReplicaConnection? _connection;
    private Task<ReplicaConnection?>? _opening;

    /// <summary>Sends a request once.</summary>
    public Task<Attempt> SendAsync(SealedRequest request, Patience patience) =>
        _connection is { IsBroken: false } open ? Send(open, request, patience) : ConnectAndSendAsync(request, patience);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed.IsCancellationRequested) return;
            _disposed.Cancel();
            _connection?.Dispose();
        }
    }

    private async Task<Attempt> ConnectAndSendAsync(SealedRequest request, Patience patience)
    {
        ReplicaConnection? connection;
        try
        {
            connection = await ConnectAsync().WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return Attempt.NotSent;
        }

        return connection is null ? Attempt.NotSent : await Send(connection, request, patience);
    }

    private Task<Attempt> Send(ReplicaConnection connection, SealedRequest request, Patience patience)
    {
        var isLeaking = request.ShowsToken && !connection.IsPrivate && !options.AllowPlaintextTokens;
        if (isLeaking) throw new PlaintextTokenException(replica);
        return connection.SendAsync(request, patience);
    }

    private Task<ReplicaConnection?> ConnectAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            if (_connection is { IsBroken: false }) return Task.FromResult<ReplicaConnection?>(_connection);
            return _opening ??= OpenAsync();
        }
    }

    private async Task<ReplicaConnection?> OpenAsync()
    {
        await Task.Yield();
        using var limit = new CancellationTokenSource(options.ConnectLimit, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _disposed.Token);
        ReplicaConnection? connection = null;
        try
        {
            connection = await ReplicaConnection.OpenAsync(replica, options.Tls, answerLimit, options.TimeProvider, either.Token);
        }
        finally
        {
            lock (_gate)
            {
                // Whatever came of it, the next one who asks begins anew.
                _opening = null;
                if (!_disposed.IsCancellationRequested) _connection = connection;
            }
        }

        if (!_disposed.IsCancellationRequested) return connection;
        connection?.Dispose();
        return null;
    }
}
