using System.Security.Cryptography;
using System.Text.Json;
using Membership.Client;
using Membership.Replication;
using Membership.Snapshots;
using Xunit;
using Xunit.Abstractions;
using static Membership.Cluster.Tests.Wire.WireClient;

namespace Membership.Cluster.Tests.Wire;

/// <summary>A backup over the wire, from whichever replica.</summary>
public sealed class SnapshotReadTests(ITestOutputHelper output)
{
    private const int PieceBytes = 700;

    [Fact]
    public async Task An_operator_downloads_the_present_state_from_leader_and_follower()
    {
        await using var group = await ServedGroup.StartAsync(output);
        foreach (var replica in new[] { await group.Replicas.LeaderAsync(), await group.Replicas.FollowerAsync() })
        {
            using var client = await group.ConnectAsync(replica);
            for (var i = 0; i < 20; i++) await client.RegisterAsync();
            await replica.ReadAsync();
            var (index, file) = await DownloadAsync(client);
            var state = SnapshotReader.Read(new MemoryStream(file), Limits.Production);
            Assert.Equal((index, replica.State.Revision, replica.State.Digest), (state.AppliedIndex, state.Revision, state.Digest));
            Assert.Equal(replica.State.AppliedIndex, index);
        }
    }

    [Fact]
    public async Task A_file_stays_while_it_is_read_whatever_is_written_meanwhile()
    {
        await using var group = await ServedGroup.StartAsync(output);
        using var client = await group.ConnectAsync(await group.Replicas.LeaderAsync());
        for (var i = 0; i < 60; i++) await client.RegisterAsync();
        var first = await ReadAsync(client, null, 0);
        var (index, file) = (first.GetProperty("index").GetInt64(), new List<byte>(first.GetProperty("data").GetBytesFromBase64()));
        while (first.GetProperty("more").GetBoolean())
        {
            // Each of them makes one more file, of which two are kept for the replica's own sake.
            await client.RegisterAsync();
            Assert.True((await ReadAsync(client, null, 0)).GetProperty("index").GetInt64() > index);
            first = await ReadAsync(client, index, file.Count);
            Assert.Equal(file.Count, first.GetProperty("offset").GetInt64());
            file.AddRange(first.GetProperty("data").GetBytesFromBase64());
        }

        Assert.True(file.Count > 3 * PieceBytes);
        Assert.Equal(first.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData([.. file])));
        Assert.Equal(index, SnapshotReader.Read(new MemoryStream([.. file]), Limits.Production).AppliedIndex);
    }

    [Fact]
    public async Task What_is_not_there_yet_is_unavailable_and_what_is_gone_or_no_admins_is_refused()
    {
        await using var group = await ServedGroup.StartAsync(output);
        var replica = await group.Replicas.FollowerAsync();
        using var client = await group.ConnectAsync(replica);
        Assert.Equal("unavailable", CodeOf(await ReadAsync(client, null, 0)));
        var node = await client.RegisterAsync();
        await replica.ReadAsync();
        var read = await ReadAsync(client, null, 0);
        Assert.Equal("invalid_argument", CodeOf(await ReadAsync(client, read.GetProperty("index").GetInt64() + 1, 0)));
        var behind = await ReadAsync(client, read.GetProperty("index").GetInt64(), read.GetProperty("size").GetInt64() + 5);
        Assert.Equal(("", false), (behind.GetProperty("data").GetString(), behind.GetProperty("more").GetBoolean()));
        Assert.Equal("admin_required", CodeOf(await client.AskAsync(client.Signed(node, "snapshot_read", ("offset", 0), ("length", 1)))));
        Assert.Equal("admin_required", CodeOf(await client.AskAsync("""{"type":"snapshot_read","offset":0,"length":1}""")));
        Assert.Equal("invalid_argument", CodeOf(await client.AskAsync(Admin("snapshot_read", ("offset", 0), ("length", 1_048_577)))));
    }

    [Fact]
    public async Task The_typed_client_reads_the_same()
    {
        await using var group = await ServedGroup.StartAsync(output);
        var replica = await group.Replicas.FollowerAsync();
        using var wire = await group.ConnectAsync(replica);
        await wire.RegisterAsync();
        await replica.ReadAsync();
        var endPoint = group.ServerOf(replica).EndPoint;
        var options = new MembershipClientOptions
        {
            Cluster = group.Replicas.ClusterId,
            Replicas = [new(endPoint.Address.ToString(), endPoint.Port)],
        };
        await using var client = new MembershipClient(options, ClientIdentity.AdminToken(ServedGroup.AdminToken));
        var piece = (await client.ReadSnapshotAsync(null, 0, 1 << 20)).Require();
        Assert.Equal((replica.State.AppliedIndex, piece.Data.Length, 0L, false), (piece.Index, (int)piece.Size, piece.Offset, piece.HasMore));
        Assert.Equal(piece.Sha256, Convert.ToHexStringLower(SHA256.HashData(piece.Data.Span)));
        var tail = (await client.ReadSnapshotAsync((ulong)piece.Index, 5, 7)).Require();
        Assert.Equal(piece.Data.Slice(5, 7).ToArray(), tail.Data.ToArray());
        Assert.True(tail.HasMore);
    }

    private static async Task<(long Index, byte[] File)> DownloadAsync(WireClient client)
    {
        var piece = await ReadAsync(client, null, 0);
        var index = piece.GetProperty("index").GetInt64();
        var file = new List<byte>();
        while (true)
        {
            Assert.Equal(index, piece.GetProperty("index").GetInt64());
            file.AddRange(piece.GetProperty("data").GetBytesFromBase64());
            if (!piece.GetProperty("more").GetBoolean()) break;
            piece = await ReadAsync(client, index, file.Count);
        }

        Assert.Equal(piece.GetProperty("size").GetInt64(), file.Count);
        Assert.Equal(piece.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData([.. file])));
        return (index, [.. file]);
    }

    private static Task<JsonElement> ReadAsync(WireClient client, long? index, long offset) =>
        client.AskAsync(Admin("snapshot_read", ("index", index), ("offset", offset), ("length", PieceBytes)));

    private static string? CodeOf(JsonElement answer) => answer.TryGetProperty("code", out var code) ? code.GetString() : null;
}
