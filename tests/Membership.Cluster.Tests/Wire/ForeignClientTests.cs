using System.Security.Cryptography;
using System.Text.Json;
using Membership.Cluster.Tests.Canaries;
using Membership.Cluster.Tests.Kills;
using Xunit;

namespace Membership.Cluster.Tests.Wire;

/// <summary>Three processes, and a client in no language of ours at the port of a replica that does not lead.</summary>
public sealed class ForeignClientTests : IDisposable
{
    private const string ClusterId = "foreign-client";
    private const string AdminToken = "an-admin-token";

    private readonly TestFolder _folder = new();
    private readonly string _client = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private int _sequence;

    public void Dispose() => _folder.Dispose();

    [OpenSslFact]
    public async Task It_registers_and_joins_through_a_follower()
    {
        var tokens = _folder["admin-tokens"];
        await File.WriteAllTextAsync(tokens, AdminToken);
        await using var cluster = await ProcessCluster.StartAsync(ClusterId, "--admin-tokens-file", tokens, "--registration", "proof");
        var leader = await WaitForLeaderAsync(cluster);
        using var follower = await ForeignClient.ConnectAsync(cluster.WireOf(cluster.Ids.First(id => id != leader)));
        using var other = await ForeignClient.ConnectAsync(cluster.WireOf(leader));
        var (alice, bob) = (await OpenSslKey.MakeAsync(_folder["alice.pem"]), await OpenSslKey.MakeAsync(_folder["bob.pem"]));

        var aliceId = await RegisterAsync(follower, alice);
        var bobId = await RegisterAsync(follower, bob);
        Assert.NotEqual(aliceId, bobId);
        var created = Succeeded("create_network_ok", await follower.AskAsync(
            $$"""{"type":"create_network","node_id":{{aliceId}},"name":"garden","join_rule":"token","token":"let me in","admin_token":"{{AdminToken}}"}"""));
        var net = created.GetProperty("network_id").GetUInt16();

        var join = await ForeignClient.SignAsync(bob, bobId, Payload("join_network", bobId, $$""" "node_id":{{bobId}},"network_id":{{net}},"token":"let me in" """));
        var joined = Succeeded("join_network_ok", await follower.AskAsync(join));
        Assert.Equal($"{net}:{net:X4}.{bobId >> 16:X4}.{bobId & 0xffff:X4}", joined.GetProperty("address").GetString());

        // The same bytes again, at another replica: the first answer, and nothing happens twice.
        var again = Succeeded("join_network_ok", await other.AskAsync(join));
        Assert.Equal(joined.GetProperty("revision").GetUInt64(), again.GetProperty("revision").GetUInt64());
        var members = Succeeded("list_nodes_ok", await other.AskAsync($$"""{"type":"list_nodes","network_id":{{net}},"admin_token":"{{AdminToken}}"}"""));
        Assert.Equal([aliceId, bobId], members.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("node_id").GetUInt32()));

        // What was signed by another key is nobody's.
        var forged = await ForeignClient.SignAsync(alice, bobId, Payload("leave_network", bobId, $$""" "node_id":{{bobId}},"network_id":{{net}} """));
        Assert.Equal("signature_invalid", (await follower.AskAsync(forged)).GetProperty("code").GetString());
        var leave = await ForeignClient.SignAsync(bob, bobId, Payload("leave_network", bobId, $$""" "node_id":{{bobId}},"network_id":{{net}} """));
        Succeeded("leave_network_ok", await follower.AskAsync(leave));
        Assert.Single((await cluster.WaitForEqualDigestsAsync(TimeSpan.FromSeconds(30))).Distinct());
    }

    private async Task<uint> RegisterAsync(ForeignClient client, OpenSslKey key)
    {
        var request = await ForeignClient.SignAsync(key, 0, Payload("register_node", 0, $""" "public_key":"{key.PublicKey}" """));
        return Succeeded("register_node_ok", await client.AskAsync(request)).GetProperty("node_id").GetUInt32();
    }

    private string Payload(string type, uint signer, string fields) =>
        $$"""{"type":"{{type}}",{{fields}},"signer":{{signer}},"cluster":"{{ClusterId}}","request_id":"{{_client}}{{++_sequence:x16}}","issued_at":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}}""";

    private static JsonElement Succeeded(string type, JsonElement answer)
    {
        Assert.True(answer.GetProperty("type").GetString() == type, answer.ToString());
        return answer;
    }

    private static async Task<string> WaitForLeaderAsync(ProcessCluster cluster)
    {
        string? leader = null;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((leader = await cluster.Client.FindLeaderAsync()) is null) await Task.Delay(50, limit.Token);

        // Clients are served a moment after the replica takes part.
        foreach (var id in cluster.Ids)
        {
            while (!await IsServingAsync(cluster, id)) await Task.Delay(50, limit.Token);
        }

        return leader;
    }

    private static async Task<bool> IsServingAsync(ProcessCluster cluster, string id)
    {
        try
        {
            using var client = await ForeignClient.ConnectAsync(cluster.WireOf(id));
            return (await client.AskAsync("""{"type":"status"}""")).GetProperty("replica").GetString() == id;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
