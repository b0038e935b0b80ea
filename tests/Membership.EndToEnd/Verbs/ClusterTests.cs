using System.Globalization;
using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class ClusterTests(RunningCluster cluster)
{
    [Fact]
    [Verb("status")]
    public async Task Status()
    {
        var table = (await Tool.RunAsync("status", "--endpoints", cluster.EndPoints)).Succeeded().Rows();
        Assert.Equal(["endpoint", "replica", "leader", "term", "commit", "applied", "revision", "lag_ms", "problem"], table[0]);
        Assert.Equal(["a", "b", "c"], table.Skip(1).Select(row => row[1]));
        var document = (await Tool.RunAsync("status", "--endpoints", $"{cluster.EndPoints},127.0.0.1:1", "--timeout", "3s", "-o", "json")).Document();
        var replicas = document.GetProperty("replicas").EnumerateArray().ToList();
        Assert.Equal(4, replicas.Count);
        Assert.Equal(RunningCluster.ClusterId, replicas[0].GetProperty("cluster").GetString());
        Assert.Equal("unavailable", replicas[3].GetProperty("problem").GetString());
    }

    [Fact]
    [Verb("peers")]
    public async Task Peers()
    {
        var table = (await cluster.RunAsync("peers")).Succeeded().Rows();
        Assert.Equal(["replica", "role", "raft_address", "peer_address"], table[0][..4]);
        Assert.Contains(table, row => row[0] == "b" && row[2] == $"{cluster.PortsOf("b").Raft}");
        var replicas = (await cluster.RunAsync("peers -o json")).Document().GetProperty("replicas").EnumerateArray().ToList();
        Assert.Contains(replicas, replica => replica.GetProperty("role").GetString() == "leader");
        (await Tool.RunAsync("peers", "--endpoints", cluster.EndPoints)).Failed(ExitCode.Refused, "admin_required");
    }

    [Fact]
    [Verb("health")]
    public async Task Health()
    {
        await EventuallyHealthyAsync();
        var document = (await cluster.RunAsync("health -o json")).Document();
        Assert.True(document.GetProperty("healthy").GetBoolean());
        var names = document.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("check").GetString()!).ToHashSet();
        Assert.Superset(new HashSet<string> { "answers", "one_cluster", "knows_leader", "one_leader", "takes_part", "is_well", "same_digest" }, names);
        Assert.Contains((await cluster.RunAsync("health")).Succeeded().Rows(), row => row is ["takes_part", "c", "yes", "-"]);

        var bad = await Tool.RunAsync("health", "--endpoints", $"{cluster.EndPoints},127.0.0.1:1", "--timeout", "3s", "-o", "json");
        bad.Failed(ExitCode.Unhealthy, "unhealthy");
        Assert.Contains("\"healthy\": false", bad.Output, StringComparison.Ordinal);
        (await Tool.RunAsync("health", "--endpoints", "127.0.0.1:1", "--timeout", "1s")).Failed(ExitCode.Unavailable, "unavailable");
    }

    [Fact]
    [Verb("cluster transfer-leader")]
    public async Task Transfer_leader()
    {
        var heir = (await LeaderAsync()) == "a" ? "b" : "a";
        var moved = await cluster.RunAsync($"cluster transfer-leader {heir}");
        Assert.Equal(heir, moved.Value("replica"));
        Assert.Equal(heir, await LeaderAsync());
        var document = (await cluster.RunAsync("cluster transfer-leader -o json")).Document();
        Assert.True(document.GetProperty("revision").GetUInt64() >= ulong.Parse(moved.Value("revision"), CultureInfo.InvariantCulture));
        Assert.NotEqual(heir, await LeaderAsync());
        (await cluster.RunAsync("cluster transfer-leader nobody")).Failed(ExitCode.Refused, "replica_not_found");
    }

    [Fact]
    [Verb("cluster add")]
    [Verb("cluster remove")]
    public async Task Remove_and_add()
    {
        (await cluster.RunAsync("cluster remove c")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        Assert.Equal("c", (await cluster.RunAsync("cluster remove c --yes")).Value("replica"));
        await cluster.ReplaceAsync("c");
        Assert.Equal("c", (await AddAsync("c")).Value("replica"));
        Assert.Equal("b", (await cluster.RunAsync("cluster remove b --yes -o json")).Document().GetProperty("replica").GetString());
        await cluster.ReplaceAsync("b");
        Assert.Equal("b", (await AddAsync("b", "-o", "json")).Document().GetProperty("replica").GetString());
        await EventuallyHealthyAsync();
        (await cluster.RunAsync("cluster add d nonsense 127.0.0.1:1")).Failed(ExitCode.Refused, "invalid_argument");
    }

    // A replica that was just started is not ready yet, and says so.
    private async Task<ToolRun> AddAsync(string id, params string[] more)
    {
        var ports = cluster.PortsOf(id);
        return await Wait.ForAsync(
            () => cluster.RunAsync($"cluster add {id} {ports.Raft} {ports.Peer}", more),
            run => run.ExitCode == ExitCode.Ok,
            $"replica {id} to be added");
    }

    private async Task<string?> LeaderAsync()
    {
        var leaders = await Wait.ForAsync(
            async () => (await Tool.RunAsync("status", "--endpoints", cluster.EndPoints, "-o", "json")).Document()
                .GetProperty("replicas").EnumerateArray().Select(replica => replica.GetProperty("leader").GetString()).Distinct().ToList(),
            leaders => leaders is [not null],
            "one leader");
        return leaders[0];
    }

    private async Task EventuallyHealthyAsync() =>
        await Wait.ForAsync(() => cluster.RunAsync("health"), run => run.ExitCode == ExitCode.Ok, "a healthy cluster");
}
