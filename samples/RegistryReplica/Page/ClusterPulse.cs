using Membership.Replication;
using Microsoft.Extensions.Logging;

namespace RegistryReplica.Page;

/// <summary>Asks every replica each second how it is, once for all who look.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class ClusterPulse(MembershipReplica replica, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly DigestComparison _digests = new();
    private Task _running = Task.CompletedTask;
    private volatile ClusterView? _latest;

    /// <summary>The last that was seen; null before the first.</summary>
    public ClusterView? Latest => _latest;

    public void Start() => _running = RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do await LookAsync(token);
            while (await timer.WaitForNextTickAsync(token));
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task LookAsync(CancellationToken token)
    {
        try
        {
            var reports = await replica.ClusterStatusAsync(token);
            _latest = ClusterView.Of(replica, reports, _digests.Compare(reports), time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A replica that is being stopped, or whose disk fails: the page shows how old its last view is.
            LogBlind(logger, e);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The page could not ask the replicas how they are.")]
    private static partial void LogBlind(ILogger logger, Exception problem);
}
