using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Running;

namespace Membership.Cli.Cluster;

internal sealed class RemoveReplicaVerb : ClientVerb
{
    private readonly Argument<string> _replica = new("REPLICA") { Description = "its id" };

    public RemoveReplicaVerb()
        : base("cluster remove", "Takes a replica out of the cluster for good.") => Take(_replica, CommonOptions.Yes);

    protected override Task RunAsync(Call call, Connection registry)
    {
        var replica = call.Get(_replica);
        call.Confirm($"replica {replica} will have no vote, and its data folder will be of no use");
        return ClusterChange.RunAsync(
            call, registry, new() { { "replica", replica } }, $"removing {replica}", client => client.RemoveReplicaAsync(replica, call.Cancel));
    }
}
