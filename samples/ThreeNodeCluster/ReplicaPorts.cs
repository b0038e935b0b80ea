using System.Net;
using System.Net.Sockets;

namespace ThreeNodeCluster;

/// <summary>The two ports of a replica on loopback.</summary>
/// <param name="Raft">For Raft.</param>
/// <param name="Peer">For the peer channel.</param>
internal sealed record ReplicaPorts(IPEndPoint Raft, IPEndPoint Peer)
{
    /// <summary>Ports that nothing listens on at this moment.</summary>
    public static IReadOnlyList<ReplicaPorts> Free(int replicas)
    {
        var listeners = Enumerable.Range(0, replicas * 2).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var endPoints = listeners.ConvertAll(listener => (IPEndPoint)listener.LocalEndpoint);
        listeners.ForEach(listener => listener.Stop());
        return [.. endPoints.Chunk(2).Select(pair => new ReplicaPorts(pair[0], pair[1]))];
    }

    /// <summary>The list as the program takes it: <c>ID=RAFT/PEER,…</c>.</summary>
    public static string List(IEnumerable<KeyValuePair<string, ReplicaPorts>> replicas) =>
        string.Join(',', replicas.Select(replica => $"{replica.Key}={replica.Value.Raft}/{replica.Value.Peer}"));
}
