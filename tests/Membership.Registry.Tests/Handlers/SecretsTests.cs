using System.Text;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

public sealed class SecretsTests
{
    private static readonly string[] Tokens =
        [AdminToken, "join-token-4711", "next-join-token-4712", "network-token-4713", "next-network-token-4714", "wrong-token-4715"];

    [Difference("admin token, join tokens stored in clear")]
    [Fact]
    public async Task No_token_is_in_a_file_a_log_line_an_audit_record_or_an_answer()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client(new() { LegacySignatures = true });
        var answers = new StringBuilder();
        var (owner, node) = (await client.RegisterAsync(), await client.RegisterAsync());
        var net = await client.CreateAsync(owner, ("join_rule", "token"), ("token", Tokens[1]), ("network_admin_token", Tokens[3]));
        (string, object?)[] join = [("node_id", node.Id), ("network_id", net)];
        await SayAsync(Sign(node, client.Payload(node, "join_network", [.. join, ("token", Tokens[5])])));
        await SayAsync(Fields("join_network", [.. join, ("token", Tokens[5]), ("signature", Tokens[5]), ("admin_token", Tokens[5])]).ToJsonString());
        await SayAsync(Sign(node, client.Payload(node, "join_network", [.. join, ("token", Tokens[1])])));
        await SayAsync(Sign(owner, client.Payload(owner, "set_join_rule", ("network_id", net), ("join_rule", "token"), ("token", Tokens[2]))));
        await SayAsync(Sign(owner, client.Payload(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", Tokens[4]))));
        await SayAsync(Fields("set_network_policy", ("network_id", net), ("description", "d"), ("admin_token", Tokens[4])).ToJsonString());
        await SayAsync(Fields("set_network_policy", ("network_id", net), ("description", "d"), ("admin_token", Tokens[5])).ToJsonString());
        await SayAsync(Fields("set_network_policy", ("network_id", Tokens[5]), ("token", Tokens[5]), ("admin_token", Tokens[5])).ToJsonString());
        await SayAsync(Fields(Tokens[5], ("admin_token", Tokens[5])).ToJsonString());
        await SayAsync(Fields("list_networks", ("admin_token", AdminToken)).ToJsonString());
        await SayAsync(Fields("get_network", ("network_id", net), ("admin_token", AdminToken)).ToJsonString());
        await SayAsync(Fields("get_audit", ("admin_token", AdminToken)).ToJsonString());
        using var snapshot = new MemoryStream();
        Snapshots.SnapshotWriter.Write(host.Replica.State, snapshot);
        await host.Replica.StopAsync();

        Assert.Contains("network.join_rule_changed", answers.ToString(), StringComparison.Ordinal);
        Assert.Contains("Refused the credential", host.Log.Text, StringComparison.Ordinal);
        foreach (var token in Tokens)
        {
            Assert.DoesNotContain(token, answers.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(token, host.Log.Text, StringComparison.Ordinal);
            Assert.Equal(-1, snapshot.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(token)));
        }

        var files = Directory.GetFiles(host.Folder, "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 0);
        var logBytes = 0L;
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file);
            logBytes += bytes.AsSpan().IndexOf("net-"u8) >= 0 ? bytes.Length : 0;
            foreach (var token in Tokens) Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(token)) < 0, $"{file} holds {token}");
        }

        Assert.True(logBytes > 0, "No file holds the network's name: the log was not looked at.");

        async Task SayAsync(string request)
        {
            var answer = await client.Handlers.HandleAsync(Encoding.UTF8.GetBytes(request), RequestSource.InProcess);
            answers.AppendLine(Encoding.UTF8.GetString(answer.Content.Span));
        }
    }
}
