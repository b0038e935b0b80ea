using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Log;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 4: an exception out of an apply stops a log for good; out of the install of a snapshot it does not.</summary>
public sealed class Fact04Tests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Fact04_Exception_out_of_apply_stops_the_log_for_good_and_after_a_restart()
    {
        var machine = Refusing();
        await using (var log = Logs.Durable(folder["log"], machine))
        {
            await log.InitializeAsync();
            await log.SetTermAsync(1);
            await log.FollowAsync(1, 1);
            await log.CommitAsync(1);
            await Assert.ThrowsAnyAsync<Exception>(() => log.WaitForApplyAsync(1).AsTask().WaitAsync(Logs.Soon));
            machine.Applying = null;

            await Assert.ThrowsAsync<LogFailedException>(() => log.FollowAsync(2, 1));
        }

        await using var restarted = Logs.Durable(folder["log"], Refusing());
        var failure = await Record.ExceptionAsync(() => ReplayAsync(restarted).WaitAsync(Logs.Soon));
        Assert.IsNotType<TimeoutException>(failure);
        Assert.NotNull(failure);
    }

    [Fact]
    public async Task Fact04_Exception_out_of_a_snapshot_install_fails_only_that_call()
    {
        var machine = Refusing();
        await using var log = Logs.Durable(folder["log"], machine);
        await log.InitializeAsync();
        await log.SetTermAsync(1);
        var snapshot = new ListSnapshot(7, 1, [new Applied(7, 1, "seven", null)]);
        await Assert.ThrowsAsync<InvalidDataException>(() => InstallAsync(log, snapshot));

        machine.Applying = null;
        await InstallAsync(log, snapshot);
        await log.FollowAsync(8, 1);
        await log.CommitAsync(8);
        await log.WaitForApplyAsync(8);

        Assert.Equal(["seven", "8@1"], machine.Payloads);
    }

    // The commit index may not have reached the disk: a leader would tell it again.
    private static async Task ReplayAsync(DurableLog log)
    {
        await log.InitializeAsync();
        await log.CommitAsync(1);
        await log.WaitForApplyAsync(1);
    }

    private static ListStateMachine Refusing() => new() { Applying = _ => throw new InvalidDataException("refused") };

    private static async Task InstallAsync(DurableLog log, ListSnapshot snapshot) =>
        await ((IAuditTrail<IRaftLogEntry>)log).AppendAsync(snapshot, snapshot.Index);
}
