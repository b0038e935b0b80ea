using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 5: the package's own state machine keeps half of a snapshot as if it were whole.</summary>
public sealed class Fact05Tests : IDisposable
{
    private const int WholeBytes = 200_000;
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Fact05_Half_received_snapshot_is_kept_under_the_newest_name_and_loaded()
    {
        var snapshots = Directory.CreateDirectory(folder["snapshots"]);
        await using (var machine = new PackageStateMachine(snapshots))
        await using (var log = Logs.Stock(folder["log"], machine))
        {
            var install = ((IAuditTrail<IRaftLogEntry>)log).AppendAsync(new BreakingSnapshot(), 1000);
            await Assert.ThrowsAsync<IOException>(() => install.AsTask());
        }

        await using var restarted = new PackageStateMachine(snapshots);
        await restarted.RestoreAsync();
        Assert.InRange(restarted.Restored!.Length, 1, WholeBytes - 1);
        await using var reopened = Logs.Stock(folder["log"], restarted);
        Assert.Equal(1000, reopened.LastCommittedEntryIndex);
    }

    [Fact]
    public async Task Fact05_Applies_wait_until_the_snapshot_before_them_is_written()
    {
        await using var machine = new PackageStateMachine(Directory.CreateDirectory(folder["snapshots"]));
        await using var log = Logs.Stock(folder["log"], machine);
        await log.FollowAsync(1, 1, 1);
        await log.CommitAsync(2);

        await machine.Persisting.Task.WaitAsync(Logs.Soon);
        await Assert.ThrowsAsync<TimeoutException>(() => log.WaitForApplyAsync(2).AsTask().WaitAsync(TimeSpan.FromMilliseconds(300)));

        machine.Persist.SetResult();
        await log.WaitForApplyAsync(2).AsTask().WaitAsync(Logs.Soon);
    }

    /// <summary>Takes a snapshot after the first entry, written when the test says so.</summary>
    private sealed class PackageStateMachine(DirectoryInfo location) : SimpleStateMachine(location)
    {
        public string? Restored { get; private set; }

        public TaskCompletionSource Persisting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Persist { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async ValueTask RestoreAsync(FileInfo snapshotFile, CancellationToken token) =>
            Restored = await File.ReadAllTextAsync(snapshotFile.FullName, token);

        protected override async ValueTask PersistAsync(IAsyncBinaryWriter writer, CancellationToken token)
        {
            Persisting.TrySetResult();
            await Persist.Task.WaitAsync(token);
            await writer.Invoke("whole"u8.ToArray(), token);
        }

        protected override ValueTask<bool> ApplyAsync(LogEntry entry, CancellationToken token) => ValueTask.FromResult(entry.Index == 1);
    }

    private sealed class BreakingSnapshot : ISnapshot
    {
        public long Index => 1000;

        public long Term => 1;

        public long? Length => WholeBytes;

        public bool IsReusable => false;

        public async ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
            where TWriter : IAsyncBinaryWriter
        {
            await writer.Invoke(new byte[WholeBytes / 2], token);
            throw new IOException("The connection broke.");
        }
    }
}
