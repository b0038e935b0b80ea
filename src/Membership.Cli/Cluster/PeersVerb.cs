using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Protocol.Answers;

namespace Membership.Cli.Cluster;

internal sealed class PeersVerb() : ClientVerb("peers", "Lists the replicas as the cluster knows them. For admins of the registry.")
{
    private static readonly string[] Columns =
        ["replica", "role", "raft_address", "peer_address", "term", "commit", "applied", "lag", "snapshot", "revision", "health"];

    protected override async Task RunAsync(Call call, Connection registry)
    {
        var done = await registry.Client.GetClusterStatusAsync(call.Cancel).DoneAsync();
        call.Show(new Listing("replicas", Columns, [.. done.Answer.Select(ToFields)]) { About = new() { { "revision", done.Revision } } });
    }

    private static Fields ToFields(ReplicaAnswer replica) => new()
    {
        { "replica", replica.Replica },
        { "role", replica.Role },
        { "raft_address", replica.RaftAddress },
        { "peer_address", replica.PeerAddress },
        { "term", replica.Progress?.Term },
        { "commit", replica.Progress?.CommitIndex },
        { "applied", replica.Progress?.AppliedIndex },
        { "lag", replica.Progress?.Lag },
        { "revision", replica.Progress?.Revision },
        { "digest", replica.Progress?.Digest },
        { "snapshot", replica.Progress?.SnapshotIndex },
        { "version", replica.Progress?.Version },
        { "health", replica.Health },
    };
}
