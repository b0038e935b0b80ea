using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Cluster;

internal sealed class AddReplicaVerb : ClientVerb
{
    private readonly Argument<string> _replica = new("REPLICA") { Description = "its id, 1 to 64 of a-z 0-9 -" };
    private readonly Argument<string> _raft = new("RAFT") { Description = "where it listens for Raft, host:port" };
    private readonly Argument<string> _peer = new("PEER") { Description = "where it listens for the peer channel, host:port" };

    public AddReplicaVerb()
        : base("cluster add", "Gives a running, empty replica a vote. Takes as long as it needs to catch up, at most 150 s.") => Take(_replica, _raft, _peer);

    protected override Task RunAsync(Call call, Connection registry)
    {
        var replica = call.Get(_replica);
        return ClusterChange.RunAsync(
            call, registry, new() { { "replica", replica } }, $"adding {replica}", client => client.AddReplicaAsync(replica, call.Get(_raft), call.Get(_peer), call.Cancel));
    }
}
