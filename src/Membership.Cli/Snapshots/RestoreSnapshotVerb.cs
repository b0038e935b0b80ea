using System.CommandLine;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.NewClusters;
using Membership.Cli.Running;
using Membership.Protocol.Tokens;
using Membership.Replication;
using Membership.Replication.Offline;

namespace Membership.Cli.Snapshots;

internal sealed class RestoreSnapshotVerb : OfflineVerb
{
    private readonly Argument<string> _file = FolderArguments.Backup();
    private readonly Option<string> _data = NewClusterOptions.Data();
    private readonly Option<string> _cluster = NewClusterOptions.ClusterId();
    private readonly Option<string> _replica = new("--replica-id") { Description = "whose folder it becomes", HelpName = "ID", Required = true };
    private readonly Option<IReadOnlyList<ReplicaAddress>?> _replicas =
        NewClusterOptions.Replicas("the first replicas of the new cluster, one or three: the same list for each of them", required: true);

    private readonly Option<string> _secret = new("--secret-file")
    {
        Description = "the secret of the cluster that the backup is of: without it no token of a network is valid any more",
        HelpName = "FILE",
    };

    public RestoreSnapshotVerb()
        : base("snapshot restore", "Makes an empty folder that of a first replica of a new cluster with the state of a backup. Offline; once for each of them.") =>
        Take(_file, _data, _cluster, _replica, _replicas, _secret, CommonOptions.Yes);

    protected override async Task RunOfflineAsync(Call call)
    {
        var cluster = new NewCluster(call.Get(_cluster)!, call.Get(_replica)!, call.Get(_replicas)!, ReadSecretId(call));
        var backup = await call.Terminal.WithProgressAsync("reading", _ => Task.Run(() => Backup.Read(call.Get(_file))));
        if (backup.Header.ClusterId == cluster.ClusterId)
            call.Confirm($"the backup is of cluster {cluster.ClusterId} itself, which is right only for the other first replicas of a recovered cluster, before they ever ran");
        try
        {
            call.Show(FoundedFields.Of(await call.Terminal.WithProgressAsync("restoring", _ => Restore.IntoAsync(backup, call.Get(_data)!, cluster, call.Cancel))));
        }
        catch (ArgumentException e)
        {
            throw NewClusterOptions.Wrong(e);
        }
    }

    private string? ReadSecretId(Call call)
    {
        if (call.Get(_secret) is not { } file) return null;
        using var secret = ClusterSecret.Load(file);
        return secret.Id;
    }
}
