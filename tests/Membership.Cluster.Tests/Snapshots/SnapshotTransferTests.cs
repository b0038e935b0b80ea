using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Peers;
using Membership.Replication.Snapshots;
using Xunit;

namespace Membership.Cluster.Tests.Snapshots;

public sealed class SnapshotTransferTests : IDisposable
{
    // More than three chunks: 60 000 nodes of incompressible keys.
    private const int Entries = 60_000;
    private static readonly Lazy<State.MembershipState> large = new(() => SampleStates.After(Entries));

    private readonly TestFolder _folder = new();
    private readonly SnapshotStore _sender;
    private readonly SnapshotStore _receiver;
    private readonly SnapshotTransfer _transfer;

    public SnapshotTransferTests()
    {
        _sender = new(_folder["sender"], SampleStates.ClusterId);
        _receiver = new(_folder["receiver"], SampleStates.ClusterId);
        _transfer = new(_receiver);
    }

    public void Dispose()
    {
        _transfer.Dispose();
        _receiver.Dispose();
        _sender.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_comes_over_whole_and_counts_only_when_it_is_installed()
    {
        var pointer = await PublishAsync();
        var source = new StoreSource(_sender);
        var received = await _transfer.FetchAsync(pointer, [source]);
        Assert.Equal(large.Value.Digest, received.State.Digest);
        Assert.True(source.Chunks.Count >= 3, $"{source.Chunks.Count} chunks");
        Assert.All(source.Chunks, chunk => Assert.InRange(chunk.Length, 1, PeerEndpoint.ChunkBytesMax));
        Assert.True(_receiver.Has(pointer.Hash));
        Assert.Null(_receiver.Newest);

        await _receiver.InstallAsync(received.File);
        Assert.Equal(received.File, _receiver.Newest);
        Assert.Equal(received.File, _receiver.Published);
        Assert.Equal(await File.ReadAllBytesAsync(_sender.Newest!.Path), await File.ReadAllBytesAsync(received.File.Path));
        Assert.Empty(Directory.GetFiles(_folder["receiver"], "*.partial"));
    }

    [Fact]
    public async Task A_second_fetch_asks_nobody()
    {
        var pointer = await PublishAsync();
        await _transfer.FetchAsync(pointer, [new StoreSource(_sender)]);
        var again = await _transfer.FetchAsync(pointer, []);
        Assert.Equal(large.Value.Digest, again.State.Digest);
    }

    [Fact]
    public async Task After_a_cut_it_goes_on_where_it_stopped()
    {
        var pointer = await PublishAsync();
        var cut = new StoreSource(_sender) { BreaksAfter = 2 };
        await Assert.ThrowsAsync<SnapshotTransferException>(() => _transfer.FetchAsync(pointer, [cut]));
        Assert.False(_receiver.Has(pointer.Hash));

        var rest = new StoreSource(_sender);
        await _transfer.FetchAsync(pointer, [rest]);
        Assert.Equal(2L * PeerEndpoint.ChunkBytesMax, rest.Chunks[0].Offset);
    }

    [Fact]
    public async Task After_a_cut_another_peer_gives_the_rest()
    {
        var pointer = await PublishAsync();
        var (cut, other) = (new StoreSource(_sender) { BreaksAfter = 1 }, new StoreSource(_sender));
        await _transfer.FetchAsync(pointer, [cut, other]);
        Assert.Single(cut.Chunks);
        Assert.Equal(PeerEndpoint.ChunkBytesMax, other.Chunks[0].Offset);
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_stopped()
    {
        var pointer = await PublishAsync();
        await Assert.ThrowsAsync<SnapshotTransferException>(
            () => _transfer.FetchAsync(pointer, [new StoreSource(_sender) { BreaksAfter = 2 }]));
        using var store = new SnapshotStore(_folder["receiver"], SampleStates.ClusterId);
        Assert.Null(store.LoadNewest().Snapshot);
        using var transfer = new SnapshotTransfer(store);
        var rest = new StoreSource(_sender);
        await transfer.FetchAsync(pointer, [rest]);
        Assert.Equal(2L * PeerEndpoint.ChunkBytesMax, rest.Chunks[0].Offset);
    }

    [Fact]
    public async Task A_kill_before_the_check_needs_nobody_afterwards()
    {
        var pointer = await PublishAsync();
        File.Copy(_sender.Newest!.Path, Path.Combine(_folder["receiver"], $"{pointer.Hash}.partial"));
        var received = await _transfer.FetchAsync(pointer, []);
        Assert.Equal(large.Value.Digest, received.State.Digest);
    }

    [Fact]
    public async Task A_partial_file_with_a_hole_is_found_and_fetched_again()
    {
        var pointer = await PublishAsync();
        // A machine that lost power may have kept the length and not the bytes.
        var bytes = await File.ReadAllBytesAsync(_sender.Newest!.Path);
        bytes.AsSpan(5000, 4096).Clear();
        await File.WriteAllBytesAsync(Path.Combine(_folder["receiver"], $"{pointer.Hash}.partial"), bytes);
        var source = new StoreSource(_sender);
        var received = await _transfer.FetchAsync(pointer, [source]);
        Assert.Equal(large.Value.Digest, received.State.Digest);
        Assert.Equal(0, source.Chunks[0].Offset);
    }

    [Fact]
    public async Task A_peer_that_sends_wrong_bytes_does_not_spoil_what_another_sends()
    {
        var pointer = await PublishAsync();
        var (liar, honest) = (new StoreSource(_sender) { Spoils = true, BreaksAfter = 2 }, new StoreSource(_sender));
        var received = await _transfer.FetchAsync(pointer, [liar, honest]);
        Assert.Equal(large.Value.Digest, received.State.Digest);
        Assert.Contains(honest.Chunks, chunk => chunk.Offset == 0);
    }

    [Fact]
    public async Task Wrong_bytes_alone_never_become_a_snapshot()
    {
        var pointer = await PublishAsync();
        await Assert.ThrowsAsync<SnapshotTransferException>(
            () => _transfer.FetchAsync(pointer, [new StoreSource(_sender) { Spoils = true }]));
        Assert.False(_receiver.Has(pointer.Hash));
        Assert.Empty(SnapshotFolder.Files(_folder["receiver"]));
    }

    [Fact]
    public async Task A_snapshot_of_another_cluster_is_refused()
    {
        var pointer = await PublishAsync();
        using var store = new SnapshotStore(_folder["beta"], "beta");
        using var transfer = new SnapshotTransfer(store);
        await Assert.ThrowsAsync<SnapshotTransferException>(() => transfer.FetchAsync(pointer, [new StoreSource(_sender)]));
    }

    [Fact]
    public async Task A_pointer_that_lies_about_index_or_length_is_refused()
    {
        var pointer = await PublishAsync();
        var source = new StoreSource(_sender);
        await Assert.ThrowsAsync<SnapshotTransferException>(() => _transfer.FetchAsync(pointer with { Index = 5 }, [source]));
        await Assert.ThrowsAsync<SnapshotTransferException>(() => _transfer.FetchAsync(pointer with { Length = 100 }, [source]));
        await Assert.ThrowsAsync<SnapshotTransferException>(
            () => _transfer.FetchAsync(pointer with { Length = pointer.Length + 1 }, [source]));
    }

    [Fact]
    public async Task A_peer_without_the_file_is_passed_over()
    {
        var pointer = await PublishAsync();
        using var empty = new SnapshotStore(_folder["empty"], SampleStates.ClusterId);
        await _transfer.FetchAsync(pointer, [new StoreSource(empty), new StoreSource(_sender)]);
        await Assert.ThrowsAsync<SnapshotTransferException>(
            () => _transfer.FetchAsync(pointer with { Hash = new(new byte[32]) }, [new StoreSource(empty)]));
    }

    [Fact]
    public async Task Only_the_file_being_fetched_is_kept_in_part()
    {
        var pointer = await PublishAsync();
        var stale = Path.Combine(_folder["receiver"], $"{new SnapshotHash(new byte[32])}.partial");
        await File.WriteAllBytesAsync(stale, new byte[100]);
        await _transfer.FetchAsync(pointer, [new StoreSource(_sender)]);
        Assert.False(File.Exists(stale));
    }

    private async Task<SnapshotPointer> PublishAsync() =>
        SnapshotPointer.To(await _sender.WriteAsync(large.Value), "127.0.0.1:1");
}
