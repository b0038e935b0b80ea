using Membership.Replication.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Membership.Cluster.Tests.Hosting;

/// <summary>What the Raft package says of a member that is down stays readable.</summary>
public sealed class PackageLoggersTests
{
    private readonly ManualTime _time = new();
    private readonly LineLogger _lines = new();

    [Fact]
    public void A_member_that_is_down_is_told_once_in_a_pause_and_each_member_for_itself()
    {
        using var loggers = new PackageLoggers(new OneLogger(_lines), _time);
        var client = loggers.CreateLogger("client");
        var cluster = loggers.CreateLogger("cluster");
        for (var i = 0; i < 250; i++)
        {
            Warn(client, "b");
            Warn(cluster, "b");
            Warn(client, "c");
        }

        Assert.Equal(["Warning: b is unavailable", "Warning: c is unavailable"], _lines.Lines);

        _time.Advance(PackageLoggers.WarningPause);
        Warn(client, "b");
        Warn(client, "b");
        Assert.Equal(3, _lines.Lines.Length);
    }

    [Fact]
    public void Other_events_pass_each_time()
    {
        using var loggers = new PackageLoggers(new OneLogger(_lines), _time);
        var cluster = loggers.CreateLogger("cluster");
        for (var i = 0; i < 3; i++) cluster.Log(LogLevel.Information, new EventId(PackageLoggers.MemberUnavailable + 1), "same", null, (text, _) => text);
        Assert.Equal(3, _lines.Lines.Length);
    }

    private static void Warn(ILogger logger, string member) => logger.Log(
        LogLevel.Warning, new EventId(PackageLoggers.MemberUnavailable), member, new TimeoutException(), (name, _) => $"{name} is unavailable");

    private sealed class OneLogger(ILogger logger) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
