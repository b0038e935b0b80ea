using Membership.Cli.Running;
using Membership.Client;
using Membership.EndToEnd.Running;
using Membership.Replication.Offline;
using Xunit;

namespace Membership.EndToEnd.Files;

/// <summary>A backup of a running cluster becomes another one.</summary>
[Collection(RunningCluster.Name)]
public sealed class BackupTests(RunningCluster cluster)
{
    [Fact]
    [Verb("snapshot restore")]
    public async Task Restore_into_a_new_cluster()
    {
        var (network, _) = await cluster.CreateAsync(JoinRule.Token, "sesame");
        var node = await cluster.RegisterAsync();
        var file = cluster.NewPath();
        var saved = (await cluster.RunAsync($"snapshot save {file} -o json")).Document();
        await using var replicas = new OwnReplicas("a", "b", "c");
        File.Copy(Path.Combine(cluster.Folder, "secret"), replicas.SecretFile, overwrite: true);
        var first = (await RestoreAsync("a", "new")).Succeeded();
        Assert.Equal($"{saved.GetProperty("revision")}", first.Value("revision"));
        var second = (await RestoreAsync("b", "new", "-o", "json")).Document();
        Assert.Equal(first.Value("digest"), second.GetProperty("digest").GetString());
        (await RestoreAsync("b", "new")).Failed(ExitCode.FileFailed, "folder_not_empty");
        (await RestoreAsync("c", RunningCluster.ClusterId)).Failed(ExitCode.NotConfirmed, "not_confirmed");
        (await RestoreAsync("c", "NOT AN ID")).Failed(ExitCode.WrongArgument, "wrong_argument");
        (await RestoreAsync("d", "new")).Failed(ExitCode.WrongArgument, "wrong_argument");
        (await RestoreAsync("c", "new")).Succeeded();

        replicas.StartAll("new");
        var digests = (await replicas.AgreeAsync(3)).Select(replica => replica.GetProperty("digest").GetString());
        Assert.Equal(first.Value("digest"), Assert.Single(digests.Distinct()));

        // The secret came along, so tokens that were given out go on being good; and the chain of the audit goes on.
        await using var client = replicas.Connect("new");
        (await client.JoinNetworkAsync(node.Id, network, "sesame")).Require();
        var export = cluster.NewPath();
        (await replicas.RunAsync("audit", "--to", export)).Succeeded();
        (await Tool.RunAsync("audit", "verify", export, "--backup", file)).Succeeded();
        Assert.Equal(Backup.Read(file).State.NodeCount, int.Parse(first.Value("nodes"), null));

        Task<ToolRun> RestoreAsync(string id, string into, params string[] more) => Tool.RunAsync(
        [
            "snapshot", "restore", file, "--data", replicas.DataOf(id), "--cluster-id", into, "--replica-id", id, "--replicas", replicas.ListOf(replicas.Ids),
            "--secret-file", replicas.SecretFile, .. more,
        ]);
    }
}
