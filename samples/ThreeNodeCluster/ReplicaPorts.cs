using System.Net;
using System.Net.Sockets;

namespace ThreeNodeCluster;

/// <summary>The ports of a replica on loopback.</summary>
/// <param name="Raft">For Raft.</param>
/// <param name="Peer">For the peer channel.</param>
/// <param name="Wire">For clients.</param>
internal sealed record ReplicaPorts(IPEndPoint Raft, IPEndPoint Peer, IPEndPoint Wire)
{
    /// <summary>Ports that nothing listens on at this moment.</summary>
    public static IReadOnlyList<ReplicaPorts> Free(int replicas)
    {
        var listeners = Enumerable.Range(0, replicas * 3).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var endPoints = listeners.ConvertAll(listener => (IPEndPoint)listener.LocalEndpoint);
        listeners.ForEach(listener => listener.Stop());
        return [.. endPoints.Chunk(3).Select(three => new ReplicaPorts(three[0], three[1], three[2]))];
    }

    /// <summary>The list as the program takes it: <c>ID=RAFT/PEER,…</c>.</summary>
    public static string List(IEnumerable<KeyValuePair<string, ReplicaPorts>> replicas) =>
        string.Join(',', replicas.Select(replica => $"{replica.Key}={replica.Value.Raft}/{replica.Value.Peer}"));
}
