using System.Net;
using Membership.Replication;

namespace Membership.Benchmarks.Replicas;

/// <summary>How one replica of a benchmark runs.</summary>
/// <param name="Index">Its place in the group, from 0.</param>
/// <param name="Ports">Three ports a replica: Raft, peers, clients.</param>
/// <param name="Folder">Its data.</param>
/// <param name="Bootstrap">Whether it founds the cluster.</param>
/// <param name="SnapshotBytes">A snapshot after so many bytes of log.</param>
/// <param name="CanBeCut">Whether its links can be cut, which puts one more layer on them.</param>
internal sealed record ReplicaPlan(int Index, int[] Ports, string Folder, bool Bootstrap, long SnapshotBytes, bool CanBeCut = false)
{
    public const string ClusterId = "bench";
    public const string AdminToken = "bench-admin";
    public const int PortsPerReplica = 3;

    public static string IdOf(int index) => $"r{index}";

    public int WirePort => Ports[PortsPerReplica * Index + 2];

    public MembershipReplicaOptions ToOptions()
    {
        var options = new MembershipReplicaOptions
        {
            ClusterId = ClusterId,
            ReplicaId = IdOf(Index),
            DataFolder = Folder,
            Bootstrap = Bootstrap,
            SnapshotBytes = SnapshotBytes,
        };
        for (var i = 0; i < Ports.Length / PortsPerReplica; i++)
            options.Replicas.Add(new(IdOf(i), Loopback(Ports[PortsPerReplica * i]), Loopback(Ports[PortsPerReplica * i + 1])));
        return options;
    }

    public static IPEndPoint Loopback(int port) => new(IPAddress.Loopback, port);
}
