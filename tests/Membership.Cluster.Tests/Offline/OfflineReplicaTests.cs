using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Membership.Replication.Offline;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Offline;

/// <summary>What a data folder holds is read while no replica runs on it, and nothing in it changes.</summary>
public sealed class OfflineReplicaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_state_of_each_revision_is_made_out_of_the_log_again()
    {
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 500);
        var before = StoppedReplica.ContentOf(stopped.Folder);
        using (var replica = OfflineReplica.Open(stopped.Folder))
        {
            Assert.Equal(("alpha", "r1", null), (replica.ClusterId, replica.ReplicaId, replica.SecretId));
            foreach (var (revision, digest) in stopped.Seen)
            {
                var replay = replica.Replay(revision);
                Assert.Equal((revision, digest), (replay.State.Revision, replay.State.Digest));
                Assert.True(replay.IsWholeEntry && replay.IsKnownCommitted);
            }

            var last = replica.Replay();
            Assert.Equal(stopped.Last.Digest, last.State.Digest);
            Assert.Equal((null, null), (last.Snapshot, last.MismatchIndex));
            Assert.True(last.CheckpointCount > 0);
            Assert.Equal(OfflineProblem.RevisionAhead, Assert.Throws<OfflineException>(() => replica.Replay(last.State.Revision + 1)).Problem);
        }

        Assert.Equal(before, StoppedReplica.ContentOf(stopped.Folder));
    }

    [Fact]
    public async Task A_revision_in_the_middle_of_an_entry_is_the_state_with_the_mutations_up_to_it()
    {
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 500);
        using var replica = OfflineReplica.Open(stopped.Folder);
        var partial = 0;

        // Each mutation registers a node, so the revision is how many there are.
        for (var revision = 41UL; revision < 540; revision += 7)
        {
            var replay = replica.Replay(revision);
            Assert.Equal((revision, (int)revision), (replay.State.Revision, replay.State.NodeCount));
            if (!replay.IsWholeEntry) partial++;
        }

        Assert.True(partial > 0);
    }

    [Fact]
    public async Task The_log_is_read_entry_by_entry()
    {
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 500);
        using var replica = OfflineReplica.Open(stopped.Folder);
        var entries = replica.ReadLog().ToArray();

        Assert.Equal(Enumerable.Range(1, (int)stopped.LastIndex), entries.Select(entry => (int)entry.Index));
        Assert.Equal(580, entries.Sum(entry => entry.Content?.Mutations.Length ?? 0));
        Assert.All(entries.SelectMany(entry => entry.Content?.Mutations ?? []), mutation => Assert.IsType<RegisterNode>(mutation.Proposal!.Mutation));
        Assert.Contains(entries, entry => entry.Kind == StoredEntryKind.Checkpoint);
        Assert.Equal([3L, 4, 5], replica.ReadLog(3, 5).Select(entry => entry.Index));
        Assert.Equal(stopped.LastIndex, replica.VerifyLog().LastIndex);
    }

    [Fact]
    public async Task Behind_a_snapshot_the_log_is_cut_and_what_it_held_before_is_said_to_be_gone()
    {
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 1_000, snapshots: 4);
        using var replica = OfflineReplica.Open(stopped.Folder);
        Assert.True(replica.Log.FirstIndex > 1);
        Assert.Equal(OfflineProblem.RevisionGone, Assert.Throws<OfflineException>(() => replica.Replay(10)).Problem);
        var last = replica.Replay();
        Assert.Equal(stopped.Last.Digest, last.State.Digest);
        Assert.NotNull(last.Snapshot);
        var late = stopped.Seen.Last(seen => seen.Key < last.State.Revision);
        Assert.Equal(late.Value, replica.Replay(late.Key).State.Digest);

        // The newest one is bad: the one before it and more of the log make the same.
        var bytes = File.ReadAllBytes(last.Snapshot);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(last.Snapshot, bytes);
        var again = replica.Replay();
        Assert.Equal(stopped.Last.Digest, again.State.Digest);
        Assert.NotEqual(last.Snapshot, again.Snapshot);
        Assert.Contains(last.Snapshot, Assert.Single(again.Damaged));
    }

    [Fact]
    public async Task What_changed_between_two_revisions_are_the_audit_records_of_it()
    {
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 100);
        using var replica = OfflineReplica.Open(stopped.Folder);
        var found = replica.Compare(17, 123);
        Assert.Equal(Enumerable.Range(18, 106), found.Changes.Select(change => (int)change.Revision));
        Assert.All(found.Changes, change => Assert.Equal("node.registered", change.Action));
        Assert.All(found.Changes, change => Assert.Equal(change.Hash.ToArray(), change.ComputeHash()));
        Assert.Empty(replica.Compare(30, 30).Changes);
    }

    [Fact]
    public async Task A_folder_belongs_to_one_process()
    {
        await using var group = new ReplicaGroup(output, 1);
        await group.StartAsync("r1");
        var problem = Assert.Throws<OfflineException>(() => OfflineReplica.Open(group.FolderOf("r1")));
        Assert.Equal((OfflineProblem.FolderLocked, "folder_locked"), (problem.Problem, problem.Code));
        await group.StopAsync("r1");
        using (OfflineReplica.Open(group.FolderOf("r1")))
            Assert.Equal(DataFolderProblem.Locked, (await Assert.ThrowsAsync<DataFolderException>(() => group.StartAsync("r1"))).Problem);
        await group.StartAsync("r1");
    }
}
