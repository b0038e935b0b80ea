using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Snapshots;
using Membership.State;
using Xunit;

namespace Membership.Cluster.Tests.Snapshots;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_folder_has_nothing_and_has_lost_nothing()
    {
        using var store = Open();
        var load = store.LoadNewest();
        Assert.Null(load.Snapshot);
        Assert.Empty(load.Faults);
        Assert.False(load.IsLost);
        Assert.Null(store.Newest);
        Assert.Null(store.Published);
    }

    [Fact]
    public async Task The_first_file_is_not_published_and_survives_a_restart_so()
    {
        using (var store = Open())
        {
            var file = await store.WriteAsync(SampleStates.After(2));
            Assert.Equal((2, SampleStates.Term), (file.Index, file.Term));
            Assert.Equal(new FileInfo(file.Path).Length, file.Length);
            Assert.Equal(file, store.Newest);
            Assert.Null(store.Published);
        }

        using var again = Open();
        var load = again.LoadNewest();
        Assert.Equal(SampleStates.After(2).Digest, load.Snapshot!.State.Digest);
        Assert.Null(again.Published);
    }

    [Fact]
    public async Task Two_are_kept_and_the_older_one_is_published()
    {
        using var store = Open();
        store.LoadNewest();
        SnapshotFile? before = null;
        for (var index = 1; index <= 5; index++)
        {
            var file = await store.WriteAsync(SampleStates.After(index));
            Assert.Equal(file, store.Newest);
            Assert.Equal(before, store.Published);
            before = file;
        }

        Assert.Equal([4, 5], Indexes());
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public async Task A_state_that_is_not_newer_is_not_written()
    {
        using var store = Open();
        var file = await store.WriteAsync(SampleStates.After(3));
        Assert.Equal(file, await store.WriteAsync(SampleStates.After(2)));
        Assert.Equal(file, await store.WriteAsync(SampleStates.After(3)));
        Assert.Equal([3], Indexes());
    }

    [Fact]
    public async Task A_state_of_another_cluster_or_before_the_first_entry_is_refused()
    {
        using var store = Open();
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(MembershipState.Founded("beta")));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.WriteAsync(MembershipState.Founded("alpha")));
    }

    [Fact]
    public async Task A_file_of_another_cluster_is_set_aside()
    {
        using (var store = Open()) await store.WriteAsync(SampleStates.After(2));
        using var other = new SnapshotStore(_folder.Path, "beta");
        var load = other.LoadNewest();
        Assert.Null(load.Snapshot);
        Assert.Contains("of cluster alpha", Assert.Single(load.Faults).Reason, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder.Path, "*.bad"));
    }

    [Fact]
    public async Task A_restart_publishes_what_was_published()
    {
        SnapshotFile published;
        using (var store = Open())
        {
            for (var index = 1; index <= 3; index++) await store.WriteAsync(SampleStates.After(index));
            published = store.Published!;
        }

        using var again = Open();
        Assert.Equal(3, again.LoadNewest().Snapshot!.File.Index);
        Assert.Equal(published, again.Published);
    }

    [Fact]
    public async Task A_file_that_a_peer_reads_stays_until_it_is_read()
    {
        using var store = Open();
        var read = await store.WriteAsync(SampleStates.After(1));
        Assert.True(store.Has(read.Hash));
        for (var index = 2; index <= 6; index++) await store.WriteAsync(SampleStates.After(index));
        Assert.Equal([1, 6], Indexes());

        _time.Advance(SnapshotLeases.Lasting / 2);
        Assert.Equal(read.Length, (await store.ReadAsync(read.Hash, 0, int.MaxValue))!.Value.Length);
        _time.Advance(SnapshotLeases.Lasting / 2);
        await store.WriteAsync(SampleStates.After(7));
        Assert.Equal([1, 7], Indexes());

        _time.Advance(SnapshotLeases.Lasting);
        await store.WriteAsync(SampleStates.After(8));
        Assert.Equal([7, 8], Indexes());
        Assert.False(store.Has(read.Hash));
        Assert.Null(await store.ReadAsync(read.Hash, 0, 1));
    }

    // A newer pointer makes a follower that fetches begin anew: a slow one would never have it.
    [Fact]
    public async Task What_a_peer_reads_stays_published_until_it_is_read_or_the_log_grows_too_long()
    {
        using var store = Open();
        var read = await store.WriteAsync(SampleStates.After(1));
        await store.WriteAsync(SampleStates.After(2));
        Assert.Equal(read, store.Published);
        Assert.True(store.Has(read.Hash));
        for (var index = 3; index <= 10; index++)
        {
            await store.WriteAsync(SampleStates.After(index));
            Assert.Equal((read, 1), (store.Published, SnapshotFolder.MarkedIndex(_folder.Path)));
            Assert.NotNull(await store.ReadAsync(read.Hash, 0, 1));
        }

        await store.WriteAsync(SampleStates.After(11));
        Assert.Equal((10, 10), (store.Published!.Index, SnapshotFolder.MarkedIndex(_folder.Path)));

        Assert.True(store.Has(store.Published.Hash));
        await store.WriteAsync(SampleStates.After(12));
        Assert.Equal(10, store.Published.Index);
        _time.Advance(SnapshotLeases.Lasting);
        await store.WriteAsync(SampleStates.After(13));
        Assert.Equal(12, store.Published.Index);
    }

    [Fact]
    public async Task Leases_do_not_fill_the_disk()
    {
        using var store = Open();
        for (var index = 1; index <= 12; index++) Assert.True(store.Has((await store.WriteAsync(SampleStates.After(index))).Hash));
        Assert.Equal([7, 8, 9, 10, 11, 12], Indexes());
    }

    [Fact]
    public async Task Reads_give_the_bytes_of_the_file_and_none_beyond_it()
    {
        using var store = Open();
        var file = await store.WriteAsync(SampleStates.After(3));
        var bytes = await File.ReadAllBytesAsync(file.Path);
        Assert.Equal(bytes[10..30], (await store.ReadAsync(file.Hash, 10, 20))!.Value.ToArray());
        Assert.Equal(bytes[^5..], (await store.ReadAsync(file.Hash, file.Length - 5, 100))!.Value.ToArray());
        Assert.Equal(0, (await store.ReadAsync(file.Hash, file.Length + 10, 100))!.Value.Length);
        Assert.Null(await store.ReadAsync(default, 0, 1));
    }

    [Fact]
    public async Task Replicas_with_equal_states_write_equal_files()
    {
        using var other = new TestFolder();
        using var store = Open();
        using var second = new SnapshotStore(other.Path, SampleStates.ClusterId);
        Assert.Equal((await store.WriteAsync(SampleStates.After(9))).Hash, (await second.WriteAsync(SampleStates.After(9))).Hash);
    }

    [Fact]
    public async Task Files_that_are_no_snapshots_are_left_alone()
    {
        await File.WriteAllTextAsync(_folder["notes.txt"], "mine");
        await File.WriteAllTextAsync(_folder["0-0-00.snapshot"], "no such name");
        using var store = Open();
        Assert.Empty(store.LoadNewest().Faults);
        for (var index = 1; index <= 3; index++) await store.WriteAsync(SampleStates.After(index));
        Assert.True(File.Exists(_folder["notes.txt"]));
        Assert.True(File.Exists(_folder["0-0-00.snapshot"]));
    }

    private SnapshotStore Open() => new(_folder.Path, SampleStates.ClusterId, time: _time);

    private long[] Indexes() => SnapshotFolder.Indexes(_folder.Path);
}
