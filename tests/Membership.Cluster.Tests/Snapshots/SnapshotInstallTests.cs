using System.Diagnostics;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Divergence;
using Membership.Replication.Faults;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Membership.Cluster.Tests.Snapshots;

public sealed class SnapshotInstallTests
{
    [Fact]
    public async Task A_snapshot_that_the_log_lacks_and_the_state_has_passed_does_not_take_the_state_back()
    {
        using var folder = new TestFolder();
        using var sender = new SnapshotStore(folder["sender"], SampleStates.ClusterId);
        using var receiver = new SnapshotStore(folder["receiver"], SampleStates.ClusterId);
        var older = SampleStates.After(20);
        var newer = SampleStates.Extend(older, 30);
        var published = new PublishedSnapshot(await sender.WriteAsync(older), "127.0.0.1:1");
        await receiver.WriteAsync(newer);

        using var transfer = new SnapshotTransfer(receiver);
        await using var installer = new SnapshotInstaller(transfer, _ => [new StoreSource(sender)], NullLogger.Instance);
        var fault = new FaultSignal(NullLogger.Instance);
        var store = new MembershipStore(newer);
        using var fence = new Fence(new(Path.Combine(folder["receiver"], "diverged")), NullLogger.Instance);
        var checkpoints = new Checkpoints(new(), store.Summary, fence, TimeProvider.System, NullLogger.Instance);
        var keeper = new SnapshotKeeper(store, receiver, 1 << 20, "127.0.0.1:2", fault);
        var host = new StateMachineHost(store, receiver, keeper, installer, fence, checkpoints, store.ReplaceState, _ => { }, fault, NullLogger.Instance);
        await using (var log = DurableLog.Open(folder["log"], host))
        {
            while (!await TryInstallAsync(log, published)) await Wait.UntilAsync(() => !installer.IsFetching, "the snapshot to be fetched");
            Assert.Equal((20, 20), (host.Snapshot!.Index, log.LastAppliedIndex));
        }

        Assert.Same(newer, store.Current);
    }

    [Fact]
    public async Task A_leader_that_has_to_come_again_is_held_for_a_moment_first()
    {
        using var folder = new TestFolder();
        using var receiver = new SnapshotStore(folder["receiver"], SampleStates.ClusterId);
        using var transfer = new SnapshotTransfer(receiver);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var installer = new SnapshotInstaller(
            transfer,
            _ =>
            {
                release.Task.Wait();
                return [];
            },
            NullLogger.Instance);
        var asked = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<SnapshotNotReadyException>(() => installer.TakeAsync(new(20, 3, 1000, default, "127.0.0.1:1")).AsTask());
        Assert.True(Stopwatch.GetElapsedTime(asked) >= SnapshotInstaller.Hold - TimeSpan.FromMilliseconds(5));
        release.SetResult();
    }

    private static async Task<bool> TryInstallAsync(DurableLog log, PublishedSnapshot snapshot)
    {
        try
        {
            await ((IAuditTrail<IRaftLogEntry>)log).AppendAsync(snapshot, snapshot.Index);
            return true;
        }
        catch (SnapshotNotReadyException)
        {
            return false;
        }
    }
}
