using System.CommandLine;
using Membership.Cli.Files;
using Membership.Cli.Running;
using Membership.Replication;
using Membership.Replication.Offline;

namespace Membership.Cli.NewClusters;

internal sealed class RecoverVerb : OfflineVerb
{
    private readonly Option<bool> _force = new("--force-new-cluster")
    {
        Description = "needed: a majority of the data folders is lost for good, and what only they held is given up",
    };

    private readonly Option<string> _data = NewClusterOptions.Data();
    private readonly Option<string> _cluster = NewClusterOptions.ClusterId();
    private readonly Option<IReadOnlyList<ReplicaAddress>?> _replicas = NewClusterOptions.Replicas(
        "the first replicas of the new cluster, the survivor alone or three with it; default is the survivor alone at its former address", required: false);

    public RecoverVerb()
        : base("recover", "Begins a new cluster with all that the survivor of a lost quorum holds. Offline; the former files stay within the folder.") =>
        Take(_force, _data, _cluster, _replicas, CommonOptions.Yes);

    protected override async Task RunOfflineAsync(Call call)
    {
        if (!call.Get(_force)) throw ToolException.WrongArgument("it begins a new cluster and gives up what only the lost folders held, give --force-new-cluster");
        var folder = call.Get(_data)!;
        await ConfirmAsync(call, folder);
        try
        {
            var recovered = await call.Terminal.WithProgressAsync(
                "recovering", progress => Recovery.RunAsync(folder, call.Get(_cluster)!, call.Get(_replicas), progress, call.Cancel));
            call.Show(RecoveredFields.Of(recovered));
        }
        catch (ArgumentException e)
        {
            throw NewClusterOptions.Wrong(e);
        }
    }

    private async Task ConfirmAsync(Call call, string folder)
    {
        Survivor survivor;
        try
        {
            survivor = await call.Terminal.WithProgressAsync("reading", progress => Task.Run(() => Survivor.Examine(folder, progress)));
        }
        catch (OfflineException e) when (e.Problem == OfflineProblem.FolderUnfinished)
        {
            // It was confirmed when it was begun, and can only be finished.
            return;
        }

        // Done already: what comes only tells it again, or why it may not be done under this id.
        if (survivor.ClusterId == call.Get(_cluster)) return;
        var state = survivor.Replay.State;
        call.Confirm(
            $"replica {survivor.ReplicaId} of cluster {survivor.ClusterId} holds revision {state.Revision} with digest {state.Digest}, entries up to {survivor.Log.LastIndex}, "
            + $"{survivor.UnconfirmedCount} of them not known to be committed: all of it becomes cluster {call.Get(_cluster)}, and the old one must never run again");
    }
}
