using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Snapshots;
using Xunit;

namespace Membership.Cluster.Tests.Snapshots;

/// <summary>
/// Folders as a kill leaves them between any two steps. From each the start comes to a state that the log reaches back to, and still
/// does when the newest file then turns out bad.
/// </summary>
public sealed class SnapshotKillTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private int _images;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_kill_between_any_two_steps_of_a_write_loses_nothing()
    {
        var (before, after) = await WriteThirdAsync();
        var third = SnapshotFolder.Files(after)[^1];
        var bytes = await File.ReadAllBytesAsync(third.Path);

        // The temporary file at any length.
        for (var length = 0; length <= bytes.Length; length += Math.Max(1, bytes.Length / 10))
        {
            var folder = Image(before);
            await File.WriteAllBytesAsync(Path.Combine(folder, "3.tmp"), bytes[..length]);
            await StartsWithAsync(folder, newest: 2, published: 1);
            Assert.Empty(Directory.GetFiles(folder, "*.tmp"));
        }

        // Renamed.
        var renamed = Image(before);
        File.Copy(third.Path, Path.Combine(renamed, Path.GetFileName(third.Path)));
        await StartsWithAsync(renamed, newest: 3, published: 2);

        // Marked; the older mark is still there.
        var marked = Image(before);
        File.Copy(third.Path, Path.Combine(marked, Path.GetFileName(third.Path)));
        await File.WriteAllBytesAsync(Path.Combine(marked, "published-2"), []);
        await StartsWithAsync(marked, newest: 3, published: 2);

        // The older mark is gone, the oldest file still there.
        var unmarked = Image(before);
        File.Copy(third.Path, Path.Combine(unmarked, Path.GetFileName(third.Path)));
        File.Move(Path.Combine(unmarked, "published-1"), Path.Combine(unmarked, "published-2"));
        await StartsWithAsync(unmarked, newest: 3, published: 2);

        // All done.
        await StartsWithAsync(Image(after), newest: 3, published: 2);
    }

    [Fact]
    public async Task A_kill_between_any_two_steps_of_an_install_loses_nothing()
    {
        // Two of its own, the log cut at the first; then one from a peer, far ahead.
        var (before, _) = await WriteThirdAsync();
        var (received, name, bytes) = await MakeReceivedAsync(9);
        var partial = $"{received.Hash}.partial";

        // Any length of the partial file, even the whole: the store never takes it for a snapshot.
        for (var length = 0; length <= bytes.Length; length += Math.Max(1, bytes.Length / 10))
        {
            var folder = Image(before);
            await File.WriteAllBytesAsync(Path.Combine(folder, partial), bytes[..length]);
            await StartsWithAsync(folder, newest: 2, published: 1);
            Assert.True(File.Exists(Path.Combine(folder, partial)));
        }

        // Renamed, not installed: the log still is the old one.
        var renamed = Image(before);
        await File.WriteAllBytesAsync(Path.Combine(renamed, name), bytes);
        await StartsWithAsync(renamed, newest: 9, published: 2);

        // Marked: the log may begin after it, so nothing before it may be published.
        var marked = Image(before);
        await File.WriteAllBytesAsync(Path.Combine(marked, name), bytes);
        await File.WriteAllBytesAsync(Path.Combine(marked, "published-9"), []);
        using (var store = new SnapshotStore(marked, SampleStates.ClusterId))
        {
            Assert.Equal(9, store.LoadNewest().Snapshot?.File.Index);
            Assert.Equal(9, store.Published?.Index);
            Assert.Equal([9], SnapshotFolder.Indexes(marked));
        }
    }

    [Fact]
    public async Task An_installed_file_is_published_at_once_and_the_next_write_goes_on_from_it()
    {
        var (before, _) = await WriteThirdAsync();
        var (received, name, bytes) = await MakeReceivedAsync(9);
        await File.WriteAllBytesAsync(Path.Combine(before, name), bytes);
        using var store = new SnapshotStore(before, SampleStates.ClusterId);
        store.LoadNewest();
        await store.InstallAsync(received with { Path = Path.Combine(before, name) });
        Assert.Equal(9, store.Published?.Index);
        Assert.Equal(9, store.Newest?.Index);
        Assert.Equal([9], SnapshotFolder.Indexes(before));
        await store.WriteAsync(SampleStates.After(12));
        Assert.Equal((12, 9), (store.Newest!.Index, store.Published!.Index));
    }

    // What every start has to hold, whatever the kill left.
    private static async Task StartsWithAsync(string folder, long newest, long published)
    {
        using (var store = new SnapshotStore(folder, SampleStates.ClusterId))
        {
            var load = store.LoadNewest();
            Assert.Empty(load.Faults);
            Assert.Equal(newest, load.Snapshot?.File.Index);
            Assert.Equal(SampleStates.After((int)newest).Digest, load.Snapshot!.State.Digest);
            Assert.Equal(newest, store.Newest?.Index);
            Assert.Equal(published, store.Published?.Index);
            Assert.Equal(published, SnapshotFolder.MarkedIndex(folder));
            Assert.Equal([published, newest], SnapshotFolder.Indexes(folder));
            await File.WriteAllBytesAsync(store.Newest!.Path, [1, 2, 3]);
        }

        using var damaged = new SnapshotStore(folder, SampleStates.ClusterId);
        var older = damaged.LoadNewest();
        Assert.Equal(published, older.Snapshot?.File.Index);
        Assert.Equal(published, damaged.Published?.Index);
    }

    // A folder with files 1 and 2 and what it is after the third was written.
    private async Task<(string Before, string After)> WriteThirdAsync()
    {
        var folder = _folder[$"written-{++_images}"];
        using var store = new SnapshotStore(folder, SampleStates.ClusterId);
        store.LoadNewest();
        await store.WriteAsync(SampleStates.After(1));
        await store.WriteAsync(SampleStates.After(2));
        var before = Image(folder);
        await store.WriteAsync(SampleStates.After(3));
        return (before, folder);
    }

    private async Task<(SnapshotFile File, string Name, byte[] Bytes)> MakeReceivedAsync(int index)
    {
        using var store = new SnapshotStore(_folder[$"peer-{++_images}"], SampleStates.ClusterId);
        var file = await store.WriteAsync(SampleStates.After(index));
        return (file, Path.GetFileName(file.Path), await File.ReadAllBytesAsync(file.Path));
    }

    private string Image(string folder) => SnapshotFolder.Copy(folder, _folder[$"image-{++_images}"]);
}
