using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Writes what replicas log into the test's output, with the time since its start and the replica's name.</summary>
internal sealed class TestLog(ITestOutputHelper output)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _sync = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Replica, int Id, string Message)> _events = [];

    /// <summary>Everything logged so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_sync) return [.. _lines];
        }
    }

    /// <summary>The ids of what each replica logged so far, with the words.</summary>
    public IReadOnlyList<(string Replica, int Id, string Message)> Events
    {
        get
        {
            lock (_sync) return [.. _events];
        }
    }

    /// <summary>Where one replica logs.</summary>
    public ILoggerFactory For(string replica) => new Factory(this, replica);

    private void Note(string replica, int id, string message)
    {
        lock (_sync) _events.Add((replica, id, message));
    }

    private void Write(string line)
    {
        var text = $"{Stopwatch.GetElapsedTime(_start).TotalMilliseconds,7:0} {line}";
        lock (_sync)
        {
            _lines.Add(text);
            try
            {
                output.WriteLine(text);
            }
            catch (InvalidOperationException)
            {
                // The test is over.
            }
        }
    }

    private sealed class Factory(TestLog log, string replica) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new Logger(log, replica, $"{replica} {categoryName.Split('.')[^1]}");

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Logger(TestLog log, string replica, string source) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            log.Note(replica, eventId.Id, formatter(state, exception));
            log.Write($"{source} {logLevel}: {formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}");
        }
    }
}
