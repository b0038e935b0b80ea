using System.Diagnostics;
using Membership.Replication;
using Xunit;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Callers that register nodes all the time, each on whichever replica runs, and count what they hear.</summary>
internal sealed class ReplicaLoad : IAsyncDisposable
{
    private readonly ReplicaGroup _group;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _callers;
    private readonly Lock _sync = new();
    private long _lastDone = Stopwatch.GetTimestamp();
    private long _gap;
    private int _done;
    private int _unknown;

    public ReplicaLoad(ReplicaGroup group, int callers = 12)
    {
        _group = group;
        _callers = [.. Enumerable.Range(0, callers).Select(i => Task.Run(() => CallAsync(i)))];
    }

    /// <summary>Returns when so many further changes were acknowledged.</summary>
    public Task AdvanceAsync(int count)
    {
        var goal = Volatile.Read(ref _done) + count;
        return Wait.UntilAsync(() => Volatile.Read(ref _done) >= goal, $"{count} further changes", TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends it: how much was acknowledged, how much is unknown, and the longest time in which nobody got an answer.</summary>
    public async Task<(int Done, int Unknown, TimeSpan Gap)> EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
        return (_done, _unknown, Stopwatch.GetElapsedTime(0, _gap));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        while (!_stop.IsCancellationRequested)
        {
            var running = _group.Running.Where(replica => !replica.Fault.IsCompleted).ToArray();
            var outcome = await running[caller % running.Length].RegisterAsync();
            if (outcome.IsOk) NoteDone();
            else await BackOffAsync(outcome.Code);
        }
    }

    // A replica that stops answers at once: without a pause its callers would leave the others no processor.
    private Task BackOffAsync(Code code)
    {
        Assert.True(code is Code.OutcomeUnknown or Code.Unavailable, $"{code}");
        if (code == Code.OutcomeUnknown) Interlocked.Increment(ref _unknown);
        return Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
    }

    private void NoteDone()
    {
        lock (_sync)
        {
            var now = Stopwatch.GetTimestamp();
            _gap = Math.Max(_gap, now - _lastDone);
            _lastDone = now;
            _done++;
        }
    }
}
