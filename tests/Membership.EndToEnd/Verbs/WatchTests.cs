using System.Diagnostics;
using Membership.Cli.Running;
using Membership.Client;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class WatchTests(RunningCluster cluster)
{
    [Fact]
    [Verb("watch")]
    public async Task Watch_from_a_revision_until_so_many()
    {
        // Older events may be gone: replicas that were brought up by a snapshot hold none of before it.
        var before = Assert.IsType<Done<ListPage<NetworkInfo>>>(await cluster.Client.ListNetworksAsync()).Revision;
        var (network, owner) = await cluster.CreateAsync();
        var member = await cluster.JoinAsync(network);
        var lines = (await cluster.RunAsync($"watch --from-revision {before + 1} --network {network} --count 2 -o json")).Lines();
        Assert.Equal(["network.created", "network.joined"], lines.Select(line => line.GetProperty("action").GetString()!));
        Assert.Equal(owner.Id.Value, lines[0].GetProperty("attributes").GetProperty("creator_node_id").GetUInt32());
        var from = lines[0].GetProperty("next_revision").GetUInt64();
        var run = (await cluster.RunAsync(member, $"watch --from-revision {from} --about {member.Id} --action network.joined --count 1")).Succeeded();
        var row = Assert.Single(run.Rows());
        Assert.StartsWith("admin:", row[3], StringComparison.Ordinal);
        Assert.Equal("network.joined", row[4]);
    }

    [Fact]
    public async Task A_watch_follows_what_happens_and_ends_by_an_interrupt()
    {
        if (OperatingSystem.IsWindows()) return;
        var (network, _) = await cluster.CreateAsync();
        using var process = Tool.Start(
            new Dictionary<string, string>(),
            "watch", "--network", $"{network}", "-o", "json", "--endpoints", cluster.EndPoints, "--token-file", cluster.TokenFile);

        // What it hears first tells that it listens; until then there is more for it to hear.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var heard = process.StandardOutput.ReadLineAsync(limit.Token).AsTask();
        while (!heard.IsCompleted)
        {
            (await cluster.Client.RenameNetworkAsync(network, RunningCluster.NewName())).Require();
            await Task.WhenAny(heard, Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token));
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Contains("network.renamed", await heard, StringComparison.Ordinal);
        Process.Start("kill", ["-INT", $"{process.Id}"]).Dispose();
        (await Tool.EndAsync(process, "watch")).Succeeded();
    }

    [Fact]
    public async Task A_watch_of_a_network_that_a_node_may_not_see_is_refused()
    {
        var (network, _) = await cluster.CreateAsync(JoinRule.Invite);
        var stranger = await cluster.RegisterAsync();
        (await cluster.RunAsync(stranger, $"watch --network {network} --from-revision 0")).Failed(ExitCode.Refused, "network_not_found");
    }
}
