using System.Diagnostics;

namespace Membership.Benchmarks.Load;

/// <summary>Clients that each send their next operation when they have the answer to the last one.</summary>
internal static class ClosedLoop
{
    // An operation that never waits would keep its thread for the whole run, and the other clients from theirs.
    private const int OperationsInARow = 64;

    /// <summary>Runs all clients for so long. Operations that end later do not count.</summary>
    /// <param name="clients">Each carries out its next operation: null for a success, else what went wrong.</param>
    /// <param name="length">The length of the run.</param>
    public static async Task<LoadResult> RunAsync(IReadOnlyCollection<Func<ValueTask<string?>>> clients, TimeSpan length)
    {
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var latencies = new LatencyHistogram();
        var runs = await Task.WhenAll(clients.Select(client => Task.Run(() => RunAsync(client, latencies, end))));
        var count = latencies.Count;
        return new(
            count,
            runs.Sum(run => run.Failed),
            count / length.TotalSeconds,
            latencies.PercentileMs(50),
            latencies.PercentileMs(99),
            runs.Select(run => run.FirstFailure).FirstOrDefault(failure => failure is not null));
    }

    private static async Task<ClientRun> RunAsync(Func<ValueTask<string?>> client, LatencyHistogram latencies, long end)
    {
        var run = new ClientRun();
        for (var inARow = 0; ;)
        {
            var start = Stopwatch.GetTimestamp();
            var operation = client();
            inARow = operation.IsCompleted ? inARow + 1 : 0;
            var failure = await operation;
            var now = Stopwatch.GetTimestamp();
            if (now >= end) return run;
            if (failure is null) latencies.Add(Stopwatch.GetElapsedTime(start, now));
            else run.Fail(failure);
            if (inARow < OperationsInARow) continue;
            inARow = 0;
            await Task.Yield();
        }
    }

    private sealed class ClientRun
    {
        public long Failed { get; private set; }

        public string? FirstFailure { get; private set; }

        public void Fail(string failure)
        {
            Failed++;
            FirstFailure ??= failure;
        }
    }
}
