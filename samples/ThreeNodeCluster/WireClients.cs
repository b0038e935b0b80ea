using Membership.Client;
using Membership.Protocol.Answers;

namespace ThreeNodeCluster;

/// <summary>Clients of the wire: some that know all replicas, and for each replica one that asks only it.</summary>
internal sealed class WireClients(string clusterId, IReadOnlyDictionary<string, ReplicaPorts> ports) : IAsyncDisposable
{
    // As many as the story has requests: at its end it repeats them all.
    private const int OutcomesKept = 500;

    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<string, MembershipClient> _single = new(
        ports.ToDictionary(replica => replica.Key, replica => new MembershipClient(
            Options(clusterId, [replica.Value]) with { RequestLimit = StatusLimit }, ClientIdentity.Anonymous)),
        StringComparer.Ordinal);

    /// <summary>A client of all replicas, with a session of its own.</summary>
    public MembershipClient Make(ClientIdentity identity, int connectionsPerReplica = 1) =>
        new(Options(clusterId, ports.Values) with { ConnectionsPerReplica = connectionsPerReplica }, identity);

    /// <summary>What a replica says of itself; null when it does not answer.</summary>
    public async Task<StatusAnswer?> StatusOfAsync(string id) =>
        await _single[id].GetStatusAsync() is Done<StatusAnswer> { Answer: var status } ? status : null;

    /// <summary>The replica that says it leads.</summary>
    public async Task<string?> FindLeaderAsync()
    {
        var statuses = await Task.WhenAll(_single.Keys.Select(StatusOfAsync));
        return statuses.FirstOrDefault(status => status is not null && status.Leader == status.Replica)?.Replica;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _single.Values) await client.DisposeAsync();
    }

    private static MembershipClientOptions Options(string clusterId, IEnumerable<ReplicaPorts> replicas) => new()
    {
        Cluster = clusterId,
        Replicas = [.. replicas.Select(replica => new ReplicaEndPoint($"{replica.Wire.Address}", replica.Wire.Port))],
        OutcomesKept = OutcomesKept,
    };
}
