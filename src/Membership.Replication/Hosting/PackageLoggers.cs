using Membership.Replication.Snapshots;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Hosting;

/// <summary>
/// The loggers that the Raft package gets. It reports an error at each heartbeat while a snapshot is being fetched, which is how a fetch is
/// meant to go; the replica says once that it fetches, and once that it has installed.
/// </summary>
internal sealed class PackageLoggers(ILoggerFactory inner) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) => new PackageLogger(inner.CreateLogger(categoryName));

    // The inner factory belongs to whoever made it.
    public void Dispose()
    {
    }

    private sealed class PackageLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not SnapshotNotReadyException) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
