using System.Security.Cryptography;
using System.Text.Json;
using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class AuditTests(RunningCluster cluster)
{
    [Fact]
    [Verb("audit")]
    public async Task Query_and_export()
    {
        var (network, owner) = await cluster.CreateAsync();
        var member = await cluster.JoinAsync(network);
        var renamed = (await cluster.RunAsync(owner, $"network rename {network} {RunningCluster.NewName()} -o json")).Document();

        var table = (await cluster.RunAsync($"audit --network {network}")).Succeeded().Rows();
        Assert.Equal(["number", "revision", "time", "actor", "actor_role", "action", "attributes"], table[0]);
        Assert.Equal(3, table.Count - 1);
        Assert.Equal(["network.joined"], Actions(await cluster.RunAsync($"audit --network {network} --about {member.Id} -o json")));
        Assert.Equal(["network.created"], Actions(await cluster.RunAsync($"audit --network {network} --action network.created -o json")));
        Assert.Equal(["network.renamed"], Actions(await cluster.RunAsync($"audit --network {network} --actor node:{owner.Id} -o json")));
        Assert.Equal(["network.renamed"], Actions(await cluster.RunAsync($"audit --request {renamed.GetProperty("request_id").GetString()} -o json")));
        Assert.Equal(["network.renamed"], Actions(await cluster.RunAsync($"audit --network {network} --from-revision {renamed.GetProperty("revision")} -o json")));
        Assert.Empty(Actions(await cluster.RunAsync($"audit --network {network} --until 2020-01-01 -o json")));
        Assert.Equal(3, Actions(await cluster.RunAsync($"audit --network {network} --since 1h --until 2999-12-31T00:00:00Z -o json")).Count);
    }

    [Fact]
    public async Task An_export_holds_the_whole_chain()
    {
        await cluster.CreateAsync();
        var file = cluster.NewPath();
        var exported = (await cluster.RunAsync($"audit --to {file} -o json")).Document();
        var records = (await File.ReadAllLinesAsync(file)).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(records.Count, exported.GetProperty("records").GetInt32());
        Assert.Equal(Enumerable.Range(1, records.Count), records.Select(record => record.GetProperty("number").GetInt32()));
        Assert.Equal("", records[0].GetProperty("previous_hash").GetString());
        Assert.All(
            records.Zip(records.Skip(1)),
            pair => Assert.Equal(pair.First.GetProperty("hash").GetString(), pair.Second.GetProperty("previous_hash").GetString()));
        Assert.Equal(records[^1].GetProperty("hash").GetString(), exported.GetProperty("last_hash").GetString());
        Assert.Equal(2 * SHA256.HashSizeInBytes, exported.GetProperty("last_hash").GetString()!.Length);

        (await cluster.RunAsync($"audit --to {file}")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        Assert.NotEqual("0", (await cluster.RunAsync($"audit --to {file} --yes")).Value("records"));
    }

    private static List<string> Actions(ToolRun run) => [.. run.Lines().Select(line => line.GetProperty("action").GetString()!)];
}
