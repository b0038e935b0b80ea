using System.Security.Cryptography;
using Membership.Client;
using Membership.Cluster.Tests.Canaries;
using Membership.Cluster.Tests.Kills;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Watching;

/// <summary>A client watches three processes whose leader is killed, again and again.</summary>
public sealed class WatchKillTests(ITestOutputHelper output) : IDisposable
{
    private const string ClusterId = "watch-kills";
    private const string AdminToken = "an-admin-token";
    private const int Kills = 3;
    private const int ChangesBetweenKills = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_event_is_heard_once_and_in_order_whoever_leads()
    {
        var tokens = _folder["admin-tokens"];
        await File.WriteAllTextAsync(tokens, AdminToken);
        await using var cluster = await ProcessCluster.StartAsync(ClusterId, "--admin-tokens-file", tokens);
        var options = new MembershipClientOptions
        {
            Cluster = ClusterId,
            Replicas = [.. cluster.Ids.Select(id => new ReplicaEndPoint("127.0.0.1", cluster.WireOf(id).Port))],
            RequestLimit = TimeSpan.FromMinutes(1),
        };
        await using var client = new MembershipClient(options, ClientIdentity.AdminToken(AdminToken));
        using var limit = new CancellationTokenSource(Limit);
        var heard = new List<WatchedEvent>();
        var last = new TaskCompletionSource<ulong>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watching = Task.Run(async () =>
        {
            await foreach (var item in client.WatchAsync(1, cancel: limit.Token))
            {
                heard.Add(Assert.IsType<WatchedEvent>(item));
                if (last.Task.IsCompleted && item.NextRevision > await last.Task) return;
            }
        });
        for (var kill = 0; kill <= Kills; kill++)
        {
            for (var i = 0; i < ChangesBetweenKills; i++) await ChangeAsync(client, limit.Token);
            if (kill == Kills) break;
            var leader = await LeaderAsync(cluster, limit.Token);
            await cluster.KillAsync(leader);
            for (var i = 0; i < ChangesBetweenKills; i++) await ChangeAsync(client, limit.Token);
            cluster.Restart(leader);
            output.WriteLine($"killed {leader}, {heard.Count} events heard");
        }

        var expected = new List<(ulong, string)>();
        await foreach (var record in client.EnumerateAuditAsync(cancel: limit.Token)) expected.Add((record.Revision, record.Action));

        // The watch may wait for what is behind the last event: one more ends it.
        last.SetResult(expected[^1].Item1);
        await ChangeAsync(client, limit.Token);
        await watching.WaitAsync(limit.Token);
        Assert.True(expected.Count >= (2 * Kills + 1) * ChangesBetweenKills);
        Assert.Equal(expected, heard.Select(happened => (happened.Revision, happened.Action)).Take(expected.Count));
        output.WriteLine($"{heard.Count} events heard, {client.RetryCount} requests sent again");
    }

    private static async Task ChangeAsync(MembershipClient client, CancellationToken cancel)
    {
        using var key = Protocol.Signing.NodeKey.FromSeed(RandomNumberGenerator.GetBytes(Protocol.Signing.NodeKey.SeedBytes));
        (await client.RegisterNodeAsync(key.PublicKey, cancel: cancel)).Require();
    }

    private static async Task<string> LeaderAsync(ProcessCluster cluster, CancellationToken cancel)
    {
        while (true)
        {
            if (await cluster.Client.FindLeaderAsync() is { } leader) return leader;
            await Task.Delay(50, cancel);
        }
    }
}
