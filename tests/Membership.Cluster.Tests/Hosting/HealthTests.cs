using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Membership.Replication.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Hosting;

/// <summary>What health checks answer, and what they tell an operator to do.</summary>
public sealed class HealthTests(ITestOutputHelper output)
{
    private static readonly string[] looked =
        ["caught_up", "clock_agrees", "disk_writable", "has_leader", "has_vote", "lag", "not_fenced", "not_stopped"];

    [Fact]
    public async Task A_replica_that_serves_is_alive_and_ready_and_says_ok_to_each_question()
    {
        await using var group = new ReplicaGroup(output, 1);
        using var host = ReplicaHosts.Build(ReplicaHosts.SettingsOf(group, "r1"));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host, "live")).Status);
        var before = await CheckAsync(host, "ready");
        Assert.Equal(HealthStatus.Unhealthy, before.Status);
        Assert.Contains("still opening its data folder: wait", (string)before.Data["started"], StringComparison.Ordinal);

        await host.StartAsync();
        Assert.True((await host.Services.GetRequiredService<MembershipReplica>().RegisterAsync()).IsOk);
        var ready = await CheckAsync(host, "ready");
        Assert.Equal(HealthStatus.Healthy, ready.Status);
        Assert.Equal(looked, ready.Data.Where(answer => answer.Value is "ok").Select(answer => answer.Key).Order(StringComparer.Ordinal));
        Assert.Equal(1UL, ready.Data["revision"]);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host, "live")).Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task Without_a_leader_it_is_alive_and_not_ready_and_says_what_to_look_at()
    {
        await using var group = new ReplicaGroup(output, 3);
        using var host = ReplicaHosts.Build(ReplicaHosts.SettingsOf(group, "r1"));
        await host.StartAsync();
        var ready = await CheckAsync(host, "ready");
        Assert.Equal(HealthStatus.Unhealthy, ready.Status);
        Assert.Contains("see that a majority of the replicas runs", (string)ready.Data["has_leader"], StringComparison.Ordinal);
        Assert.Contains("has_leader: No leader is known", ready.Description, StringComparison.Ordinal);
        Assert.Equal("ok", ready.Data["disk_writable"]);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host, "live")).Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_makes_it_not_ready()
    {
        await using var group = new ReplicaGroup(output, 1);
        using var host = ReplicaHosts.Build(ReplicaHosts.SettingsOf(group, "r1"));
        await host.StartAsync();
        var inTheWay = Directory.CreateDirectory(Path.Combine(group.FolderOf("r1"), "probe"));
        var ready = await CheckAsync(host, "ready");
        Assert.Equal(HealthStatus.Unhealthy, ready.Status);
        Assert.Contains("cannot be written", (string)ready.Data["disk_writable"], StringComparison.Ordinal);
        Assert.Contains("Make room, or see to the disk", (string)ready.Data["disk_writable"], StringComparison.Ordinal);

        inTheWay.Delete();
        await Wait.UntilAsync(() => host.Services.GetRequiredService<MembershipReplica>().Status.Role == ReplicaRole.Leader, "a leader");
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host, "ready")).Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_replica_that_has_stopped_for_good_is_not_alive_and_says_how_to_start_it_again()
    {
        await using var group = new ReplicaGroup(output, 1);
        await group.StartAsync("r1");
        await using var services = new ServiceCollection().AddLogging().AddSingleton(group["r1"]).AddHealthChecks().AddMembershipReplica().Services.BuildServiceProvider();
        group["r1"].Engine.Fault.Raise(new(ReplicaFaultKind.DiskFull, "There is no room."));
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
        Assert.All(
            report.Entries.Values, entry => Assert.Equal("disk_full: There is no room. Make room, then start it again.", entry.Data["not_stopped"]));
    }

    [Fact]
    public void Each_question_has_a_right_and_a_wrong_answer()
    {
        var status = new ReplicaStatus
        {
            ClusterId = "alpha",
            ReplicaId = "r1",
            Role = ReplicaRole.Follower,
            Leader = "r2",
            Term = 3,
            LastIndex = 20,
            CommitIndex = 20,
            AppliedIndex = 9,
            Revision = 9,
            Digest = default,
            StateVersion = 1,
            ClusterTime = 0,
            SnapshotIndex = 0,
            LastFlush = default,
            HasClockSkew = false,
            Fault = null,
        };
        Assert.Null(ReplicaAnswers.CaughtUp(status, commitIndexAtStart: 9).Problem);
        Assert.Equal("It has applied index 9 of 10 that it knew at its start: wait.", ReplicaAnswers.CaughtUp(status, commitIndexAtStart: 10).Problem);
        Assert.Null(ReplicaAnswers.Lag(5, lagMax: 5).Problem);
        Assert.Contains("6 committed entries are not applied here", ReplicaAnswers.Lag(6, lagMax: 5).Problem, StringComparison.Ordinal);
        Assert.Null(ReplicaAnswers.HasVote(status).Problem);
        Assert.Contains("add it to the cluster", ReplicaAnswers.HasVote(status with { Role = ReplicaRole.Standby }).Problem, StringComparison.Ordinal);
        Assert.Null(ReplicaAnswers.ClockAgrees(status).Problem);
        Assert.Contains("NTP", ReplicaAnswers.ClockAgrees(status with { HasClockSkew = true }).Problem, StringComparison.Ordinal);
        Assert.Null(ReplicaAnswers.NotFenced(null).Problem);
        Assert.All(
            Enum.GetValues<ReplicaFaultKind>(),
            kind => Assert.EndsWith(".", ReplicaAnswers.NotStopped(new(kind, "It is so.")).Problem, StringComparison.Ordinal));
    }

    /// <summary>What the check for readiness says of a replica without a host.</summary>
    internal static async Task<HealthCheckResult> ReadyAsync(MembershipReplica replica)
    {
        var check = new ReplicaReadyCheck(replica);
        return await check.CheckHealthAsync(new() { Registration = new("ready", check, HealthStatus.Unhealthy, null) });
    }

    private static async Task<HealthReportEntry> CheckAsync(IHost host, string tag)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains(tag));
        return Assert.Single(report.Entries).Value;
    }
}
