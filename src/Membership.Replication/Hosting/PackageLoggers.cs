using System.Collections.Concurrent;
using Membership.Replication.Snapshots;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

/// <summary>
/// The loggers that the Raft package gets. It reports an error at each heartbeat while a snapshot is being fetched, which is how a fetch is
/// meant to go; the replica says once that it fetches, and once that it has installed. And it warns of each request that a member does not
/// answer, hundreds of times a second while one is down: the same warning passes once in <see cref="WarningPause"/>.
/// </summary>
internal sealed class PackageLoggers(ILoggerFactory inner, TimeProvider clock) : ILoggerFactory
{
    /// <summary>The package's event of a member that cannot be reached; its text names the member.</summary>
    internal const int MemberUnavailable = 74010;

    /// <summary>How long the same warning of an unreachable member is held back after it was logged.</summary>
    internal static readonly TimeSpan WarningPause = TimeSpan.FromSeconds(10);

    // One for each member that was ever down: as few as there are addresses of replicas.
    private readonly ConcurrentDictionary<string, long> _warnedAt = new(StringComparer.Ordinal);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) => new PackageLogger(inner.CreateLogger(categoryName), this);

    // The inner factory belongs to whoever made it.
    public void Dispose()
    {
    }

    // Of two that come at the same moment both may pass, which does no harm.
    private bool IsDue(string warning)
    {
        var now = clock.GetTimestamp();
        if (_warnedAt.TryGetValue(warning, out var last) && clock.GetElapsedTime(last, now) < WarningPause) return false;
        _warnedAt[warning] = now;
        return true;
    }

    private sealed class PackageLogger(ILogger inner, PackageLoggers owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is SnapshotNotReadyException) return;
            if (eventId.Id == MemberUnavailable && !owner.IsDue(formatter(state, exception))) return;
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
