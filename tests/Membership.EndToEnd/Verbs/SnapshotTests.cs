using System.Security.Cryptography;
using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Membership.Queries;
using Membership.Snapshots;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class SnapshotTests(RunningCluster cluster)
{
    [Fact]
    [Verb("snapshot save")]
    public async Task Save()
    {
        var (network, _) = await cluster.CreateAsync();
        var file = cluster.NewPath();
        var saved = await cluster.RunAsync($"snapshot save {file}");
        var bytes = await File.ReadAllBytesAsync(file);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), saved.Value("sha256"));
        var state = SnapshotReader.Read(new MemoryStream(bytes));
        Assert.Equal((RunningCluster.ClusterId, saved.Value("digest")), (state.ClusterId, $"{state.Digest}"));
        Assert.Contains(new Viewer(state, requester: Actor.Admin()).ListNetworks().Items, item => item.Id == network);

        (await cluster.RunAsync($"snapshot save {file}")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        var document = (await cluster.RunAsync($"snapshot save {file} --yes -o json")).Document();
        Assert.Equal(new FileInfo(file).Length, document.GetProperty("size").GetInt64());
        Assert.Empty(Directory.GetFiles(cluster.Folder, "*.tmp"));
    }

    [Fact]
    public async Task A_backup_is_taken_from_whichever_replica_serves()
    {
        var saved = await Tool.RunAsync(
            "snapshot", "save", cluster.NewPath(), "--token-file", cluster.TokenFile, "--endpoints", $"127.0.0.1:1,{cluster.EndPoints}", "--timeout", "5s");
        Assert.Equal($"{cluster.PortsOf("a").Wire}", saved.Value("endpoint"));
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_leaves_nothing_behind()
    {
        (await cluster.RunAsync($"snapshot save {Path.Combine(cluster.Folder, "nowhere", "file")}")).Failed(ExitCode.FileFailed, "file_failed");
        var path = cluster.NewPath();
        (await Tool.RunAsync("snapshot", "save", path, "--endpoints", cluster.EndPoints)).Failed(ExitCode.Refused, "admin_required");
        Assert.Empty(Directory.GetFiles(cluster.Folder, Path.GetFileName(path) + "*"));
    }
}
