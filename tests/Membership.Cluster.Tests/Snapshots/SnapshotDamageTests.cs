using System.Security.Cryptography;
using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Snapshots;
using Xunit;

namespace Membership.Cluster.Tests.Snapshots;

/// <summary>Whatever happens to a file on the disk is noticed, and never becomes a state.</summary>
public sealed class SnapshotDamageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_flipped_byte_of_the_newest_file_is_found_and_the_older_file_is_used()
    {
        var (older, newest) = await WriteTwoAsync();
        var bytes = await File.ReadAllBytesAsync(newest.Path);
        for (var i = 0; i < bytes.Length; i++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << (i % 8));
            await File.WriteAllBytesAsync(newest.Path, flipped);

            using var store = Open();
            var load = store.LoadNewest();
            Assert.True(load.Snapshot?.File == older, $"byte {i}");
            Assert.Equal(newest.Path, Assert.Single(load.Faults).Path);
            Assert.Equal(older, store.Newest);
            Assert.Equal(older, store.Published);
            Assert.False(File.Exists(newest.Path));
        }

        Assert.Single(Directory.GetFiles(_folder.Path, "*.bad"));
    }

    [Fact]
    public async Task Every_truncation_of_the_newest_file_is_found_and_the_older_file_is_used()
    {
        var (older, newest) = await WriteTwoAsync();
        var bytes = await File.ReadAllBytesAsync(newest.Path);
        for (var length = 0; length < bytes.Length; length += 7)
        {
            await File.WriteAllBytesAsync(newest.Path, bytes[..length]);
            using var store = Open();
            var load = store.LoadNewest();
            Assert.Equal(older, load.Snapshot?.File);
            Assert.Equal(newest.Path, Assert.Single(load.Faults).Path);
        }
    }

    [Fact]
    public async Task A_missing_newest_file_leaves_the_older_one()
    {
        var (older, newest) = await WriteTwoAsync();
        File.Delete(newest.Path);
        using var store = Open();
        Assert.Equal(older, store.LoadNewest().Snapshot?.File);
        Assert.Equal(older, store.Published);
    }

    [Fact]
    public async Task A_file_that_vanishes_after_the_folder_was_listed_is_a_fault_and_the_older_one_is_used()
    {
        var (older, newest) = await WriteTwoAsync();
        using var store = Open();
        File.Delete(newest.Path);
        var load = store.LoadNewest();
        Assert.Equal(newest.Path, Assert.Single(load.Faults).Path);
        Assert.Equal(older, load.Snapshot?.File);
    }

    [Fact]
    public async Task A_bad_older_file_is_found_too_and_never_published()
    {
        var (older, newest) = await WriteTwoAsync();
        await File.WriteAllBytesAsync(older.Path, new byte[older.Length]);
        using var store = Open();
        var load = store.LoadNewest();
        Assert.Equal(newest, load.Snapshot?.File);
        Assert.Equal(older.Path, Assert.Single(load.Faults).Path);
        // The log does not reach back to its first entry, so Raft has to know of some snapshot.
        Assert.Equal(newest, store.Published);
    }

    [Fact]
    public async Task When_no_file_is_good_the_state_is_lost_and_the_files_are_named()
    {
        var (older, newest) = await WriteTwoAsync();
        await File.WriteAllBytesAsync(older.Path, new byte[older.Length]);
        await File.WriteAllBytesAsync(newest.Path, []);
        using var store = Open();
        var load = store.LoadNewest();
        Assert.Null(load.Snapshot);
        Assert.True(load.IsLost);
        Assert.Equal([newest.Path, older.Path], load.Faults.Select(f => f.Path));
        Assert.Null(store.Published);
        Assert.True(Open().LoadNewest().IsLost);
    }

    [Fact]
    public async Task A_bad_only_file_is_no_loss_while_the_log_reaches_back_to_its_beginning()
    {
        SnapshotFile only;
        using (var store = Open()) only = await store.WriteAsync(SampleStates.After(2));
        await File.WriteAllBytesAsync(only.Path, new byte[only.Length]);
        using var again = Open();
        var load = again.LoadNewest();
        Assert.Null(load.Snapshot);
        Assert.False(load.IsLost);
        Assert.Single(load.Faults);
    }

    [Fact]
    public async Task A_file_that_the_log_does_not_reach_back_to_is_not_used()
    {
        SnapshotFile first;
        using (var store = Open())
        {
            first = await store.WriteAsync(SampleStates.After(1));
            var saved = await File.ReadAllBytesAsync(first.Path);
            for (var index = 2; index <= 4; index++) await store.WriteAsync(SampleStates.After(index));
            foreach (var file in SnapshotFolder.Files(_folder.Path)) File.Delete(file.Path);
            await File.WriteAllBytesAsync(first.Path, saved);
        }

        using var again = Open();
        var load = again.LoadNewest();
        Assert.Null(load.Snapshot);
        Assert.True(load.IsLost);
        Assert.Equal("the log begins after index 3", Assert.Single(load.Faults).Reason);
        Assert.True(File.Exists(first.Path));
    }

    [Fact]
    public async Task A_damaged_file_under_a_fitting_name_is_refused_by_its_content()
    {
        var (older, newest) = await WriteTwoAsync();
        var bytes = await File.ReadAllBytesAsync(newest.Path);
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(newest.Path);
        var name = SnapshotFile.NameOf(newest.Index, newest.Term, new(SHA256.HashData(bytes)));
        await File.WriteAllBytesAsync(_folder[name], bytes);
        using var store = Open();
        var load = store.LoadNewest();
        Assert.Equal(older, load.Snapshot?.File);
        Assert.Contains("Snapshot refused", Assert.Single(load.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_file_under_the_name_of_another_index_is_refused()
    {
        var (older, newest) = await WriteTwoAsync();
        File.Move(newest.Path, _folder[SnapshotFile.NameOf(newest.Index + 1, newest.Term, newest.Hash)]);
        using var store = Open();
        Assert.Equal(older, store.LoadNewest().Snapshot?.File);
    }

    [Fact]
    public async Task A_whole_file_of_a_newer_format_stops_the_start_instead_of_going_back()
    {
        var (_, newest) = await WriteTwoAsync();
        var bytes = await File.ReadAllBytesAsync(newest.Path);
        bytes[7] = 99;
        File.Delete(newest.Path);
        var path = _folder[SnapshotFile.NameOf(newest.Index, newest.Term, new(SHA256.HashData(bytes)))];
        await File.WriteAllBytesAsync(path, bytes);
        using var store = Open();
        Assert.Throws<UnsupportedFormatException>(() => store.LoadNewest());
        Assert.True(File.Exists(path));
    }

    // The newest is small, so that every byte of it can be tried; the mark stands at the older one.
    private async Task<(SnapshotFile Older, SnapshotFile Newest)> WriteTwoAsync()
    {
        using var store = Open();
        return (await store.WriteAsync(SampleStates.After(1)), await store.WriteAsync(SampleStates.After(2)));
    }

    private SnapshotStore Open() => new(_folder.Path, SampleStates.ClusterId);
}
