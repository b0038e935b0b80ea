using Membership.Benchmarks.Load;
using Membership.Queries;
using Membership.Replication;

namespace Membership.Benchmarks.Replicas;

/// <summary>Carries operations out by calls of a replica in this process.</summary>
internal sealed class ReplicaTarget(MembershipReplica replica) : IMembershipTarget
{
    public ValueTask<string?> JoinAsync(NodeId node, NetworkId network) => ProposeAsync(new JoinNetwork(node, network));

    public ValueTask<string?> LeaveAsync(NodeId node, NetworkId network) => ProposeAsync(new LeaveNetwork(node, network));

    public ValueTask<string?> SetTagsAsync(NodeId node, NetworkId network, string tag) =>
        ProposeAsync(new SetMemberTags(network, node, [tag]));

    public async ValueTask<string?> ReadTagsAsync(NodeId node, NetworkId network, bool isStale)
    {
        var state = isStale ? replica.State : await replica.ReadAsync();
        var tags = new Viewer(state, Actor.Admin()).GetMemberTags(network, node);
        return tags.Code == Code.Ok ? null : tags.Code.ToText();
    }

    public async ValueTask<string?> ProposeAsync(Mutation mutation)
    {
        var outcome = await replica.ProposeAsync(mutation, Actor.Admin());
        return outcome.IsOk ? null : $"{mutation.Kind}: {outcome.Code.ToText()}";
    }
}
