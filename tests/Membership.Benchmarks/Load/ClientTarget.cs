using Membership.Client;
using Membership.Protocol.Requests;

namespace Membership.Benchmarks.Load;

/// <summary>Carries operations out through the wire, by this project's client with an admin token.</summary>
internal sealed class ClientTarget(MembershipClient client) : IMembershipTarget
{
    private static readonly QueryOptions Stale = new() { Consistency = Consistency.Stale };

    public async ValueTask<string?> JoinAsync(NodeId node, NetworkId network) => Judge(await client.JoinNetworkAsync(node, network));

    public async ValueTask<string?> LeaveAsync(NodeId node, NetworkId network) => Judge(await client.LeaveNetworkAsync(node, network));

    public async ValueTask<string?> SetTagsAsync(NodeId node, NetworkId network, string tag) =>
        Judge(await client.SetMemberTagsAsync(network, node, [tag]));

    public async ValueTask<string?> ReadTagsAsync(NodeId node, NetworkId network, bool isStale) =>
        Judge(await client.GetMemberTagsAsync(network, node, isStale ? Stale : null));

    private static string? Judge<T>(ClientOutcome<T> outcome) => outcome is Done<T> ? null : outcome.ToString();
}
