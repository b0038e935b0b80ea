using System.Diagnostics;
using Microsoft.AspNetCore.Connections;

namespace Membership.Replication.Transport;

/// <summary>
/// The way to one replica: one attempt to connect at a time, which goes on when whoever asked for it has no time left. Who asks next finds it
/// under way, or its connection.
/// </summary>
/// <remarks>
/// The package asks every voter for its vote and waits for each of them. A request to one that is gone without a word takes all of its
/// timeout, and several follow one another between the last word of a leader and the first of the next: only the first may take so long. One
/// that comes back late is found by the attempt that waits for it, or by the next one.
/// Thread-safe.
/// </remarks>
/// <param name="connect">Connects. Its token is cancelled when the limit is reached.</param>
/// <param name="limit">How long an attempt goes on.</param>
/// <param name="patience">For how long from its beginning an attempt is waited for by those who expect nothing of it.</param>
internal sealed class Dial(Func<CancellationToken, Task<ConnectionContext>> connect, TimeSpan limit, TimeSpan patience) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _sync = new();
    private Attempt? _attempt;

    /// <summary>A connection of the caller's own.</summary>
    /// <param name="isGone">Whether the last request to the other end failed: then there is little to wait for.</param>
    /// <param name="token">Ends the waiting, not the attempt.</param>
    /// <exception cref="IOException">The attempt took too long. Whatever else <c>connect</c> throws comes out as it is.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ConnectionContext> TakeAsync(bool isGone, CancellationToken token)
    {
        while (true)
        {
            var attempt = Join(out var isOwn);
            var connection = await WaitAsync(attempt, isGone, token);
            if (!Claim(attempt)) continue;
            if (isOwn || !IsStale(attempt, connection)) return connection;
            await connection.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Attempt? last;
        lock (_sync) last = _attempt;
        if (last is null) return;
        await ((Task)last.Connection).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (last.Connection.IsCompletedSuccessfully && Claim(last)) await last.Connection.Result.DisposeAsync();
    }

    private async Task<ConnectionContext> WaitAsync(Attempt attempt, bool isGone, CancellationToken token)
    {
        if (!isGone) return await attempt.Connection.WaitAsync(token);
        var left = patience - Stopwatch.GetElapsedTime(attempt.Begun);
        try
        {
            return await attempt.Connection.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, token);
        }
        catch (TimeoutException e)
        {
            throw new IOException("It has not answered before, and does not now.", e);
        }
    }

    // One that lay here until the other end gave it up, or for so long that another replica may have the address by now.
    private bool IsStale(Attempt attempt, ConnectionContext connection) =>
        connection.ConnectionClosed.IsCancellationRequested || Stopwatch.GetElapsedTime(attempt.Begun) > 2 * limit;

    private Attempt Join(out bool isOwn)
    {
        lock (_sync)
        {
            isOwn = _attempt is null;
            if (_attempt is not null) return _attempt;
            _attempt = new(Stopwatch.GetTimestamp(), ConnectAsync());
            _ = ObserveAsync(_attempt.Connection);
            return _attempt;
        }
    }

    private bool Claim(Attempt attempt)
    {
        lock (_sync)
        {
            if (_attempt != attempt) return false;
            _attempt = null;
            return true;
        }
    }

    private async Task<ConnectionContext> ConnectAsync()
    {
        // Whoever began it holds the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limited.CancelAfter(limit);
        try
        {
            return await connect(limited.Token);
        }
        catch (Exception e)
        {
            lock (_sync) _attempt = null;
            if (e is OperationCanceledException) throw new IOException($"Not connected within {limit.TotalMilliseconds} ms, or closed.", e);
            throw;
        }
    }

    // Perhaps nobody is left to hear of a failure.
    private static async Task ObserveAsync(Task connection) => await connection.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private sealed record Attempt(long Begun, Task<ConnectionContext> Connection);
}
